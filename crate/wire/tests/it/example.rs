//! The examples of PROTOCOL.md, line for line, and what its tables say.

use core::array;
use core::time::Duration;

use bytes::Bytes;
use transom_wire::{
    Close, CloseReason, DATA_HEADER, Frame, Host, Notice, NoticeKind, Open, Opened, Resume,
    Resumed, SessionId, SessionSecret, Ticket,
};

const DOCUMENT: &str = include_str!("../../PROTOCOL.md");

fn session() -> SessionId {
    SessionId::new(array::from_fn(|at| u8::try_from(at).unwrap()))
}

fn secret() -> SessionSecret {
    SessionSecret::new(array::from_fn(|at| u8::try_from(at + 0x20).unwrap()))
}

fn open() -> Open {
    Open {
        host: Host::new("web-1").unwrap(),
        port: 22,
        ticket: None,
        window_bytes: 1 << 20,
    }
}

fn opened() -> Opened {
    Opened {
        session: session(),
        secret: secret(),
        window_bytes: 1 << 20,
        grace: Duration::ZERO,
        address: Some("10.0.0.4:22".parse().unwrap()),
        takes_window: true,
    }
}

/// The frames of the document's examples, in its order.
fn frames() -> Vec<Frame> {
    vec![
        Frame::Open(open()),
        Frame::Opened(opened()),
        Frame::Data(Bytes::from_static(b"SSH-2.0-")),
        Frame::Ack { received: 65_536 },
        Frame::Window {
            window_bytes: 4 << 20,
        },
        Frame::Ping(7),
        Frame::Pong(7),
        Frame::Eof,
        Frame::Close(Close::new(CloseReason::Finished, "")),
        Frame::Resume(Resume {
            session: session(),
            secret: secret(),
            received: 1024,
            window_bytes: 1 << 20,
            attempt: 2,
        }),
        Frame::Resumed(Resumed {
            received: 512,
            window_bytes: 1 << 20,
        }),
        Frame::Notice(Notice {
            kind: NoticeKind::IDLE,
            after: Duration::from_mins(1),
            detail: String::new(),
        }),
        Frame::Close(Close::new(CloseReason::ConnectionRefused, "web-1")),
    ]
}

fn hex(text: &str) -> Vec<u8> {
    let byte = |at: usize, text: &str| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    let mut bytes = Vec::new();
    for group in text.split_whitespace() {
        match group.split_once("..") {
            Some((first, last)) => bytes.extend(byte(0, first)..=byte(0, last)),
            None => bytes.extend((0..group.len()).step_by(2).map(|at| byte(at, group))),
        }
    }
    bytes
}

/// The lines of the document's examples that hold a frame, without their explanation.
fn lines() -> Vec<Vec<u8>> {
    let (_, examples) = DOCUMENT.split_once("## Examples").unwrap();
    let (examples, _) = examples.split_once("## Plain mode").unwrap();
    let frame = |line: &'static str| {
        let line = line
            .strip_prefix("client  ")
            .or(line.strip_prefix("relay   "))?;
        Some(hex(line.split("   ").next().unwrap()))
    };
    examples.lines().filter_map(frame).collect()
}

#[test]
fn every_example_of_the_document_is_what_is_sent() {
    let lines = lines();
    assert_eq!(lines.len(), frames().len());
    for (line, frame) in lines.into_iter().zip(frames()) {
        assert_eq!(frame.encode(), line, "{frame:?}");
        assert_eq!(Frame::decode(line.into()).unwrap(), frame);
    }
}

#[test]
fn every_reason_is_in_the_document_with_its_code() {
    for reason in CloseReason::KNOWN {
        let cells = format!("| {} | {reason} |", reason.code());
        assert!(DOCUMENT.contains(&cells), "{cells}");
    }
}

#[test]
fn a_payload_behind_the_header_is_a_data_frame() {
    let message = [&DATA_HEADER[..], b"payload"].concat();
    let frame = Frame::decode(message.into()).unwrap();
    assert_eq!(frame, Frame::Data(Bytes::from_static(b"payload")));
}

#[test]
fn a_payload_is_decoded_without_a_copy() {
    let message = Bytes::from(vec![DATA_HEADER[0]; 100]);
    let begin = message.as_ptr();
    let Frame::Data(payload) = Frame::decode(message).unwrap() else {
        unreachable!("the type byte says data")
    };
    assert_eq!(payload.as_ptr(), begin.wrapping_add(1));
}

#[test]
fn debug_output_never_contains_secrets_or_payload() {
    let open = Open {
        ticket: Some(Ticket::new("hunter2").unwrap()),
        ..open()
    };
    for frame in [
        Frame::Open(open),
        Frame::Opened(Opened {
            secret: SessionSecret::new([0xAB; 32]),
            ..opened()
        }),
        Frame::Data(Bytes::from_static(b"hunter2")),
    ] {
        let shown = format!("{frame:?} {frame:#?}").to_lowercase();
        for secret in ["hunter2", "171", "abab", "0xab"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn a_reason_survives_the_closing_handshake() {
    for code in 4000..5000 {
        let reason = CloseReason::from_code(code);
        assert_eq!(reason.code(), code);
        assert_eq!(
            CloseReason::from_websocket_code(reason.websocket_code()),
            Some(reason)
        );
    }
    assert_eq!(CloseReason::from_websocket_code(1006), None);
    assert_eq!(CloseReason::from_code(7).websocket_code(), 4999);
}

#[test]
fn secrets_are_equal_only_when_every_byte_is() {
    assert_eq!(secret(), secret());
    for at in 0..32 {
        let mut bytes = *secret().expose();
        bytes[at] ^= 0x80;
        assert_ne!(SessionSecret::new(bytes), secret());
    }
}
