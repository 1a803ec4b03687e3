//! Public keys look as `ssh-keygen` shows them.

use anyhow::Result;
use transom_keys::{PublicKey, PublicKeyError};
use transom_testkit::make_key;

const KINDS: [(&[&str], &str, &str); 7] = [
    (&["-t", "ed25519"], "Ed25519", "ssh-ed25519"),
    (
        &["-t", "ecdsa", "-b", "256"],
        "ECDSA P-256",
        "ecdsa-sha2-nistp256",
    ),
    (
        &["-t", "ecdsa", "-b", "384"],
        "ECDSA P-384",
        "ecdsa-sha2-nistp384",
    ),
    (
        &["-t", "ecdsa", "-b", "521"],
        "ECDSA P-521",
        "ecdsa-sha2-nistp521",
    ),
    (&["-t", "rsa", "-b", "2048"], "RSA 2048", "ssh-rsa"),
    (&["-t", "rsa", "-b", "3072"], "RSA 3072", "ssh-rsa"),
    // A size that is no whole number of bytes.
    (&["-t", "rsa", "-b", "2047"], "RSA 2047", "ssh-rsa"),
];

#[test]
fn every_kind_has_the_name_fingerprint_and_picture_of_ssh_keygen() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (index, (arguments, kind, algorithm)) in KINDS.iter().enumerate() {
        let file = make_key(folder.path(), &format!("key{index}"), arguments, "")?;
        let key = PublicKey::from_openssh(&file.public()?)?;
        let (fingerprint, randomart) = file.fingerprint()?;
        assert_eq!(key.kind(), *kind);
        assert_eq!(key.algorithm_name(), *algorithm);
        assert_eq!(key.fingerprint(), fingerprint, "{kind}");
        assert_eq!(key.randomart(), randomart, "{kind}");
    }
    Ok(())
}

const LINE: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIILSPd2mOYqHVvzKS6Mb0vzf1RNbDmKF6vNFMy0Ny1Vv";

#[test]
fn a_line_is_read_with_any_blanks_and_comment_and_written_without() {
    let key = PublicKey::from_openssh(LINE).unwrap();
    for line in [
        format!("  {LINE}\n"),
        format!("{LINE} me@here and more"),
        LINE.replace(' ', "\t  "),
    ] {
        let same = PublicKey::from_openssh(&line).unwrap();
        assert_eq!(same, key, "{line}");
        assert_eq!(same.to_openssh(), LINE);
    }
}

#[test]
fn a_line_that_lies_about_its_type_is_refused() {
    let lie = LINE.replace("ssh-ed25519", "ssh-rsa");
    assert_eq!(PublicKey::from_openssh(&lie), Err(PublicKeyError));
}

#[test]
fn an_encoding_cut_short_or_too_long_is_refused() {
    let blob = b"\0\0\0\x0bssh-ed25519\0\0\0 01234567890123456789012345678901";
    assert!(PublicKey::from_blob(blob).is_ok());
    for length in 0..blob.len() {
        assert_eq!(PublicKey::from_blob(&blob[..length]), Err(PublicKeyError));
    }
    let mut longer = blob.to_vec();
    longer.push(0);
    assert_eq!(PublicKey::from_blob(&longer), Err(PublicKeyError));
}
