//! Private key files as `ssh-keygen` and others write them.

use anyhow::Result;
use proptest::prelude::*;
use transom_keys::{KeyError, MAX_KEY_FILE_BYTES, PrivateKey, PublicKey};
use transom_testkit::{make_key, ssh_keygen};

#[test]
fn every_kind_is_read_and_has_the_right_public_half() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let kinds: [&[&str]; 5] = [
        &["-t", "ed25519"],
        &["-t", "rsa", "-b", "2048"],
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "ecdsa", "-b", "384"],
        &["-t", "ecdsa", "-b", "521"],
    ];
    for (index, arguments) in kinds.iter().enumerate() {
        let file = make_key(folder.path(), &format!("key{index}"), arguments, "")?;
        let key = PrivateKey::parse(&file.private()?, None)?;
        assert_eq!(key.public_key(), PublicKey::from_openssh(&file.public()?)?);
        assert_eq!(key.comment(), format!("key{index}"));
    }
    Ok(())
}

#[test]
fn every_cipher_that_ssh_keygen_offers_is_opened() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for cipher in [
        "aes256-ctr",
        "aes128-ctr",
        "aes256-cbc",
        "aes256-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
    ] {
        let arguments = ["-t", "ed25519", "-a", "2", "-Z", cipher];
        let file = make_key(folder.path(), cipher, &arguments, "öffne dich")?;
        let text = file.private()?;
        let parse = |passphrase| PrivateKey::parse(&text, passphrase).map(|key| key.public_key());
        assert_eq!(parse(None), Err(KeyError::NeedsPassphrase), "{cipher}");
        assert_eq!(parse(Some("")), Err(KeyError::WrongPassphrase), "{cipher}");
        assert_eq!(parse(Some("x")), Err(KeyError::WrongPassphrase), "{cipher}");
        let public = PublicKey::from_openssh(&file.public()?)?;
        assert_eq!(parse(Some("öffne dich")), Ok(public), "{cipher}");
    }
    Ok(())
}

#[test]
fn a_key_that_would_take_too_long_to_open_is_refused_at_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let arguments = ["-t", "ed25519", "-a", "300"];
    let file = make_key(folder.path(), "slow", &arguments, "x")?;
    let outcome = PrivateKey::parse(&file.private()?, Some("x"));
    assert_eq!(outcome.unwrap_err(), KeyError::TooCostly);
    Ok(())
}

#[test]
fn blank_lines_mail_and_windows_line_ends_do_no_harm() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", &["-t", "ed25519"], "")?;
    let text = String::from_utf8(file.private()?)?;
    let public = PublicKey::from_openssh(&file.public()?)?;
    for changed in [
        text.replace('\n', "\r\n"),
        format!("\u{feff}\n\nHere is your key:\n\n{text}\n-- \nBob"),
        text.replace('\n', " \n  "),
        text.trim_end().to_owned(),
    ] {
        let key = PrivateKey::parse(changed.as_bytes(), None)?;
        assert_eq!(key.public_key(), public, "{changed}");
    }
    Ok(())
}

#[test]
fn keys_in_pem_are_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, format, kind) in [
        ("pkcs1", "PEM", "rsa"),
        ("sec1", "PEM", "ecdsa"),
        ("pkcs8-rsa", "PKCS8", "rsa"),
        ("pkcs8-ecdsa", "PKCS8", "ecdsa"),
    ] {
        let file = make_key(folder.path(), name, &["-t", kind, "-m", format], "")?;
        let key = PrivateKey::parse(&file.private()?, None)?;
        let public = PublicKey::from_openssh(&file.public()?)?;
        assert_eq!(key.public_key(), public, "{name}");
    }
    Ok(())
}

#[test]
fn encrypted_pkcs8_is_opened_by_its_passphrase() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for kind in ["rsa", "ecdsa"] {
        let file = make_key(folder.path(), kind, &["-t", kind, "-m", "PKCS8"], "sesam")?;
        let text = file.private()?;
        let parse = |passphrase| PrivateKey::parse(&text, passphrase).map(|key| key.public_key());
        assert_eq!(parse(None), Err(KeyError::NeedsPassphrase), "{kind}");
        assert_eq!(parse(Some("x")), Err(KeyError::WrongPassphrase), "{kind}");
        let public = PublicKey::from_openssh(&file.public()?)?;
        assert_eq!(parse(Some("sesam")), Ok(public), "{kind}");
    }
    Ok(())
}

#[test]
fn old_pem_encryption_is_opened_by_its_passphrase() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "old", &["-t", "rsa", "-m", "PEM"], "sesam")?;
    let key = PrivateKey::parse(&file.private()?, Some("sesam"))?;
    assert_eq!(key.public_key(), PublicKey::from_openssh(&file.public()?)?);
    Ok(())
}

#[test]
fn the_public_half_is_recognised_in_every_format() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", &["-t", "rsa", "-b", "2048"], "")?;
    let path = file.path.to_string_lossy().into_owned();
    let mut texts = vec![file.public()?];
    for format in ["RFC4716", "PKCS8", "PEM"] {
        texts.push(ssh_keygen(&["-e", "-m", format, "-f", &path])?);
    }
    for text in texts {
        let outcome = PrivateKey::parse(text.as_bytes(), None);
        assert_eq!(outcome.unwrap_err(), KeyError::PublicKeyGiven, "{text}");
    }
    Ok(())
}

#[test]
fn other_files_are_named_as_what_they_are() {
    let parse = |text: &[u8]| PrivateKey::parse(text, None).unwrap_err();
    assert_eq!(parse(b""), KeyError::NotAKey);
    assert_eq!(parse(b"Dear all,"), KeyError::NotAKey);
    assert_eq!(parse(b"\xff\xd8\xff\xe0 JFIF"), KeyError::NotAKey);
    let putty = b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n";
    assert_eq!(parse(putty), KeyError::Damaged);
    let first = b"PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none\n";
    assert_eq!(parse(first), KeyError::Unsupported);
    assert_eq!(
        parse(b"-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----"),
        KeyError::Dsa
    );
    let certificate = b"ssh-ed25519-cert-v01@openssh.com AAAA";
    assert_eq!(parse(certificate), KeyError::CertificateGiven);
    assert_eq!(
        parse(b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r"),
        KeyError::Damaged
    );
    let big = vec![b'-'; MAX_KEY_FILE_BYTES + 1];
    assert_eq!(parse(&big), KeyError::TooLarge);
}

#[test]
fn debug_output_never_contains_the_secret() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", &["-t", "ed25519"], "")?;
    let key = PrivateKey::parse(&file.private()?, None)?;
    let shown = format!("{key:?}");
    let fingerprint = key.public_key().fingerprint();
    assert_eq!(
        shown,
        format!("PrivateKey(PublicKey(Ed25519 {fingerprint}))")
    );
    Ok(())
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}", body in "[A-Za-z0-9+/=\n]{0,400}") {
        for kind in ["OPENSSH PRIVATE", "PRIVATE", "ENCRYPTED PRIVATE", "RSA PRIVATE", "EC PRIVATE"] {
            let file = format!("{text}-----BEGIN {kind} KEY-----\n{body}\n-----END {kind} KEY-----\n");
            prop_assert!(PrivateKey::parse(file.as_bytes(), Some("x")).is_err());
        }
    }
}
