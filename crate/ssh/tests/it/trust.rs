//! No credential leaves before the host key is accepted.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Result;
use transom_keys::{KnownHosts, PublicKey};
use transom_ssh::{ConnectError, Deadlines, Options, Trust, Verdict};
use transom_testkit::{Sshd, SshdOptions, Tap};

use crate::support::{Always, connect, connect_trusting};

#[tokio::test]
async fn a_refused_host_key_sends_no_credential() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let refuse = Always::says(Verdict::Refuse);
    let asked = refuse.asked.clone();
    let outcome = connect_trusting(sshd.port(), Options::default(), refuse).await;
    let expected = PublicKey::from_openssh(&sshd.host_key("ed25519").public()?)?;
    let Err(ConnectError::UserRefusedHostKey { key }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(*key, expected);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    sshd.logged("closed by").await?;
    for method in ["none", "password", "publickey", "keyboard-interactive"] {
        assert_eq!(sshd.attempts(method), 0, "{method}");
    }
    Ok(())
}

#[tokio::test]
async fn the_known_type_of_host_key_is_asked_for_first() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    for kind in ["rsa", "ecdsa", "ed25519"] {
        let key = PublicKey::from_openssh(&sshd.host_key(kind).public()?)?;
        let mut known = KnownHosts::default();
        known.add("127.0.0.1", sshd.port(), &key);
        let options = Options {
            known_key_types: known.algorithms_for("127.0.0.1", sshd.port()),
            ..Options::default()
        };
        let login = connect(sshd.port(), options).await?;
        assert_eq!(login.negotiated().host_key, key);
    }
    Ok(())
}

/// Takes longer than every deadline.
struct Ponderer;

impl Trust for Ponderer {
    async fn decide(&mut self, _offered: PublicKey) -> Verdict {
        tokio::time::sleep(Duration::from_secs(3)).await;
        Verdict::Accept
    }
}

#[tokio::test]
async fn a_persons_time_does_not_count_against_the_deadlines() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let options = Options {
        deadlines: Deadlines {
            identify: Duration::from_secs(2),
            key_exchange: Duration::from_secs(2),
            ..Deadlines::default()
        },
        ..Options::default()
    };
    connect_trusting(sshd.port(), options, Ponderer).await?;
    Ok(())
}

/// Never answers, and tells when it is dropped.
struct Undecided(tokio::sync::mpsc::Sender<()>);

impl Trust for Undecided {
    async fn decide(&mut self, _offered: PublicKey) -> Verdict {
        self.0.send(()).await.unwrap();
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_dropped_handshake_drops_the_question_and_the_connection() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default()).await?;
    let tap = Tap::start(sshd.port()).await?;
    let (asked, mut question) = tokio::sync::mpsc::channel(1);
    let connecting = connect_trusting(tap.port(), Options::default(), Undecided(asked));
    tokio::select! {
        _ = connecting => panic!("nobody decided"),
        _ = question.recv() => {}
    }
    // The sender is dropped with its owner.
    assert_eq!(question.recv().await, None);
    sshd.logged("closed by").await?;
    Ok(())
}
