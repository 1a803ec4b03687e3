//! Keys that this program signs with and writes: OpenSSH reads them and takes their signatures.

use std::process::Command;

use anyhow::{Result, ensure};
use transom_keys::{
    KEY_FILE_CHANCE_BYTES, KeyError, PrivateKey, PublicKey, SignatureAlgorithm, pkcs8_text,
};

const KINDS: [&[&str]; 5] = [
    &["-t", "ed25519"],
    &["-t", "ecdsa", "-b", "256"],
    &["-t", "ecdsa", "-b", "384"],
    &["-t", "ecdsa", "-b", "521"],
    &["-t", "rsa", "-b", "2048"],
];

fn made(folder: &std::path::Path, kind: &[&str]) -> Result<PrivateKey> {
    let path = folder.join(format!("key{}", kind.concat()));
    let made = Command::new("ssh-keygen")
        .args(["-q", "-N", "", "-C", "as made", "-f"])
        .arg(&path)
        .args(kind)
        .status()?;
    ensure!(made.success(), "ssh-keygen");
    Ok(PrivateKey::parse(&std::fs::read(&path)?, None)?)
}

#[test]
fn ssh_keygen_reads_what_is_exported_with_its_passphrase_only() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for kind in KINDS {
        let key = made(folder.path(), kind)?;
        let chance = [3; KEY_FILE_CHANCE_BYTES];
        let text = key.to_encrypted_openssh("öffne dich", "my\nlaptop", &chance)?;
        let path = folder.path().join("exported");
        let _ = std::fs::remove_file(&path);
        std::fs::write(&path, text.as_bytes())?;
        let closed = Command::new("chmod").arg("600").arg(&path).status()?;
        ensure!(closed.success(), "chmod");
        let read = |passphrase| {
            let mut keygen = Command::new("ssh-keygen");
            keygen
                .args(["-y", "-P", passphrase, "-f"])
                .arg(&path)
                .output()
        };
        let read_out = String::from_utf8(read("öffne dich")?.stdout)?;
        assert_eq!(PublicKey::from_openssh(&read_out), Ok(key.public_key()));
        assert!(read_out.trim_end().ends_with(" mylaptop"), "{read_out}");
        assert!(
            !read("wrong")?.status.success(),
            "{kind:?} opens by any passphrase"
        );
        let sealed = PrivateKey::parse(text.as_bytes(), None);
        assert_eq!(sealed.err(), Some(KeyError::NeedsPassphrase));
    }
    Ok(())
}

#[test]
fn pkcs8_as_text_is_read_again() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for kind in KINDS {
        let key = made(folder.path(), kind)?;
        let text = pkcs8_text(&key.to_pkcs8()?);
        let again = PrivateKey::parse(text.as_bytes(), None)?;
        assert_eq!(again.public_key(), key.public_key());
    }
    Ok(())
}

/// A signature in OpenSSH's file format (PROTOCOL.sshsig) over `message`.
fn signed_file(key: &PrivateKey, way: SignatureAlgorithm, message: &[u8]) -> Result<String> {
    use base64ct::{Base64, Encoding as _};
    use sha2::Digest as _;
    let string = |blob: &mut Vec<u8>, bytes: &[u8]| {
        blob.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
        blob.extend_from_slice(bytes);
    };
    let mut to_sign = b"SSHSIG".to_vec();
    for part in [
        b"file".as_slice(),
        b"",
        b"sha512",
        &sha2::Sha512::digest(message),
    ] {
        string(&mut to_sign, part);
    }
    let signature = way.encode(&key.sign(way, &to_sign)?);
    let line = key.public_key().to_openssh();
    let public = Base64::decode_vec(line.split(' ').nth(1).unwrap_or_default());
    let mut blob = b"SSHSIG\0\0\0\x01".to_vec();
    let public = public.map_err(|_| anyhow::anyhow!("no base64"))?;
    for part in [public.as_slice(), b"file", b"", b"sha512", &signature] {
        string(&mut blob, part);
    }
    let base64 = Base64::encode_string(&blob);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(70)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    Ok(format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        lines.join("\n")
    ))
}

#[test]
fn ssh_keygen_accepts_each_signature() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for kind in KINDS {
        let key = made(folder.path(), kind)?;
        let public = key.public_key();
        // Several, so that numbers with zeros in front come by.
        for round in 0..20 {
            for sha512 in [true, false] {
                let way = SignatureAlgorithm::of(&public, sha512).expect("a way to sign");
                let message = format!("message {round}");
                let (signature, text) = (folder.path().join("sig"), folder.path().join("text"));
                std::fs::write(&signature, signed_file(&key, way, message.as_bytes())?)?;
                std::fs::write(&text, &message)?;
                let checked = Command::new("ssh-keygen")
                    .args(["-Y", "check-novalidate", "-n", "file", "-s"])
                    .arg(&signature)
                    .stdin(std::fs::File::open(&text)?)
                    .output()?;
                let words = String::from_utf8_lossy(&checked.stderr);
                ensure!(checked.status.success(), "{way:?} {round}: {words}");
            }
        }
        let other = SignatureAlgorithm::of(&public, true) == Some(SignatureAlgorithm::Ed25519);
        let other = if other {
            SignatureAlgorithm::EcdsaP256
        } else {
            SignatureAlgorithm::Ed25519
        };
        assert_eq!(key.sign(other, b"x"), Err(KeyError::Unsupported));
    }
    Ok(())
}
