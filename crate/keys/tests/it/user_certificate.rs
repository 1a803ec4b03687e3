//! Certificates that ssh-keygen signs, told as `ssh-keygen -L` tells them.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use transom_keys::{CertificateError, PublicKey, UserCertificate};
use transom_testkit::{make_key, ssh_keygen};

/// Signs the public half of a new key; returns its line, the certificate, and what ssh-keygen says of it.
fn signed(folder: &Path, kind: &[&str], options: &[&str]) -> Result<(String, String, String)> {
    let name = format!("key{}", kind.concat());
    let key = make_key(folder, &name, kind, "")?;
    let made = Command::new("ssh-keygen")
        .args(["-q", "-s"])
        .arg(folder.join("ca"))
        .args(options)
        .arg(key.path.with_extension("pub"))
        .output()?;
    ensure!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let path = folder.join(format!("{name}-cert.pub"));
    let told = ssh_keygen(&["-L", "-f", &path.to_string_lossy()])?;
    Ok((key.public()?, std::fs::read_to_string(path)?, told))
}

#[test]
fn what_ssh_keygen_signs_is_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let authority = make_key(folder.path(), "ca", &["-t", "ecdsa", "-b", "384"], "")?;
    let options = [
        "-I",
        "tara at work",
        "-n",
        "tara,ops",
        "-z",
        "17",
        "-V",
        "20260101000000Z:20270101000000Z",
        "-O",
        "source-address=10.0.0.0/8",
        "-O",
        "no-x11-forwarding",
    ];
    for kind in [
        ["-t", "ed25519"].as_slice(),
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "ecdsa", "-b", "521"],
        &["-t", "rsa", "-b", "2048"],
    ] {
        let (public, text, told) = signed(folder.path(), kind, &options)?;
        let certificate = UserCertificate::parse(&text)?;
        assert_eq!(
            Ok(certificate.public_key()),
            PublicKey::from_openssh(&public)
        );
        assert_eq!(certificate.principals(), ["tara", "ops"]);
        assert_eq!(
            (certificate.key_id(), certificate.serial()),
            ("tara at work", 17)
        );
        let (ca, _) = authority.fingerprint()?;
        assert_eq!(certificate.authority(), ca);
        assert!(told.contains(&ca), "{told}");
        let words = certificate.options();
        let first = words.first().map(String::as_str);
        assert_eq!(first, Some("source-address=10.0.0.0/8"));
        for option in words.iter().skip(1) {
            assert!(told.contains(option), "{option}: {told}");
        }
        assert!(!words.contains(&"permit-X11-forwarding".to_owned()));
        let (from, to) = (1_767_225_600, 1_798_761_600);
        assert_eq!(certificate.valid_after(), from);
        assert_eq!(certificate.valid_before(), Some(to));
        let valid = [from - 1, from, to - 1, to].map(|now| certificate.is_valid_at(now));
        assert_eq!(valid, [false, true, true, false]);
        let line = certificate.to_openssh();
        assert!(text.starts_with(&line), "{line}");
        assert_eq!(UserCertificate::parse(&line), Ok(certificate));
    }
    Ok(())
}

#[test]
fn what_is_no_certificate_of_a_user_is_told_apart() -> Result<()> {
    let folder = tempfile::tempdir()?;
    make_key(folder.path(), "ca", &["-t", "ed25519"], "")?;
    let (public, text, _) = signed(folder.path(), &["-t", "ed25519"], &["-I", "x"])?;
    let certificate = UserCertificate::parse(&text)?;
    assert_eq!(
        (certificate.valid_before(), certificate.principals().len()),
        (None, 0)
    );
    assert!(certificate.is_valid_at(u64::MAX - 1));
    let none = Err(CertificateError::NotACertificate);
    for other in ["", "Dear all,", &public, &"x".repeat(70_000)] {
        assert_eq!(UserCertificate::parse(other), none);
    }
    for length in 0..text.trim_end().rfind(' ').unwrap_or_default() {
        let part = text.get(..length).unwrap_or_default();
        assert!(UserCertificate::parse(part).is_err(), "cut at {length}");
    }
    let (_, host, _) = signed(folder.path(), &["-t", "ecdsa"], &["-h", "-I", "x"])?;
    assert_eq!(
        UserCertificate::parse(&host),
        Err(CertificateError::ForHosts)
    );
    let (mark, rest) = text.split_once(' ').unwrap_or_default();
    let (base64, _) = rest.split_once(' ').unwrap_or_default();
    let mut bytes = {
        use base64ct::{Base64, Encoding as _};
        Base64::decode_vec(base64).map_err(|_| anyhow::anyhow!("no base64"))?
    };
    // The last byte belongs to the authority's signature.
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    let forged = {
        use base64ct::{Base64, Encoding as _};
        format!("{mark} {}", Base64::encode_string(&bytes))
    };
    assert_eq!(
        UserCertificate::parse(&forged),
        Err(CertificateError::Forged)
    );
    Ok(())
}
