//! Through jump hosts, each a server of Debian's OpenSSH.

use anyhow::{Result, bail};
use transom_ssh::{ChannelError, CloseCause, Connection, Options, Outcome, Verdict, handshake};
use transom_testkit::USER;

use crate::support::{Always, World, clock, read_until, run, shell};

/// Logs in to `world` through `connection`.
async fn onward(connection: &Connection, world: &World) -> Result<Connection> {
    let tunnel = connection
        .open_tunnel("127.0.0.1", world.sshd.port())
        .await?;
    let trust = Always::accept_any_host_key_for_test();
    let login = handshake(tunnel, Options::default(), trust, clock()).await?;
    match login.public_key(USER, &world.key).await? {
        Outcome::LoggedIn(connection) => Ok(connection),
        denied @ Outcome::Denied { .. } => bail!("{denied:?}"),
    }
}

#[tokio::test]
async fn a_shell_works_behind_three_servers() -> Result<()> {
    let (first, second, third) = (
        World::start(&[]).await?,
        World::start(&[]).await?,
        World::start(&[]).await?,
    );
    let one = first.log_in().await?;
    let two = onward(&one, &second).await?;
    let three = onward(&two, &third).await?;
    let mut shell = shell(&three).await?;
    read_until(&mut shell, "ready> ").await?;
    shell.input.write("echo $SSH_CONNECTION\n").await?;
    let port = third.sshd.port().to_string();
    read_until(&mut shell, &port).await?;
    Ok(())
}

#[tokio::test]
async fn much_passes_both_ways_at_the_same_time() -> Result<()> {
    let (first, second) = (World::start(&[]).await?, World::start(&[]).await?);
    let outer = first.log_in().await?;
    let inner = onward(&outer, &second).await?;
    let exec = inner.exec(b"tee /dev/stderr", &[]).await?;
    let bytes = vec![b'x'; 12_000_000];
    let sent = bytes.clone();
    let (mut stdin, mut stdout, mut stderr) = (exec.stdin, exec.stdout, exec.stderr);
    let write = async move {
        for piece in sent.chunks(100_000) {
            stdin.write(piece.to_vec()).await?;
        }
        drop(stdin);
        Ok::<_, anyhow::Error>(())
    };
    let (written, one, two) = tokio::join!(
        write,
        crate::support::read_all(&mut stdout),
        crate::support::read_all(&mut stderr)
    );
    written?;
    assert!(one? == bytes && two? == bytes);
    Ok(())
}

#[tokio::test]
async fn a_shell_of_the_jump_host_answers_while_much_passes_through_it() -> Result<()> {
    let (first, second) = (World::start(&[]).await?, World::start(&[]).await?);
    let outer = first.log_in().await?;
    let inner = onward(&outer, &second).await?;
    let mut flood = inner.exec(b"head -c 60000000 /dev/zero", &[]).await?;
    let flood = tokio::spawn(async move { crate::support::read_all(&mut flood.stdout).await });
    for _ in 0..5 {
        assert_eq!(run(&outer, "echo alive").await?, "alive\n");
    }
    assert_eq!(flood.await??.len(), 60_000_000);
    Ok(())
}

#[tokio::test]
async fn what_nobody_reads_waits_in_all_servers_and_arrives_later() -> Result<()> {
    let (first, second) = (World::start(&[]).await?, World::start(&[]).await?);
    let outer = first.log_in().await?;
    let inner = onward(&outer, &second).await?;
    // The brake goes on in both connections, and comes off again.
    let mut held = inner
        .exec(b"head -c 20000000 /dev/zero; echo done >~/done", &[])
        .await?;
    assert!(held.stdout.next().await?.is_some());
    tokio::time::sleep(core::time::Duration::from_millis(500)).await;
    assert!(!second.sshd.folder().join("home/done").exists());
    let rest = crate::support::read_all(&mut held.stdout).await?;
    assert!(rest.len() > 19_000_000);
    Ok(())
}

#[tokio::test]
async fn a_server_that_forwards_nothing_is_told_apart_from_a_closed_port() -> Result<()> {
    let closed = World::start(&["AllowTcpForwarding no"]).await?;
    let connection = closed.log_in().await?;
    let refused = connection
        .open_tunnel("127.0.0.1", closed.sshd.port())
        .await;
    assert_eq!(
        refused.unwrap_err(),
        ChannelError::PeerRefused {
            what: "a connection onward"
        }
    );
    let open = World::start(&[]).await?;
    let connection = open.log_in().await?;
    let nobody = connection.open_tunnel("127.0.0.1", 1).await;
    assert_eq!(nobody.unwrap_err(), ChannelError::PeerCannotReach);
    assert_eq!(run(&connection, "echo alive").await?, "alive\n");
    Ok(())
}

#[tokio::test]
async fn each_server_s_key_is_judged() -> Result<()> {
    let (first, second) = (World::start(&[]).await?, World::start(&[]).await?);
    let outer = first.log_in().await?;
    let tunnel = outer.open_tunnel("127.0.0.1", second.sshd.port()).await?;
    let trust = Always::says(Verdict::Refuse);
    let refused = handshake(tunnel, Options::default(), trust, clock()).await;
    assert!(refused.is_err());
    assert_eq!(second.sshd.attempts("publickey"), 0);
    Ok(())
}

#[tokio::test]
async fn the_end_of_a_jump_host_is_the_end_of_what_is_behind_it() -> Result<()> {
    let (mut first, second) = (World::start(&[]).await?, World::start(&[]).await?);
    let outer = first.log_in().await?;
    let inner = onward(&outer, &second).await?;
    assert_eq!(outer.close_cause(), None);
    first.sshd.kill().await?;
    assert_eq!(inner.closed().await, CloseCause::LinkClosed);
    assert!(outer.close_cause().is_some());
    Ok(())
}
