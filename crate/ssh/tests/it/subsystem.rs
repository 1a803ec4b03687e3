//! Subsystems of Debian's OpenSSH server, used by the SFTP client.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use transom_sftp::{Open, OpenFlags, Options, Sftp};
use transom_ssh::{BoxFuture, ChannelError, Connection};

use crate::support::{World, clock, read_until, shell};

/// The clock, for the other client.
struct SftpClock(Arc<dyn transom_ssh::Clock>);

impl transom_sftp::Clock for SftpClock {
    fn now(&self) -> Duration {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }
}

async fn sftp(connection: &Connection) -> Result<Sftp> {
    let channel = connection.subsystem("sftp").await?;
    let clock = Arc::new(SftpClock(clock()));
    let begun = Sftp::begin(channel.output, channel.input, clock, Options::default()).await;
    let (sftp, driver) = begun?;
    tokio::spawn(driver.run());
    Ok(sftp)
}

/// Bytes that repeat nowhere near.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        bytes.extend(state.to_be_bytes());
    }
    bytes.truncate(length);
    bytes
}

#[tokio::test]
async fn a_file_goes_there_and_back() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let sftp = sftp(&connection).await?;
    let content = noise(20_000_000);
    let file = sftp
        .open("file", Open::exclusive().with(OpenFlags::READ))
        .await?;
    file.write_at(0, &content).await?;
    assert!(file.read_at(0, content.len()).await? == content);
    file.close().await?;
    Ok(())
}

#[tokio::test]
async fn a_shell_answers_while_files_are_moved() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let sftp = sftp(&connection).await?;
    let mut shell = shell(&connection).await?;
    read_until(&mut shell, "ready> ").await?;
    let content = noise(8_000_000);
    let file = sftp
        .open("file", Open::exclusive().with(OpenFlags::READ))
        .await?;
    let moving = async {
        loop {
            file.write_at(0, &content).await?;
            assert!(file.read_at(0, content.len()).await? == content);
        }
    };
    let typing = async {
        for number in 0..20 {
            shell
                .input
                .write(format!("echo $(({number} + 1000))\n"))
                .await?;
            read_until(&mut shell, &(number + 1000).to_string()).await?;
        }
        Ok(())
    };
    tokio::select! {
        moved = moving => moved,
        typed = typing => typed,
    }
}

#[tokio::test]
async fn a_subsystem_that_there_is_not_is_refused() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let refused = connection.subsystem("nothing").await.unwrap_err();
    let what = "the subsystem";
    assert_eq!(refused, ChannelError::PeerRefused { what });
    Ok(())
}

#[tokio::test]
async fn a_connection_that_is_cut_is_told_to_who_waits_for_a_file() -> Result<()> {
    let world = World::start(&[]).await?;
    let connection = world.log_in().await?;
    let sftp = sftp(&connection).await?;
    sftp.stat(".").await?;
    world.sshd.kill_sessions()?;
    while sftp.stat(".").await.is_ok() {}
    assert!(sftp.is_closed());
    Ok(())
}
