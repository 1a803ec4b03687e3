//! Servers that lie. Whatever they do, an operation ends, in a sentence, with bounded memory.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use transom_sftp::codec::{Frames, Request, RequestId, Response};
use transom_sftp::{Attributes, NoShell, Open, Options, Sftp, SftpError, Status, Upload};

use crate::local::Memory;
use crate::scripted::{against, handle, serve, status, version};
use crate::support::{clock, noise};

#[tokio::test(start_paused = true)]
async fn a_server_that_is_silent_is_told_after_the_patience() {
    let sftp = against(|_, _| Vec::new()).await;
    let began = tokio::time::Instant::now();
    let failed = sftp.stat("x").await.unwrap_err();
    assert_eq!(
        failed.to_string(),
        "cannot look at x: the server does not answer"
    );
    let waited = began.elapsed();
    assert!(
        waited >= Duration::from_secs(29) && waited < Duration::from_secs(31),
        "{waited:?}"
    );
    assert!(sftp.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_at_all_is_told_too() {
    let (near, _far) = tokio::io::duplex(1024);
    let (reader, writer) = tokio::io::split(near);
    let failed = Sftp::begin(reader, writer, clock(), Options::default())
        .await
        .unwrap_err();
    assert!(
        matches!(failed, SftpError::PeerTimeout { .. }),
        "{failed:?}"
    );
}

#[tokio::test]
async fn what_is_no_sftp_is_told_as_such() {
    let greetings: [&[u8]; 3] = [
        b"Welcome to the machine!\r\n",
        &[0, 0, 0, 0],
        &[0, 0, 0, 1, 99],
    ];
    for greeting in greetings {
        let (near, mut far) = tokio::io::duplex(1024);
        far.write_all(greeting).await.unwrap();
        let (reader, writer) = tokio::io::split(near);
        let failed = Sftp::begin(reader, writer, clock(), Options::default())
            .await
            .unwrap_err();
        assert!(
            matches!(failed, SftpError::PeerMisbehaved { .. }),
            "{failed:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_to_what_was_not_asked_ends_the_connection() {
    let sftp = against(|id, _| status(RequestId(id.0 + 1), Status::Ok)).await;
    let failed = sftp.remove("x").await.unwrap_err();
    assert!(
        matches!(failed, SftpError::PeerMisbehaved { .. }),
        "{failed:?}"
    );
    assert!(sftp.is_closed());
}

#[tokio::test]
async fn more_data_than_asked_for_ends_the_connection() {
    let sftp = against(|id, request| match request {
        Request::Read { length, .. } => {
            let data = vec![7; usize::try_from(length).unwrap() + 1];
            vec![Response::Data(data.into()).encode(id)]
        }
        _ => handle(id),
    })
    .await;
    let file = sftp.open("x", Open::read()).await.unwrap();
    let failed = file.read_at(0, 100).await.unwrap_err();
    assert!(
        matches!(failed, SftpError::PeerMisbehaved { .. }),
        "{failed:?}"
    );
}

#[tokio::test]
async fn an_answer_of_the_wrong_kind_is_refused() {
    let sftp = against(|id, _| handle(id)).await;
    assert!(sftp.stat("x").await.is_err());
    assert!(sftp.normalize("x").await.is_err());
    assert!(sftp.remove("x").await.is_err());
    let sftp = against(|id, _| vec![Response::Names(Vec::new()).encode(id)]).await;
    assert!(sftp.normalize("x").await.is_err());
    assert!(sftp.open("x", Open::read()).await.is_err());
}

#[tokio::test]
async fn short_reads_in_any_order_are_put_together() {
    let content = noise(2_000_000, 3);
    let served = content.clone();
    let mut waiting: Vec<Vec<u8>> = Vec::new();
    let sftp = against(move |id, request| match request {
        Request::Read { offset, length, .. } => {
            let start = usize::try_from(offset).unwrap();
            // Between one byte and what was asked for.
            let length = usize::try_from(length).unwrap();
            let length = 1 + (start * 31 + length * 7) % length;
            let data = served.get(start..(start + length).min(served.len()));
            let data = data
                .filter(|data| !data.is_empty())
                .map(Bytes::copy_from_slice);
            let end = Response::Status {
                status: Status::Eof,
                message: Bytes::new(),
            };
            let answer = data.map_or(end, Response::Data).encode(id);
            waiting.push(answer);
            // The youngest first, in heaps of three; what is left comes with the next.
            if waiting.len() >= 3 || length % 5 == 0 {
                waiting.reverse();
                return std::mem::take(&mut waiting);
            }
            Vec::new()
        }
        // Asked beside a reader, so that nothing waits for ever.
        Request::Open { .. } => {
            let mut all = std::mem::take(&mut waiting);
            all.extend(handle(id));
            all
        }
        _ => status(id, Status::Ok),
    })
    .await;
    let file = sftp.open("x", Open::read()).await.unwrap();
    let nudge = async {
        loop {
            let _any = sftp.open("y", Open::read()).await;
        }
    };
    let read = async {
        // One at a time is the worst case for a server that wants three.
        file.read_at(0, 2_000_000).await.unwrap()
    };
    let read = tokio::select! {
        read = read => read,
        () = nudge => unreachable!(),
    };
    assert!(read == content);
}

#[tokio::test]
async fn reads_that_bring_nothing_do_not_go_on_for_ever() {
    let sftp = against(|id, request| match request {
        Request::Read { .. } => vec![Response::Data(Bytes::new()).encode(id)],
        _ => handle(id),
    })
    .await;
    let file = sftp.open("x", Open::read()).await.unwrap();
    assert!(file.read_at(0, 10).await.is_err());
}

#[tokio::test]
async fn words_of_a_server_are_shown_safely_and_cut() {
    let sftp = against(|id, _| {
        let message = "\x1b]52;c;AAAA\x07\u{202e}".repeat(10_000);
        vec![
            Response::Status {
                status: Status::Failure,
                message: message.into(),
            }
            .encode(id),
        ]
    })
    .await;
    let said = sftp.remove("a\nb").await.unwrap_err().to_string();
    assert!(said.len() < 2048, "{}", said.len());
    assert!(!said.contains(['\x1b', '\x07', '\n', '\u{202e}']), "{said}");
    assert!(
        said.starts_with("cannot delete a␊b: the server says: ␛]52"),
        "{said}"
    );
}

#[tokio::test]
async fn limits_without_sense_are_kept_within_ours() {
    for limits in [
        [0u64; 4],
        [u64::MAX; 4],
        [1; 4],
        [34_000, 1 << 40, 1 << 40, 9],
    ] {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let answer = limits
            .iter()
            .flat_map(|limit| limit.to_be_bytes())
            .collect::<Vec<u8>>();
        let script = move |id, _| vec![Response::Extended(answer.clone().into()).encode(id)];
        let hello = version(&[("limits@openssh.com", "1")]);
        tokio::spawn(serve(far, hello, Box::new(script)));
        let (reader, writer) = tokio::io::split(near);
        let begun = Sftp::begin(reader, writer, clock(), Options::default()).await;
        let read = begun.unwrap().0.offer().limits.read_bytes;
        assert!((1..=256 * 1024).contains(&read), "{limits:?} {read}");
    }
}

#[tokio::test]
async fn a_full_disk_is_told_in_words() {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let script = move |id, request| match request {
        Request::Lstat { .. } => status(id, Status::NoSuchFile),
        Request::Open { .. } => handle(id),
        Request::Write { .. } => status(id, Status::Failure),
        Request::Extended { .. } => vec![Response::Extended(vec![0; 88].into()).encode(id)],
        _ => status(id, Status::Ok),
    };
    let hello = version(&[("statvfs@openssh.com", "2")]);
    tokio::spawn(serve(far, hello, Box::new(script)));
    let (reader, writer) = tokio::io::split(near);
    let (sftp, driver) = Sftp::begin(reader, writer, clock(), Options::default())
        .await
        .unwrap();
    tokio::spawn(driver.run());
    let up = Upload {
        target: "big".into(),
        token: "t0k3nt0k3n".into(),
        ..Upload::default()
    };
    let mut source = Memory::of(noise(1_000_000, 4));
    let failed = up
        .run(&sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap_err();
    assert!(
        failed
            .to_string()
            .starts_with("no room left on the server for "),
        "{failed}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_that_goes_on_is_not_given_up() {
    let (near, mut far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move {
        far.write_all(&version(&[])).await.unwrap();
        let mut frames = Frames::default();
        let mut seen = 0;
        while seen < 2 {
            far.read_buf(frames.space()).await.unwrap();
            while frames.take().unwrap().is_some() {
                seen += 1;
            }
        }
        // One byte in twenty seconds: the answer takes minutes.
        let answer = Response::Attributes(Attributes::default()).encode(RequestId(1));
        for byte in answer {
            tokio::time::sleep(Duration::from_secs(20)).await;
            far.write_all(&[byte]).await.unwrap();
        }
        pending::<()>().await;
    });
    let (reader, writer) = tokio::io::split(near);
    let (sftp, driver) = Sftp::begin(reader, writer, clock(), Options::default())
        .await
        .unwrap();
    tokio::spawn(driver.run());
    assert_eq!(sftp.stat("x").await.unwrap(), Attributes::default());
}
