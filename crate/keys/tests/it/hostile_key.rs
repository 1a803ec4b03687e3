//! Key files that are made to hang or to fill whoever reads them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use base64ct::{Base64, Encoding as _};
use transom_keys::{KeyError, PrivateKey};
use transom_testkit::make_key;

/// Reads a file that must be refused within a second.
fn refused(text: &str) -> KeyError {
    let started = Instant::now();
    let error = PrivateKey::parse(text.as_bytes(), Some("x")).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1), "{error:?}");
    error
}

/// Changes bytes of what is in a PEM block.
fn patched(pem: &str, from: &[u8], to: &[u8]) -> Result<String> {
    let lines: Vec<&str> = pem.lines().collect();
    let (first, rest) = lines.split_first().context("no first line")?;
    let (last, body) = rest.split_last().context("no last line")?;
    let mut bytes = Base64::decode_vec(&body.concat())?;
    let place = bytes
        .windows(from.len())
        .position(|window| window == from)
        .context("what is to be changed is not there")?;
    bytes.splice(place..place + from.len(), to.iter().copied());
    let base64 = Base64::encode_string(&bytes);
    let mut text = format!("{first}\n");
    for line in base64.as_bytes().chunks(70) {
        text.push_str(std::str::from_utf8(line)?);
        text.push('\n');
    }
    Ok(format!("{text}{last}\n"))
}

#[test]
fn two_billion_rounds_of_bcrypt_are_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", &["-t", "ed25519", "-a", "77"], "x")?;
    let text = String::from_utf8(file.private()?)?;
    // The rounds come before the number of keys, which is 1 (PROTOCOL.key).
    for rounds in [1_u32 << 31, u32::MAX, 257] {
        let from = [77_u32.to_be_bytes(), 1_u32.to_be_bytes()].concat();
        let to = [rounds.to_be_bytes(), 1_u32.to_be_bytes()].concat();
        assert_eq!(refused(&patched(&text, &from, &to)?), KeyError::TooCostly);
    }
    Ok(())
}

#[test]
fn two_billion_rounds_of_pbkdf2_are_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", &["-t", "ecdsa", "-m", "PKCS8"], "")?;
    let output = std::process::Command::new("openssl")
        .args([
            "pkcs8",
            "-topk8",
            "-passout",
            "pass:x",
            "-v2",
            "aes-256-cbc",
        ])
        .args(["-iter", "70000", "-in"])
        .arg(&file.path)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    // An INTEGER of three bytes, so that no length around it changes.
    let seventy = [2, 3, 0x01, 0x11, 0x70];
    let billions = patched(&text, &seventy, &[2, 3, 0x7f, 0xff, 0xff])?;
    assert_eq!(refused(&billions), KeyError::TooCostly);
    Ok(())
}

#[test]
fn costs_of_argon2_beyond_the_cap_are_refused() {
    for (memory, passes) in [
        ("4294967295", "1"),
        ("8192", "2147483648"),
        ("131073", "1"),
        ("131072", "9"),
        ("99999999999999", "1"),
    ] {
        let file = format!(
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\nComment: x\n\
             Public-Lines: 1\nAAAA\nKey-Derivation: Argon2id\nArgon2-Memory: {memory}\n\
             Argon2-Passes: {passes}\nArgon2-Parallelism: 1\nArgon2-Salt: 00112233445566778899aabbccddeeff\n\
             Private-Lines: 1\nAAAA\nPrivate-MAC: {}\n",
            "00".repeat(32)
        );
        let error = refused(&file);
        let unreadable = memory.len() > 10;
        let expected = if unreadable {
            KeyError::Damaged
        } else {
            KeyError::TooCostly
        };
        assert_eq!(error, expected, "{memory} {passes}");
    }
}

#[test]
fn nesting_is_refused_however_deep() {
    for bytes in [40_000, 1_000_000] {
        // SEQUENCEs of undefined and of long length, within each other.
        for opening in [
            &[0x30, 0x80][..],
            &[0x30, 0x83, 0x0f, 0xff, 0xff],
            &[0xa0, 0x7f],
        ] {
            let der: Vec<u8> = opening.iter().copied().cycle().take(bytes).collect();
            for kind in [
                "PRIVATE",
                "ENCRYPTED PRIVATE",
                "RSA PRIVATE",
                "EC PRIVATE",
                "OPENSSH PRIVATE",
            ] {
                let body = Base64::encode_string(&der);
                let file =
                    format!("-----BEGIN {kind} KEY-----\n{body}\n-----END {kind} KEY-----\n");
                let expected = if bytes > 64 * 1024 {
                    KeyError::TooLarge
                } else {
                    KeyError::Damaged
                };
                assert_eq!(refused(&file), expected, "{kind}");
            }
        }
    }
}

#[test]
fn a_million_lines_that_are_not_there_are_refused() {
    for count in ["4294967295", "99999999999999999999", "-1", "4097"] {
        let file = format!(
            "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: {count}\nAAAA\n"
        );
        assert_eq!(refused(&file), KeyError::Damaged, "{count}");
    }
}

#[test]
fn a_changed_comment_of_a_putty_key_is_noticed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", &["-t", "ed25519"], "")?;
    for version in ["version=2", "version=3"] {
        let made = std::process::Command::new("puttygen")
            .arg(&file.path)
            .args(["-O", "private", "--ppk-param", version, "-o", "/dev/stdout"])
            .output()
            .context("apt-get install putty-tools")?;
        let text = String::from_utf8(made.stdout)?;
        assert!(PrivateKey::parse(text.as_bytes(), None).is_ok());
        let changed = text.replace("Comment: key", "Comment: kex");
        assert_eq!(refused(&changed), KeyError::Damaged);
    }
    Ok(())
}
