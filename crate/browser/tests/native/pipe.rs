//! The pipe between the SSH client and the link.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transom_browser::{Outbound, pipe};

/// Polls once; `None` while the future waits.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[tokio::test]
async fn bytes_arrive_in_order_whatever_the_sizes() {
    let (mut ssh, link) = pipe();
    let sent: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    for chunk in sent.chunks(997) {
        link.push(Bytes::copy_from_slice(chunk));
    }
    link.finish();
    let mut read = Vec::new();
    let mut buffer = [0; 313];
    loop {
        match ssh.read(&mut buffer).await.unwrap() {
            0 => break,
            count => read.extend_from_slice(&buffer[..count]),
        }
    }
    assert_eq!(read, sent);
    assert_eq!(link.take_consumed(), 10_000);
    assert_eq!(link.take_consumed(), 0);
}

#[test]
fn the_writer_waits_when_nobody_takes() {
    let (mut ssh, link) = pipe();
    let too_much = vec![0; 80_000];
    assert!(now(ssh.write_all(&too_much)).is_none(), "no bound");
    let Some(Outbound::Bytes(taken)) = link.take_outbound(usize::MAX) else {
        panic!("nothing to send");
    };
    assert!(taken.len() < too_much.len());
    assert!(now(ssh.write_all(&[0; 10_000])).is_some());
}

#[test]
fn flush_never_waits() {
    let (mut ssh, _link) = pipe();
    assert!(now(ssh.write_all(b"key")).is_some());
    assert!(now(ssh.flush()).is_some());
}

#[test]
fn what_was_written_before_the_end_is_sent_before_the_end() {
    let (mut ssh, link) = pipe();
    assert!(now(ssh.write_all(b"bye")).is_some());
    drop(ssh);
    assert_eq!(
        link.take_outbound(2),
        Some(Outbound::Bytes(Bytes::from_static(b"by")))
    );
    assert_eq!(
        link.take_outbound(2),
        Some(Outbound::Bytes(Bytes::from_static(b"e")))
    );
    assert_eq!(link.take_outbound(2), Some(Outbound::End));
}

#[test]
fn a_link_that_is_gone_is_end_of_file_and_a_broken_pipe() {
    let (mut ssh, link) = pipe();
    drop(link);
    let mut buffer = [0; 8];
    assert_eq!(now(ssh.read(&mut buffer)).unwrap().unwrap(), 0);
    assert!(now(ssh.write_all(b"x")).unwrap().is_err());
}

#[tokio::test]
async fn the_link_is_woken_by_reading_and_by_writing() {
    let (mut ssh, link) = pipe();
    assert!(now(link.stirred(true)).is_none());
    link.push(Bytes::from_static(b"abc"));
    let mut buffer = [0; 3];
    let ((), count) = tokio::join!(link.stirred(true), ssh.read(&mut buffer));
    assert_eq!((count.unwrap(), link.take_consumed()), (3, 3));
    assert!(now(link.stirred(true)).is_none());
    let ((), written) = tokio::join!(link.stirred(true), ssh.write_all(b"x"));
    assert!(written.is_ok());
    assert!(
        now(link.stirred(false)).is_none(),
        "asked for consumption only"
    );
}
