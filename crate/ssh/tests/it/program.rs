//! Shells and commands on OpenSSH.

use anyhow::{Result, bail};
use bytes::Bytes;
use transom_ssh::{ChannelError, ExitStatus, PtySize, ShellEvent, ShellRequest};

use crate::support::{World, read_all, read_until, run, shell, size};

#[tokio::test]
async fn a_shell_has_a_terminal_of_our_size_and_kind() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut request = ShellRequest::new(PtySize::new(101, 33, Some((808, 660)))?);
    request.env = vec![("TRANSOM_TEST".to_owned(), "yes".to_owned())];
    let mut shell = connection.open_shell(&request).await?;
    read_until(&mut shell, "ready> ").await?;
    shell
        .input
        .write("echo \"$(stty size) $TERM $TRANSOM_TEST\" $(stty -a | grep -o '.iutf8\\|iutf8')!\n")
        .await?;
    read_until(&mut shell, "33 101 xterm-256color yes iutf8!").await?;
    Ok(())
}

#[tokio::test]
async fn a_resize_reaches_the_program() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    shell.input.resize(PtySize::new(120, 40, None)?).await?;
    shell.input.write("stty size\n").await?;
    read_until(&mut shell, "40 120").await?;
    Ok(())
}

#[tokio::test]
async fn exit_comes_after_all_output_and_once() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    shell.input.write("seq 20000; echo last; exit 7\n").await?;
    let mut seen = Vec::new();
    let status = loop {
        match shell.output.next().await {
            Some(ShellEvent::Data(data)) => seen.extend(data),
            Some(ShellEvent::Exit(status)) => break status,
            None => bail!("no exit"),
        }
    };
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains("\r\n20000\r\nlast\r\n"), "{seen}");
    assert_eq!(status, ExitStatus::Code(7));
    assert_eq!(shell.output.next().await, None);
    assert_eq!(shell.input.write("late").await, Err(ChannelError::Closed));
    Ok(())
}

#[tokio::test]
async fn a_signal_that_ended_a_command_is_named() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let exec = connection.exec(b"kill -TERM $$", &[]).await?;
    assert_eq!(
        exec.exit().await,
        ExitStatus::Signal {
            name: "TERM".to_owned(),
            core_dumped: false
        }
    );
    Ok(())
}

#[tokio::test]
async fn a_signal_that_we_send_arrives() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let command = b"trap 'echo got it; exit 5' INT; echo on; while :; do read -t 1; done";
    let mut exec = connection.exec(command, &[]).await?;
    assert_eq!(exec.stdout.next().await?, Some(Bytes::from("on\n")));
    exec.signal("INT").await?;
    assert_eq!(exec.stdout.next().await?, Some(Bytes::from("got it\n")));
    assert_eq!(exec.exit().await, ExitStatus::Code(5));
    Ok(())
}

#[tokio::test]
async fn closing_a_shell_hangs_up_what_runs_in_it() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    shell
        .input
        .write("trap 'touch hung-up; exit' HUP; echo on; while :; do sleep 0.1; done\n")
        .await?;
    read_until(&mut shell, "\non").await?;
    drop(shell);
    let waiting = "until test -e hung-up; do sleep 0.1; done; echo yes";
    assert_eq!(run(&connection, waiting).await?, "yes\n");
    Ok(())
}

#[tokio::test]
async fn three_streams_of_a_command_do_not_wait_for_each_other() -> Result<()> {
    const BYTES: usize = 3_000_000;
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let command = b"tee /dev/stderr; exit 3";
    let mut exec = connection.exec(command, &[]).await?;
    let sent: Vec<u8> = (0..251).cycle().take(BYTES).collect();
    let whole = Bytes::from(sent.clone());
    // One after the other, in the worst order: all input, then the errors, then the output.
    exec.stdin.write(whole).await?;
    drop(exec.stdin);
    assert!(read_all(&mut exec.stderr).await? == sent, "errors differ");
    assert!(read_all(&mut exec.stdout).await? == sent, "output differs");
    let exec_exit = run(&connection, "echo still here").await?;
    assert_eq!(exec_exit, "still here\n");
    Ok(())
}

#[tokio::test]
async fn a_large_transfer_both_ways_at_once_arrives_whole() -> Result<()> {
    const CHUNKS: usize = 400;
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let exec = connection.exec(b"cat", &[]).await?;
    let chunk: Bytes = (0..253).cycle().take(65_536).collect();
    let transom_ssh::Exec {
        mut stdin,
        mut stdout,
        ..
    } = exec;
    let expected = chunk.clone();
    let writing = tokio::spawn(async move {
        for _ in 0..CHUNKS {
            stdin.write(chunk.clone()).await.unwrap();
        }
    });
    let mut offset = 0;
    while let Some(data) = stdout.next().await? {
        for byte in data {
            assert_eq!(byte, expected[offset % expected.len()], "at {offset}");
            offset += 1;
        }
    }
    writing.await?;
    assert_eq!(offset, CHUNKS * expected.len());
    Ok(())
}

#[tokio::test]
async fn a_command_that_does_not_exist_has_a_status_and_an_error() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let mut exec = connection.exec(b"no-such-command", &[]).await?;
    let error = String::from_utf8(read_all(&mut exec.stderr).await?)?;
    assert!(error.contains("not found"), "{error}");
    assert_eq!(exec.exit().await, ExitStatus::Code(127));
    Ok(())
}

#[tokio::test]
async fn a_terminal_without_a_cell_cannot_be_asked_for() {
    assert!(PtySize::new(0, 24, None).is_err());
    assert!(PtySize::new(80, 0, Some((1, 1))).is_err());
    assert_eq!(size(), PtySize::new(80, 24, Some((0, 0))).unwrap());
}
