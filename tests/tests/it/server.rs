//! The server itself, by OpenSSH's own client.

use anyhow::Result;
use transom_tests::{PATIENCE, Server, ServerOptions, until};

#[tokio::test]
async fn a_native_client_logs_in_and_leaves_nothing_behind() -> Result<()> {
    let mut server = Server::start(&ServerOptions::default()).await?;
    let key = server.key("id", &["-t", "ed25519"], "")?;
    let output = server
        .native_ssh(&key)
        .arg("id -un; pwd; echo $$ > pid; tty")
        .output()?;
    let words = String::from_utf8(output.stdout)?;
    assert!(words.starts_with("tara\n"), "{words} {}", server.log());
    until("the log tells of the key", PATIENCE, async || {
        Ok(server.attempts("publickey") >= 1)
    })
    .await?;
    assert_eq!(server.attempts("password"), 0);
    assert!(!server.file("pid").is_empty());
    let (print, art) = server.fingerprint()?;
    assert!(
        print.starts_with("SHA256:") && art.contains("[ED25519 256]"),
        "{print}\n{art}"
    );
    server.kill().await?;
    Ok(())
}
