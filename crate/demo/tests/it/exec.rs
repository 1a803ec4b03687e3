//! Commands without a terminal.

use std::fs;

use russh::{Channel, Sig, client::Msg};

use crate::support::{Outcome, Served, accepted, eventually, finish, is_running, read_until, soon};

async fn exec(served: &Served, command: &str) -> Channel<Msg> {
    let client = served.log_in().await;
    let channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.exec(true, command)).await.unwrap();
    // The channel holds what it needs of the connection.
    channel
}

async fn outcome(served: &Served, command: &str) -> Outcome {
    finish(&mut exec(served, command).await).await
}

#[tokio::test]
async fn output_errors_and_exit_status_arrive_separately() {
    let served = Served::start().await;
    let outcome = outcome(&served, "echo out; echo err >&2; exit 7").await;
    assert_eq!(outcome.text(), "out\n");
    assert_eq!(outcome.errors, b"err\n");
    assert_eq!(outcome.status, Some(7));
    served.stop().await;
}

#[tokio::test]
async fn the_end_of_file_reaches_the_program_after_all_input() {
    let served = Served::start().await;
    let mut channel = exec(&served, "wc -c").await;
    let input = vec![b'x'; 5_000_000];
    soon(channel.data(input.as_slice())).await.unwrap();
    soon(channel.eof()).await.unwrap();
    let outcome = finish(&mut channel).await;
    assert_eq!(outcome.text().trim(), "5000000");
    assert_eq!(outcome.status, Some(0));
}

#[tokio::test]
async fn a_program_may_close_its_output_and_still_read() {
    let served = Served::start().await;
    let mut channel = exec(&served, "exec >&- 2>&-; cat > late").await;
    assert!(accepted(&mut channel).await);
    soon(channel.data(b"still there".as_slice())).await.unwrap();
    soon(channel.eof()).await.unwrap();
    assert_eq!(finish(&mut channel).await.status, Some(0));
    assert_eq!(
        fs::read(served.home.path().join("late")).unwrap(),
        b"still there"
    );
}

#[tokio::test]
async fn a_program_that_ends_without_reading_ends_the_channel() {
    let served = Served::start().await;
    let mut channel = exec(&served, "exit 3").await;
    // What is left over after the end is dropped.
    let _ = channel.data(vec![0; 100_000].as_slice()).await;
    assert_eq!(finish(&mut channel).await.status, Some(3));
}

#[tokio::test]
async fn ten_megabytes_arrive_unchanged() {
    let served = Served::start().await;
    let outcome = outcome(&served, "seq 1 1300000").await;
    let text = outcome.text();
    let mut expected = 1..=1_300_000;
    for line in text.lines() {
        assert_eq!(line.parse().ok(), expected.next());
    }
    assert_eq!(expected.next(), None);
}

#[tokio::test]
async fn a_signal_is_delivered_and_reported_by_name() {
    let served = Served::start().await;
    let mut channel = exec(&served, "echo ready; exec sleep 1000").await;
    read_until(&mut channel, "ready").await;
    soon(channel.signal(Sig::TERM)).await.unwrap();
    let outcome = finish(&mut channel).await;
    assert!(matches!(outcome.signal, Some(Sig::TERM)), "{outcome:?}");
    assert_eq!(outcome.status, None);
}

#[tokio::test]
async fn closing_the_channel_hangs_up_the_whole_group() {
    let served = Served::start().await;
    let mut channel = exec(&served, "sleep 1000 & echo $! $$ ready; wait").await;
    let line = read_until(&mut channel, "ready").await;
    soon(channel.close()).await.unwrap();
    for pid in line.split_whitespace().take(2) {
        eventually("the program ends", || !is_running(pid)).await;
    }
}

#[tokio::test]
async fn a_program_that_ignores_the_hang_up_is_killed() {
    let served = Served::start().await;
    let mut channel = exec(
        &served,
        "trap '' HUP; echo $$ ready; while :; do sleep 1; done",
    )
    .await;
    let line = read_until(&mut channel, "ready").await;
    soon(channel.close()).await.unwrap();
    let pid = line.split_whitespace().next().unwrap();
    eventually("the program is killed", || !is_running(pid)).await;
}

#[tokio::test]
async fn the_end_of_the_server_hangs_up_every_program() {
    let served = Served::start().await;
    let mut channel = exec(&served, "echo $$ ready; exec sleep 1000").await;
    let line = read_until(&mut channel, "ready").await;
    served.stop().await;
    assert!(!is_running(line.split_whitespace().next().unwrap()));
}

#[tokio::test]
async fn a_lost_connection_hangs_up_as_well() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.exec(true, "echo $$ ready; exec sleep 1000"))
        .await
        .unwrap();
    let line = read_until(&mut channel, "ready").await;
    drop((client, channel));
    let pid = line.split_whitespace().next().unwrap();
    eventually("the program ends", || !is_running(pid)).await;
}

#[tokio::test]
async fn a_program_waits_for_a_client_that_does_not_read() {
    let served = Served::start().await;
    let mut channel = exec(&served, "echo $$ ready; exec yes").await;
    let line = read_until(&mut channel, "ready").await;
    let pid = line.split_whitespace().next().unwrap().to_owned();
    let written = || fs::read_to_string(format!("/proc/{pid}/io")).unwrap();
    let mut before = String::new();
    let mut unchanged = 0;
    eventually("the program stops writing", || {
        let now = written();
        unchanged = if now == before { unchanged + 1 } else { 0 };
        before = now;
        unchanged > 10
    })
    .await;
    // The rest of the server goes on.
    assert_eq!(outcome(&served, "echo other").await.text(), "other\n");
}

#[tokio::test]
async fn the_environment_is_a_login_and_takes_locale_only() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    for (name, value, wanted) in [
        ("LC_TIME", "de_DE.UTF-8", true),
        ("LD_PRELOAD", "/tmp/x.so", false),
        ("BASH_ENV", "/tmp/x", false),
    ] {
        soon(channel.set_env(true, name, value)).await.unwrap();
        assert_eq!(accepted(&mut channel).await, wanted, "{name}");
    }
    soon(channel.exec(
        true,
        "echo $USER $LOGNAME $LC_TIME $SHELL; pwd; env | grep -c CARGO",
    ))
    .await
    .unwrap();
    let text = finish(&mut channel).await.text();
    let home = served.home.path().canonicalize().unwrap();
    let expected = format!(
        "visitor visitor de_DE.UTF-8 /bin/sh\n{}\n0\n",
        home.display()
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn other_subsystems_are_refused_and_the_channel_stays_usable() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.request_subsystem(true, "netconf"))
        .await
        .unwrap();
    assert!(!accepted(&mut channel).await);
    soon(channel.exec(true, "echo still here")).await.unwrap();
    assert_eq!(finish(&mut channel).await.text(), "still here\n");
}

#[tokio::test]
async fn files_are_served_by_the_program_that_openssh_brings() {
    let served = Served::start().await;
    fs::write(served.home.path().join("here"), "what").unwrap();
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.request_subsystem(true, "sftp")).await.unwrap();
    assert!(accepted(&mut channel).await);
    // SSH_FXP_INIT of version 3, then SSH_FXP_STAT number 1 of "here".
    let init = b"\0\0\0\x05\x01\0\0\0\x03";
    let stat = b"\0\0\0\x0d\x11\0\0\0\x01\0\0\0\x04here";
    soon(channel.data([&init[..], stat].concat().as_slice()))
        .await
        .unwrap();
    // SSH_FXP_ATTRS number 1, with a size of four bytes.
    let attributes = "\x69\0\0\0\x01\0\0\0\x0f\0\0\0\0\0\0\0\x04";
    read_until(&mut channel, attributes).await;
}

#[tokio::test]
async fn a_channel_runs_one_program_only() {
    let served = Served::start().await;
    let mut channel = exec(&served, "cat").await;
    assert!(accepted(&mut channel).await);
    soon(channel.exec(true, "echo second")).await.unwrap();
    assert!(!accepted(&mut channel).await);
    soon(channel.eof()).await.unwrap();
    assert_eq!(finish(&mut channel).await.text(), "");
}

#[tokio::test]
async fn many_channels_of_one_connection_run_at_once() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut channels = Vec::new();
    for number in 0..20 {
        let channel = soon(client.channel_open_session()).await.unwrap();
        soon(channel.exec(true, format!("read line; echo {number} $line")))
            .await
            .unwrap();
        channels.push(channel);
    }
    // In the opposite order: none waits for another.
    for (number, channel) in channels.iter_mut().enumerate().rev() {
        soon(channel.data(b"go\n".as_slice())).await.unwrap();
        assert_eq!(finish(channel).await.text(), format!("{number} go\n"));
    }
}

#[tokio::test]
async fn channels_are_bounded_and_closed_ones_do_not_count() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut open = Vec::new();
    while let Ok(channel) = soon(client.channel_open_session()).await {
        open.push(channel);
        assert!(open.len() <= 64, "no bound");
    }
    assert_eq!(open.len(), 64);
    let mut last = open.pop().unwrap();
    soon(last.exec(true, "true")).await.unwrap();
    finish(&mut last).await;
    let again = soon(async {
        loop {
            if let Ok(channel) = client.channel_open_session().await {
                break channel;
            }
        }
    });
    drop(again.await);
}
