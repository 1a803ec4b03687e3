//! Key files that other programs wrote, made anew by `corpus/make.sh`: our verdict is theirs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use transom_keys::{KeyError, PrivateKey, PublicKey};

const PASSPHRASE: &str = "öffne dich";

/// Makes the files.
async fn make() -> Result<(TempDir, Vec<PathBuf>)> {
    let folder = tempfile::tempdir()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/make.sh");
    let output = Command::new("sh")
        .arg(script)
        .arg(folder.path())
        .arg(transom_testkit::python().await?)
        .output()?;
    ensure!(
        output.status.success(),
        "make.sh (apt-get install openssh-client openssl putty-tools): {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.path())? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "pub") {
            files.push(path);
        }
    }
    files.sort();
    Ok((folder, files))
}

/// What the program that knows the format says about a file: its public half, or `None` if it
/// refuses.
fn judged(path: &Path, passphrase: &str) -> Result<Option<PublicKey>> {
    let name = path.file_name().context("no name")?.to_string_lossy();
    let output = if name.starts_with("putty") {
        // The public half is not encrypted, so the whole key is asked for.
        let (secret, opened) = (path.with_extension("secret"), path.with_extension("opened"));
        std::fs::write(&secret, passphrase)?;
        Command::new("puttygen")
            .arg(path)
            .args(["-O", "private-openssh", "--old-passphrase"])
            .arg(&secret)
            .arg("-o")
            .arg(&opened)
            .output()?;
        let output = Command::new("ssh-keygen")
            .args(["-y", "-P", passphrase, "-f"])
            .arg(&opened)
            .output()?;
        let _ = std::fs::remove_file(opened);
        output
    } else if name.starts_with("PKCS8-ed25519") || name.starts_with("pbes2-ed25519") {
        // OpenSSH reads these since 9.6; OpenSSL made them, and says whether they open.
        let status = Command::new("openssl")
            .args([
                "pkey",
                "-noout",
                "-passin",
                &format!("pass:{passphrase}"),
                "-in",
            ])
            .arg(path)
            .output()?
            .status;
        let line = std::fs::read_to_string(path.with_added_extension("pub"))?;
        return Ok(PublicKey::from_openssh(&line)
            .ok()
            .filter(|_| status.success()));
    } else {
        Command::new("ssh-keygen")
            .args(["-y", "-P", passphrase, "-f"])
            .arg(path)
            .output()?
    };
    let line = String::from_utf8(output.stdout)?;
    Ok(PublicKey::from_openssh(&line)
        .ok()
        .filter(|_| output.status.success()))
}

#[tokio::test]
async fn every_file_gets_the_verdict_of_the_program_that_knows_it() -> Result<()> {
    let (_folder, files) = make().await?;
    ensure!(files.len() >= 60, "only {} files", files.len());
    let mut fingerprints = 0;
    for path in &files {
        let name = path.display();
        let text = std::fs::read(path)?;
        let sealed = path.to_string_lossy().contains("-sealed");
        let parse = |passphrase| PrivateKey::parse(&text, passphrase).map(|key| key.public_key());
        let theirs = judged(path, PASSPHRASE)?.with_context(|| format!("{name} is refused"))?;
        assert_eq!(parse(Some(PASSPHRASE)), Ok(theirs.clone()), "{name}");
        let expected = if sealed {
            assert_eq!(judged(path, "wrong")?, None, "{name}");
            assert_eq!(
                parse(Some("wrong")),
                Err(KeyError::WrongPassphrase),
                "{name}"
            );
            Err(KeyError::NeedsPassphrase)
        } else {
            Ok(theirs.clone())
        };
        assert_eq!(parse(None), expected, "{name}");
        let listed = Command::new("ssh-keygen")
            .args(["-l", "-f"])
            .arg(path.with_added_extension("pub"))
            .output()?;
        let listed = String::from_utf8(listed.stdout)?;
        assert!(listed.contains(&theirs.fingerprint()), "{name}: {listed}");
        fingerprints += 1;
    }
    assert_eq!(fingerprints, files.len());
    Ok(())
}

#[tokio::test]
async fn what_a_browser_takes_in_is_what_openssl_takes_for_the_same_key() -> Result<()> {
    let (folder, files) = make().await?;
    for path in files
        .iter()
        .filter(|path| !path.to_string_lossy().contains("-sealed"))
    {
        let name = path.display();
        let key = PrivateKey::parse(&std::fs::read(path)?, None)?;
        let der = folder.path().join("key.der");
        std::fs::write(&der, &*key.to_pkcs8()?)?;
        let read = Command::new("openssl")
            .args(["pkey", "-inform", "DER", "-in"])
            .arg(&der)
            .output()?;
        ensure!(read.status.success(), "{name}: OpenSSL refuses it");
        let again = PrivateKey::parse(&read.stdout, None)?;
        assert_eq!(again.public_key(), key.public_key(), "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_cut_short_anywhere_is_refused_at_once() -> Result<()> {
    let (_folder, files) = make().await?;
    for name in [
        "openssh-p256-sealed",
        "ed25519",
        "PEM-p256-sealed",
        "pbes2-ed25519-sealed-scrypt",
        "putty2-ed25519-sealed",
        "putty3-p256",
        "putty3-p256-sealed",
        "PKCS8-p521",
        "paramiko-ecdsa",
    ] {
        let path = files
            .iter()
            .find(|path| path.ends_with(name))
            .context(name)?;
        let text = std::fs::read(path)?;
        let whole = text.trim_ascii_end().len();
        for length in 0..whole {
            let started = std::time::Instant::now();
            let outcome = PrivateKey::parse(&text[..length], Some(PASSPHRASE));
            let error = outcome.expect_err("a part of a key is no key");
            assert!(
                matches!(error, KeyError::Damaged | KeyError::NotAKey),
                "{name} cut at {length}: {error:?}"
            );
            assert!(
                started.elapsed().as_millis() < 1000,
                "{name} cut at {length}"
            );
        }
    }
    Ok(())
}
