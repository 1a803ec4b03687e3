//! Servers that lie. Whatever they do, an operation ends, in a sentence, with bounded memory.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use transom_sftp::codec::{Extension, Frames, Name, Request, RequestId, Response, Version};
use transom_sftp::{
    Attributes, MAX_DEPTH, MAX_ENTRIES, NoShell, Open, Options, SafeNames, Sftp, SftpError, Skip,
    Status, TreeCount, Upload,
};

use crate::support::{clock, noise};
use crate::transfer::Memory;

/// What a scripted server sends for a request: packets as they are, or nothing.
type Script = Box<dyn FnMut(RequestId, Request) -> Vec<Vec<u8>> + Send>;

/// A server that agrees on a version and then follows a script.
async fn serve(mut stream: DuplexStream, version: Vec<u8>, mut script: Script) {
    let mut frames = Frames::default();
    if stream.write_all(&version).await.is_err() {
        return;
    }
    let mut greeted = false;
    loop {
        match frames.take() {
            Ok(Some(_)) if !greeted => greeted = true,
            Ok(Some(packet)) => {
                let (id, request) = Request::decode(packet).unwrap();
                for packet in script(id, request) {
                    if stream.write_all(&packet).await.is_err() {
                        return;
                    }
                }
            }
            Ok(None) => match stream.read_buf(frames.space()).await {
                Ok(0) | Err(_) => return,
                Ok(_) => (),
            },
            // The client sends no such thing.
            Err(_) => return,
        }
    }
}

fn version(extensions: &[(&str, &str)]) -> Vec<u8> {
    let extension = |(name, value): &(&str, &str)| Extension {
        name: Bytes::copy_from_slice(name.as_bytes()),
        value: Bytes::copy_from_slice(value.as_bytes()),
    };
    Version {
        version: 3,
        extensions: extensions.iter().map(extension).collect(),
    }
    .encode()
}

async fn against(script: impl FnMut(RequestId, Request) -> Vec<Vec<u8>> + Send + 'static) -> Sftp {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(serve(far, version(&[]), Box::new(script)));
    let (reader, writer) = tokio::io::split(near);
    let (sftp, driver) = Sftp::begin(reader, writer, clock(), Options::default())
        .await
        .unwrap();
    tokio::spawn(driver.run());
    sftp
}

fn status(id: RequestId, status: Status) -> Vec<Vec<u8>> {
    vec![
        Response::Status {
            status,
            message: Bytes::new(),
        }
        .encode(id),
    ]
}

fn handle(id: RequestId) -> Vec<Vec<u8>> {
    vec![Response::Handle(Bytes::from_static(b"\0\xff\x80h")).encode(id)]
}

fn name(name: &[u8], folder: bool) -> Name {
    let permissions = Some(if folder { 0o040_755 } else { 0o100_644 });
    Name {
        name: Bytes::copy_from_slice(name),
        long: Bytes::new(),
        attributes: Attributes {
            permissions,
            size: Some(5),
            ..Attributes::default()
        },
    }
}

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
async fn a_folder_without_an_end_is_cut() {
    let sftp = against(|id, request| match request {
        Request::ReadDir { .. } => {
            let names = (0..1000).map(|number| name(format!("f{number}").as_bytes(), false));
            vec![Response::Names(names.collect()).encode(id)]
        }
        _ => handle(id),
    })
    .await;
    let mut listing = sftp.listdir_iter("x").await.unwrap();
    let mut count = 0;
    while listing.next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, MAX_ENTRIES);
    assert!(listing.is_cut());
}

#[tokio::test]
async fn a_folder_that_never_says_anything_ends() {
    let sftp = against(|id, request| match request {
        Request::ReadDir { .. } => vec![Response::Names(Vec::new()).encode(id)],
        _ => handle(id),
    })
    .await;
    assert_eq!(sftp.listdir("x", 10).await.unwrap().0, []);
}

#[tokio::test]
async fn a_folder_that_contains_itself_has_an_end() {
    let mut asked = 0u32;
    let sftp = against(move |id, request| match request {
        Request::OpenDir { .. } => {
            asked = 0;
            handle(id)
        }
        Request::ReadDir { .. } => {
            asked += 1;
            match asked {
                1 => vec![Response::Names(vec![name(b"d", true)]).encode(id)],
                _ => status(id, Status::Eof),
            }
        }
        Request::Lstat { .. } => {
            vec![Response::Attributes(name(b"d", true).attributes).encode(id)]
        }
        Request::ReadLink { .. } => status(id, Status::Failure),
        _ => status(id, Status::Ok),
    })
    .await;
    let mut count = TreeCount::default();
    sftp.count_tree("x", &mut count, |_| ()).await.unwrap();
    assert_eq!(count.failures, [Skip::TooDeep]);
    assert!(count.folders <= u64::try_from(MAX_DEPTH).unwrap());
}

#[tokio::test]
async fn names_that_leave_the_folder_are_reported_and_never_followed() {
    let names: [&[u8]; 6] = [b"../../up", b"/tmp/abs", b"..", b".", b"", b"nul\0x"];
    let mut first = true;
    let sftp = against(move |id, request| match request {
        Request::ReadDir { .. } if std::mem::take(&mut first) => {
            let folders = names.iter().map(|bad| name(bad, true));
            let names = folders.chain([name(b"good", false)]).collect();
            vec![Response::Names(names).encode(id)]
        }
        Request::ReadDir { .. } => status(id, Status::Eof),
        Request::OpenDir { path } => {
            assert_eq!(path, "x");
            handle(id)
        }
        Request::Lstat { .. } => {
            vec![Response::Attributes(name(b"d", true).attributes).encode(id)]
        }
        Request::ReadLink { .. } => status(id, Status::Failure),
        _ => status(id, Status::Ok),
    })
    .await;
    let mut count = TreeCount::default();
    sftp.count_tree("x", &mut count, |_| ()).await.unwrap();
    assert_eq!(count.files, 1);
    assert_eq!(count.failures, vec![Skip::NoName; 4]);
    let mut safe = SafeNames::default();
    for bad in names {
        let (name, changed) = safe.safe(bad);
        assert!(
            changed && !name.contains(['/', '\\', '\0']) && name != "..",
            "{name}"
        );
    }
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
