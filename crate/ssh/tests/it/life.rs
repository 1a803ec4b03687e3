//! How connections live and end.

use std::time::{Duration, Instant};

use anyhow::Result;
use transom_ssh::{ChannelError, CloseCause, ExitStatus, KeepAlive, Options, ShellEvent};
use transom_testkit::Tap;

use crate::support::{World, read_until, run, shell};

#[tokio::test]
async fn a_ping_measures_the_round_trip() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let round_trip = connection.ping().await?;
    assert!(round_trip < Duration::from_secs(2), "{round_trip:?}");
    Ok(())
}

#[tokio::test]
async fn a_dead_link_is_noticed_within_ten_seconds() -> Result<()> {
    let world = World::start(&[]).await?;
    let tap = Tap::start(world.sshd.port()).await?;
    let connection = world.log_in_through(tap.port(), Options::default()).await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    let keeper = connection.clone();
    let keeping = tokio::spawn(async move { keeper.keep_alive(|_| {}).await });
    tap.stall();
    let begun = Instant::now();
    assert_eq!(connection.closed().await, CloseCause::Dead);
    assert!(begun.elapsed() < Duration::from_secs(10));
    keeping.await?;
    assert_eq!(
        shell.output.next().await,
        Some(ShellEvent::Exit(ExitStatus::Unknown))
    );
    assert_eq!(shell.input.write("x").await, Err(ChannelError::Closed));
    Ok(())
}

fn hasty() -> Options {
    Options {
        keep_alive: KeepAlive {
            interval: Duration::from_millis(100),
            patience: Duration::from_millis(700),
        },
        ..Options::default()
    }
}

#[tokio::test]
async fn a_living_link_stays_and_is_measured_again_and_again() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in_through(world.sshd.port(), hasty()).await?;
    let (sender, mut measured) = tokio::sync::mpsc::unbounded_channel();
    let keeper = connection.clone();
    let keeping = tokio::spawn(async move {
        keeper
            .keep_alive(|round_trip| sender.send(round_trip).unwrap())
            .await;
    });
    for _ in 0..5 {
        measured.recv().await.unwrap();
    }
    connection.disconnect().await;
    keeping.await?;
    assert_eq!(connection.closed().await, CloseCause::Ours);
    Ok(())
}

#[tokio::test]
async fn a_reader_that_sleeps_is_not_taken_for_a_dead_link() -> Result<()> {
    let world = World::start(&[]).await?;
    let mut options = hasty();
    // Shorter than the sleep, and longer than a busy machine takes to answer once it is over.
    options.keep_alive.patience = Duration::from_secs(3);
    let connection = world.log_in_through(world.sshd.port(), options).await?;
    let keeper = connection.clone();
    let keeping = tokio::spawn(async move { keeper.keep_alive(|_| {}).await });
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    shell.input.write("yes | head -c 30000000\n").await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(!keeping.is_finished());
    let draining = tokio::spawn(async move { while shell.output.next().await.is_some() {} });
    assert_eq!(run(&connection, "echo here").await?, "here\n");
    draining.abort();
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_killed_ends_everything_that_waits() -> Result<()> {
    let mut world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    let mut exec = connection.exec(b"sleep 1000", &[]).await?;
    world.sshd.kill().await?;
    assert_eq!(connection.closed().await, CloseCause::LinkClosed);
    assert_eq!(exec.stdout.next().await, Err(ChannelError::Closed));
    assert_eq!(exec.exit().await, ExitStatus::Unknown);
    assert!(matches!(
        shell.output.next().await,
        Some(ShellEvent::Exit(ExitStatus::Unknown))
    ));
    let exec = connection.exec(b"true", &[]).await;
    assert_eq!(exec.unwrap_err(), ChannelError::Closed);
    assert!(connection.ping().await.is_err());
    Ok(())
}

#[tokio::test]
async fn sessions_that_are_killed_leave_a_server_to_come_back_to() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    run(&connection, "true").await?;
    world.sshd.kill_sessions()?;
    assert_eq!(connection.closed().await, CloseCause::LinkClosed);
    let again = world.log_in().await?;
    assert_eq!(run(&again, "echo here").await?, "here\n");
    Ok(())
}

#[tokio::test]
async fn the_last_handle_takes_the_connection_with_it() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let shell = shell(&connection).await?;
    drop(connection);
    drop(shell);
    world.sshd.logged("Closing connection to").await?;
    Ok(())
}

#[tokio::test]
async fn an_orderly_end_is_told_to_the_server() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    // A server that is still busy with the log-in could not hear the end.
    run(&connection, "true").await?;
    connection.disconnect().await;
    assert_eq!(connection.closed().await, CloseCause::Ours);
    world.sshd.logged("Received disconnect from").await?;
    Ok(())
}

#[tokio::test]
async fn keys_are_exchanged_again_and_nothing_is_lost() -> Result<()> {
    let world = World::start(&["RekeyLimit 1M"]).await?;
    let connection = world.log_in().await?;
    let mut exec = connection
        .exec(
            b"head -c 20000000 /dev/zero | tee /dev/stderr | sha256sum",
            &[],
        )
        .await?;
    let mut errors = 0;
    while let Some(data) = exec.stderr.next().await? {
        errors += data.len();
    }
    assert_eq!(errors, 20_000_000);
    let mut sink = connection.exec(b"wc -c", &[]).await?;
    for _ in 0..100 {
        sink.stdin.write(vec![7; 100_000]).await?;
    }
    drop(sink.stdin);
    assert_eq!(
        sink.stdout.next().await?.as_deref(),
        Some(&b"10000000\n"[..])
    );
    let rekeyed = world.sshd.log().matches("rekey in").count()
        + world
            .sshd
            .log()
            .matches("SSH2_MSG_KEXINIT received")
            .count();
    assert!(rekeyed > 5, "{rekeyed}");
    Ok(())
}
