//! Keys that a server has beside the one that it showed.

use anyhow::{Context as _, Result};
use transom_keys::PublicKey;
use transom_ssh::{ConnectError, Options, Outcome};
use transom_testkit::{Double, Script, USER, make_key};

use crate::support::{World, connect, run};

#[tokio::test]
async fn openssh_tells_all_of_its_keys_and_proves_them() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let told = connection.announced_host_keys().await.context("closed")?;
    for kind in ["ed25519", "ecdsa", "rsa"] {
        let key = PublicKey::from_openssh(&world.sshd.host_key(kind).public()?)?;
        assert!(told.contains(&key), "{kind}");
    }
    assert_eq!(told.len(), 3);
    connection.prove_host_keys(&told).await?;
    // What was told stays told.
    assert_eq!(connection.announced_host_keys().await, Some(told));
    assert_eq!(run(&connection, "echo alive").await?, "alive\n");
    Ok(())
}

#[tokio::test]
async fn a_key_that_the_server_does_not_hold_is_not_proved() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let folder = tempfile::tempdir()?;
    let foreign = make_key(folder.path(), "foreign", &["-t", "ed25519"], "")?;
    let own = PublicKey::from_openssh(&world.sshd.host_key("rsa").public()?)?;
    let foreign = PublicKey::from_openssh(&foreign.public()?)?;
    let proved = connection.prove_host_keys(&[own, foreign]).await;
    assert!(
        matches!(proved, Err(ConnectError::PeerMisbehaved { .. })),
        "{proved:?}"
    );
    assert_eq!(run(&connection, "echo alive").await?, "alive\n");
    Ok(())
}

#[tokio::test]
async fn a_wait_for_keys_ends_with_the_connection() -> Result<()> {
    let double = Double::start(Script::default()).await?;
    let login = connect(double.port(), Options::default()).await?;
    let Outcome::LoggedIn(connection) = login.none(USER).await? else {
        panic!("the double lets everybody in");
    };
    let waiting = connection.clone();
    let waiting = tokio::spawn(async move { waiting.announced_host_keys().await });
    connection.disconnect().await;
    assert_eq!(waiting.await?, None);
    Ok(())
}
