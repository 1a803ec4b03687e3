//! The log-in shell on a pseudo-terminal.

use russh::{Channel, client::Msg};

use crate::support::{Served, accepted, eventually, finish, is_running, read_until, soon};

/// Opens a shell whose prompt is `$ `.
async fn shell(served: &Served) -> Channel<Msg> {
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.request_pty(true, "xterm-256color", 100, 40, 800, 640, &[]))
        .await
        .unwrap();
    assert!(accepted(&mut channel).await);
    soon(channel.request_shell(true)).await.unwrap();
    type_line(&channel, "PS1='$ '; echo re''ady").await;
    read_until(&mut channel, "ready\r\n$ ").await;
    channel
}

async fn type_line(channel: &Channel<Msg>, line: &str) {
    let line = format!("{line}\n");
    soon(channel.data(line.as_bytes())).await.unwrap();
}

#[tokio::test]
async fn it_echoes_what_is_typed_and_says_what_it_is() {
    let served = Served::start().await;
    let mut channel = shell(&served).await;
    type_line(&channel, "echo $0 $TERM; test -t 2 && echo t''ty").await;
    let seen = read_until(&mut channel, "tty\r\n").await;
    assert!(seen.starts_with("echo $0 $TERM"), "no echo: {seen:?}");
    assert!(seen.contains("-sh xterm-256color\r\n"), "{seen:?}");
    served.stop().await;
}

#[tokio::test]
async fn it_knows_its_size_and_every_new_one() {
    let served = Served::start().await;
    let mut channel = shell(&served).await;
    type_line(&channel, "stty size").await;
    read_until(&mut channel, "40 100\r\n").await;
    for (columns, rows) in [(132, 50), (20, 5), (80, 24)] {
        soon(channel.window_change(columns, rows, 0, 0))
            .await
            .unwrap();
        type_line(&channel, "stty size").await;
        read_until(&mut channel, &format!("{rows} {columns}\r\n")).await;
    }
    // Without cells it is no size.
    soon(channel.window_change(0, 0, 640, 480)).await.unwrap();
    type_line(&channel, "stty size").await;
    read_until(&mut channel, "24 80\r\n").await;
}

#[tokio::test]
async fn erasing_takes_a_whole_character() {
    let served = Served::start().await;
    let mut channel = shell(&served).await;
    type_line(&channel, "cat > typed").await;
    // The terminal's own line editor erases in cat, since that does not edit.
    soon(channel.data("aä\x7fb\n\x04".as_bytes()))
        .await
        .unwrap();
    read_until(&mut channel, "$ ").await;
    type_line(&channel, "od -c typed; echo do''ne").await;
    let seen = read_until(&mut channel, "done").await;
    assert!(seen.contains("a   b  \\n"), "{seen:?}");
}

#[tokio::test]
async fn its_exit_status_arrives_after_its_last_words() {
    let served = Served::start().await;
    let mut channel = shell(&served).await;
    type_line(&channel, "trap 'echo last wo''rds' EXIT; exit 5").await;
    let outcome = finish(&mut channel).await;
    assert!(outcome.text().contains("last words\r\n"), "{outcome:?}");
    assert_eq!(outcome.status, Some(5));
}

#[tokio::test]
async fn a_background_program_does_not_keep_the_channel_open() {
    let served = Served::start().await;
    let mut channel = shell(&served).await;
    type_line(&channel, "(trap '' HUP; exec sleep 5) & exit 0").await;
    assert_eq!(finish(&mut channel).await.status, Some(0));
}

#[tokio::test]
async fn closing_the_channel_hangs_up_shell_and_command() {
    let served = Served::start().await;
    let mut channel = shell(&served).await;
    type_line(
        &channel,
        "echo $$ ta''g; exec sh -c 'echo $$ ta''g; sleep 1000; :'",
    )
    .await;
    let seen = read_until(&mut channel, "tag\r\n").await;
    let pids: Vec<_> = seen
        .lines()
        .filter_map(|line| line.strip_suffix(" tag"))
        .collect();
    assert!(!pids.is_empty(), "{seen:?}");
    soon(channel.close()).await.unwrap();
    for pid in pids {
        eventually("the shell ends", || !is_running(pid)).await;
    }
}

#[tokio::test]
async fn a_shell_without_a_terminal_reads_its_input_to_the_end() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.request_shell(true)).await.unwrap();
    type_line(&channel, "echo plain; exit 4").await;
    soon(channel.eof()).await.unwrap();
    let outcome = finish(&mut channel).await;
    assert_eq!(outcome.text(), "plain\n");
    assert_eq!(outcome.status, Some(4));
}

#[tokio::test]
async fn a_command_on_a_terminal_is_one_stream() {
    let served = Served::start().await;
    let client = served.log_in().await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.request_pty(false, "dumb", 80, 24, 0, 0, &[]))
        .await
        .unwrap();
    soon(channel.exec(true, "echo out; echo err >&2; exit 2"))
        .await
        .unwrap();
    let outcome = finish(&mut channel).await;
    assert_eq!(outcome.text(), "out\r\nerr\r\n");
    assert_eq!(outcome.status, Some(2));
}
