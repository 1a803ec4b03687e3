//! Back-pressure: bounded memory, and nobody else waits.

use std::time::{Duration, Instant};

use anyhow::Result;
use transom_ssh::{Options, ShellEvent};
use transom_testkit::Tap;

use crate::support::{World, read_until, run, shell};

/// What may be under way for one shell: spool (512 KiB), window (1 MiB), the sockets' buffers on
/// both sides of the tap (up to 6 MiB on Linux).
const BOUND_BYTES: u64 = 12 * 1024 * 1024;

#[tokio::test]
async fn a_reader_that_sleeps_holds_the_server_back() -> Result<()> {
    let world = World::start(&[]).await?;
    let tap = Tap::start(world.sshd.port()).await?;
    let connection = world.log_in_through(tap.port(), Options::default()).await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    shell.input.write("yes | head -c 20000000\n").await?;
    let mut before = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let passed = tap.from_server_bytes();
        if passed == before {
            break;
        }
        before = passed;
        assert!(passed < BOUND_BYTES, "{passed}");
    }
    // Then everything arrives.
    // 10 million lines, which the terminal makes one byte longer each.
    let mut left = 30_000_000_usize;
    while left > 1000 {
        match shell.output.next().await {
            Some(ShellEvent::Data(data)) => left = left.saturating_sub(data.len()),
            other => panic!("{other:?}"),
        }
    }
    Ok(())
}

#[tokio::test]
async fn keystrokes_go_out_while_nobody_reads() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let other = world.log_in().await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    shell.input.write("yes; touch interrupted\n").await?;
    // Long enough for everything to fill up.
    tokio::time::sleep(Duration::from_secs(1)).await;
    shell.input.write("\u{3}").await?;
    // An interrupted list ends with its first command in bash; so ask for something new.
    shell.input.write("touch interrupted\n").await?;
    let waiting = "until test -e interrupted; do sleep 0.1; done; echo yes";
    let drained = async { while shell.output.next().await.is_some() {} };
    tokio::select! {
        answer = run(&other, waiting) => assert_eq!(answer?, "yes\n"),
        () = drained => panic!("the shell ended"),
    }
    Ok(())
}

#[tokio::test]
async fn a_second_shell_answers_while_the_first_one_floods() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut flood = shell(&connection).await?;
    let mut quiet = shell(&connection).await?;
    read_until(&mut flood, "ready> ").await?;
    read_until(&mut quiet, "ready> ").await?;
    flood.input.write("yes\n").await?;
    let reading = tokio::spawn(async move {
        let mut bytes = 0_usize;
        while let Some(ShellEvent::Data(data)) = flood.output.next().await {
            bytes += data.len();
            // A terminal that parses 20 MB/s.
            let pause = Duration::from_nanos(50) * u32::try_from(data.len()).unwrap();
            tokio::time::sleep(pause).await;
            if bytes > 40_000_000 {
                break;
            }
        }
        flood
    });
    let mut slowest = Duration::ZERO;
    for round in 0..10 {
        let begun = Instant::now();
        quiet.input.write(format!("echo a{round}b\n")).await?;
        read_until(&mut quiet, &format!("\na{round}b")).await?;
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_millis(1500), "{slowest:?}");
    drop(reading.await?);
    Ok(())
}

#[tokio::test]
async fn a_blocked_input_does_not_block_the_other_channels() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    // Reads nothing, so its window fills up.
    let mut stuck = connection.exec(b"sleep 1000", &[]).await?;
    let stuffing = tokio::spawn(async move {
        loop {
            if stuck.stdin.write(vec![0; 65_536]).await.is_err() {
                return;
            }
        }
    });
    for round in 0..20 {
        let answer = run(&connection, &format!("echo {round}")).await?;
        assert_eq!(answer, format!("{round}\n"));
    }
    assert!(!stuffing.is_finished());
    connection.disconnect().await;
    stuffing.await?;
    Ok(())
}

#[tokio::test]
async fn an_abandoned_output_does_not_hold_the_connection() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let exec = connection
        .exec(b"yes | head -c 20000000; echo done >&2", &[])
        .await?;
    let transom_ssh::Exec {
        stdout, mut stderr, ..
    } = exec;
    drop(stdout);
    assert_eq!(stderr.next().await?.as_deref(), Some(&b"done\n"[..]));
    let mut flood = shell(&connection).await?;
    read_until(&mut flood, "ready> ").await?;
    flood.input.write("yes\n").await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(flood);
    assert_eq!(run(&connection, "echo here").await?, "here\n");
    Ok(())
}
