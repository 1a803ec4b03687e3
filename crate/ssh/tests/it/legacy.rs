//! Servers that know only algorithms that are known to be weak.

use anyhow::Result;
use transom_ssh::{AlgorithmKind, ConnectError, Options};

use crate::support::{World, connect, run};

fn legacy() -> Options {
    Options {
        legacy: true,
        ..Options::default()
    }
}

/// What a server offers in place of the usual, and of which kind that is.
const OLD: [(&str, AlgorithmKind); 6] = [
    (
        "KexAlgorithms diffie-hellman-group1-sha1",
        AlgorithmKind::Kex,
    ),
    (
        "KexAlgorithms diffie-hellman-group14-sha1",
        AlgorithmKind::Kex,
    ),
    (
        "KexAlgorithms diffie-hellman-group-exchange-sha1",
        AlgorithmKind::Kex,
    ),
    ("HostKeyAlgorithms ssh-rsa", AlgorithmKind::HostKey),
    ("Ciphers aes128-cbc", AlgorithmKind::Cipher),
    ("MACs hmac-sha1\nCiphers aes128-ctr", AlgorithmKind::Mac),
];

#[tokio::test]
async fn an_old_server_is_refused_unless_a_person_chose_it() -> Result<()> {
    for (line, expected) in OLD {
        let world = World::start(&[line]).await?;
        let refused = connect(world.sshd.port(), Options::default()).await;
        let Err(ConnectError::PeerNoCommonAlgorithm { kind, .. }) = refused else {
            panic!("{line}: {refused:?}");
        };
        assert_eq!(kind, expected, "{line}");
        let connection = world.log_in_through(world.sshd.port(), legacy()).await?;
        assert!(connection.negotiated().legacy);
        assert_eq!(run(&connection, "echo alive").await?, "alive\n", "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_of_today_agrees_on_the_best_also_where_weak_ones_are_allowed() -> Result<()> {
    let world = World::start(&[]).await?;
    let usual = world.log_in().await?.negotiated().clone();
    let connection = world.log_in_through(world.sshd.port(), legacy()).await?;
    let chosen = connection.negotiated();
    assert_eq!(
        (&chosen.kex, &chosen.cipher, &chosen.host_key),
        (&usual.kex, &usual.cipher, &usual.host_key)
    );
    Ok(())
}
