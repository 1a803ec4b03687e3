//! The server itself, by OpenSSH's own client.

use anyhow::Result;
use transom_tests::{Artifacts, Server, ServerOptions};

#[tokio::test]
async fn a_native_client_logs_in_and_leaves_nothing_behind() -> Result<()> {
    let artifacts = Artifacts::new("server")?;
    let mut server = Server::start(&ServerOptions::default(), &artifacts, "sshd").await?;
    let key = server.key("id", &["-t", "ed25519"], "")?;
    let output = server
        .native_ssh(&key)
        .arg("id -un; pwd; echo $$ > pid; tty")
        .output()?;
    let words = String::from_utf8(output.stdout)?;
    assert!(words.starts_with("tess\n"), "{words} {}", server.log());
    assert!(server.attempts("publickey") >= 1, "{}", server.log());
    assert_eq!(server.attempts("password"), 0);
    assert!(!server.file("pid").is_empty());
    let (line, art) = server.fingerprint()?;
    assert!(
        line.contains("SHA256:") && art.contains("[ED25519 256]"),
        "{line}\n{art}"
    );
    server.kill();
    artifacts.discard();
    Ok(())
}
