//! Servers that break the protocol: a clear error, in time, within bounds.

use std::time::{Duration, Instant};

use anyhow::Result;
use transom_ssh::{
    AlgorithmKind, ChannelError, CloseCause, ConnectError, Deadlines, Options, Outcome, ShellEvent,
    ShellRequest, Stage,
};
use transom_testkit::{Double, Hostile, Library, Mode, Overflow, PythonServer, Script, USER};

use crate::support::{connect, size};

/// A server that got nothing sent for this long is held back.
const STANDSTILL: Duration = Duration::from_millis(300);

/// Most that may be on its way to a shell that nobody reads: what russh queues and what two
/// sockets of the system's hold.
const MOST_HELD: u64 = 16 << 20;

/// Deadlines that a test can wait for.
fn impatient() -> Options {
    let soon = Duration::from_secs(1);
    Options {
        deadlines: Deadlines {
            identify: soon,
            key_exchange: soon,
            channel: soon,
            ..Deadlines::default()
        },
        ..Options::default()
    }
}

async fn meet(mode: Mode) -> Result<ConnectError> {
    let server = Hostile::start(mode).await?;
    let begun = Instant::now();
    let outcome = connect(server.port(), impatient()).await;
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{mode:?} took long"
    );
    match outcome {
        Ok(_) => panic!("{mode:?} was taken for a server"),
        Err(error) => Ok(error),
    }
}

#[tokio::test]
async fn a_web_server_is_quoted_safely() -> Result<()> {
    let error = meet(Mode::Http).await?;
    let ConnectError::PeerNotSsh { said } = error else {
        panic!("{error:?}");
    };
    assert!(said.starts_with("HTTP/1.1 400 Bad Request\n"), "{said}");
    assert!(
        said.contains("␛[31m") && said.contains("<U+202E>"),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn a_greeting_without_end_is_cut_short() -> Result<()> {
    for mode in [Mode::EndlessGreeting, Mode::EndlessLine] {
        let error = meet(mode).await?;
        let ConnectError::PeerNotSsh { said } = error else {
            panic!("{error:?}");
        };
        assert!(said.starts_with("welcome "), "{said}");
        assert!(said.len() <= 200, "{}", said.len());
    }
    Ok(())
}

#[tokio::test]
async fn silence_ends_at_the_deadline_of_its_stage() -> Result<()> {
    let stage = Stage::Identifying;
    assert_eq!(
        meet(Mode::Silent).await?,
        ConnectError::PeerTimeout { stage }
    );
    let stage = Stage::ExchangingKeys;
    assert_eq!(
        meet(Mode::SilentAfterIdentification).await?,
        ConnectError::PeerTimeout { stage }
    );
    Ok(())
}

#[tokio::test]
async fn a_port_that_closes_at_once_is_no_ssh_server_that_failed() -> Result<()> {
    let stage = Stage::Identifying;
    assert_eq!(
        meet(Mode::Closing).await?,
        ConnectError::LinkClosed { stage }
    );
    Ok(())
}

#[tokio::test]
async fn a_packet_of_4_gib_is_refused() -> Result<()> {
    let error = meet(Mode::HugePacket).await?;
    assert!(
        matches!(error, ConnectError::PeerMisbehaved { .. }),
        "{error:?}"
    );
    Ok(())
}

#[tokio::test]
async fn no_common_algorithm_names_what_the_server_offers() -> Result<()> {
    assert_eq!(
        meet(Mode::NoCommonAlgorithm).await?,
        ConnectError::PeerNoCommonAlgorithm {
            kind: AlgorithmKind::Kex,
            offered: vec![
                "curve00000-sha0".to_owned(),
                "diffie-hellman-group1-sha1".to_owned()
            ],
        }
    );
    Ok(())
}

#[tokio::test]
async fn a_disconnect_before_the_key_exchange_is_quoted_safely() -> Result<()> {
    assert_eq!(
        meet(Mode::Disconnect).await?,
        ConnectError::PeerDisconnected {
            stage: Stage::ExchangingKeys,
            text: "Too many <U+202E>friends␛[2J".to_owned(),
        }
    );
    Ok(())
}

async fn shell_on(script: Script) -> Result<(Double, transom_ssh::Connection)> {
    let double = Double::start(script).await?;
    let login = connect(double.port(), impatient()).await?;
    match login.none(USER).await? {
        Outcome::LoggedIn(connection) => Ok((double, connection)),
        denied @ Outcome::Denied { .. } => panic!("{denied:?}"),
    }
}

#[tokio::test]
async fn a_disconnect_message_is_quoted_safely_and_bounded() -> Result<()> {
    let words = "\u{1b}]52;c;ZWNobwo=\u{7}Bye\u{202e}".to_owned() + &"Z".repeat(200_000);
    let (_double, connection) = shell_on(Script {
        disconnect: Some(words),
        ..Script::default()
    })
    .await?;
    let shell = connection.open_shell(&ShellRequest::new(size())).await;
    let CloseCause::Peer { reason, text } = connection.closed().await else {
        panic!("{:?}", connection.closed().await);
    };
    assert_eq!(reason, 2);
    assert!(text.starts_with("␛]52;c;ZWNobwo=␇Bye<U+202E>Z"), "{text}");
    assert!(text.len() <= 1024, "{}", text.len());
    drop(shell);
    Ok(())
}

#[tokio::test]
async fn channels_that_the_server_opens_are_refused() -> Result<()> {
    let (double, connection) = shell_on(Script {
        opens_channels: true,
        ..Script::default()
    })
    .await?;
    let _shell = connection.open_shell(&ShellRequest::new(size())).await?;
    let tried = async {
        while double.opened().is_none() {
            connection.ping().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(10), tried).await?;
    assert_eq!(double.opened(), Some(0));
    Ok(())
}

#[tokio::test]
async fn channels_of_kinds_that_nobody_knows_are_refused_too() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = PythonServer::start(Library::ParamikoOpens, folder.path()).await?;
    let login = connect(server.port(), Options::default()).await?;
    let Outcome::LoggedIn(connection) = login.password(USER, "any").await? else {
        panic!("the server takes every password");
    };
    let mut exec = connection.exec(b"open", &[]).await?;
    let mut told = String::new();
    while let Some(piece) = exec.stdout.next().await? {
        told.push_str(&String::from_utf8_lossy(&piece));
    }
    let refused = told.lines().filter(|line| {
        // Administratively prohibited, or a kind that is not known.
        line.ends_with(" 1") || line.ends_with(" 3")
    });
    assert_eq!((told.lines().count(), refused.count()), (8, 8), "{told}");
    // The session goes on.
    connection.ping().await?;
    Ok(())
}

#[tokio::test]
async fn a_refused_terminal_is_an_error_of_the_channel_only() -> Result<()> {
    let (_double, connection) = shell_on(Script {
        refuses_pty: true,
        ..Script::default()
    })
    .await?;
    let refused = connection.open_shell(&ShellRequest::new(size())).await;
    let what = "a terminal";
    assert_eq!(refused.unwrap_err(), ChannelError::PeerRefused { what });
    connection.ping().await?;
    Ok(())
}

#[tokio::test]
async fn a_request_without_an_answer_ends_at_its_deadline() -> Result<()> {
    let (_double, connection) = shell_on(Script {
        ignores_shell: true,
        ..Script::default()
    })
    .await?;
    let ignored = connection.open_shell(&ShellRequest::new(size())).await;
    let what = "a shell";
    assert_eq!(ignored.unwrap_err(), ChannelError::PeerTimeout { what });
    connection.ping().await?;
    Ok(())
}

#[tokio::test]
async fn output_beyond_the_window_is_held_back() -> Result<()> {
    let server = Overflow::start().await?;
    let login = connect(server.port(), impatient()).await?;
    let Outcome::LoggedIn(connection) = login.none(USER).await? else {
        panic!("the server lets everybody in");
    };
    let mut shell = connection.open_shell(&ShellRequest::new(size())).await?;
    // Nobody reads: the server has to wait.
    let mut held = 0;
    while held == 0 || held < server.sent() {
        held = server.sent();
        tokio::time::sleep(STANDSTILL).await;
    }
    assert!(held <= MOST_HELD, "{held} bytes went out");
    // What was held back is delivered whole.
    let reading = async {
        let mut read = 0;
        while read < Overflow::FLOOD {
            match shell.output.next().await {
                Some(ShellEvent::Data(data)) => read += u64::try_from(data.len())?,
                other => panic!("{other:?} after {read} bytes"),
            }
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(30), reading).await?
}
