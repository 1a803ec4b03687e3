//! The examples of PROTOCOL.md, byte for byte.

use bytes::Bytes;
use transom_wire::{
    Close, CloseReason, DecodeError, Frame, Open, Opened, SessionId, SessionSecret, VERSION,
};

fn both_ways(frame: &Frame, hex: &str) {
    let bytes: Vec<u8> = hex
        .split_whitespace()
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect();
    assert_eq!(frame.encode(), bytes, "{frame:?}");
    assert_eq!(&Frame::decode(bytes.into()).unwrap(), frame);
}

#[test]
fn frames_are_the_bytes_of_the_document() {
    both_ways(
        &Frame::Open(Open {
            version: VERSION,
            window: 1_048_576,
            host: "web-1".to_owned(),
            port: 22,
            ticket: None,
        }),
        "01 01 00 10 00 00 00 16 00 05 77 65 62 2d 31 00 00",
    );
    both_ways(
        &Frame::Data(Bytes::from_static(b"SSH-2.0-")),
        "10 53 53 48 2d 32 2e 30 2d",
    );
    both_ways(
        &Frame::Ack { received: 262_144 },
        "11 00 00 00 00 00 04 00 00",
    );
    both_ways(&Frame::Eof, "12");
    both_ways(
        &Frame::Close(Close {
            reason: CloseReason::TcpRefused,
            detail: "web-1".to_owned(),
        }),
        "13 00 12 77 65 62 2d 31",
    );
    both_ways(&Frame::Ping(7), "14 00 00 00 00 00 00 00 07");
}

#[test]
fn a_frame_of_another_version_says_so() {
    let open = "01 02 00 10 00 00 00 16 00 01 61 00 00";
    let bytes: Vec<u8> = open
        .split(' ')
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect();
    assert_eq!(Frame::decode(bytes.into()), Err(DecodeError::Version(2)));
}

#[test]
fn secrets_and_tickets_are_not_printed() {
    let opened = Frame::Opened(Opened {
        session: SessionId([1; 16]),
        secret: SessionSecret([0xAB; 32]),
        window: 1,
        grace_seconds: 0,
    });
    let printed = format!("{opened:?}");
    assert!(
        !printed.contains("171") && !printed.to_lowercase().contains("ab, "),
        "{printed}"
    );
    let open = Frame::Open(Open {
        version: VERSION,
        window: 1,
        host: "h".to_owned(),
        port: 1,
        ticket: Some(Bytes::from_static(b"hunter2")),
    });
    assert!(!format!("{open:?}").contains("hunter2"));
}

#[test]
fn reasons_survive_the_wire_and_the_closing_handshake() {
    for code in 0..1000 {
        let reason = CloseReason::from_code(code);
        assert_eq!(reason.code(), code);
        if reason != CloseReason::Finished {
            let websocket = reason.websocket_code();
            assert_eq!(CloseReason::from_websocket_code(websocket), Some(reason));
        }
    }
    assert_eq!(CloseReason::from_websocket_code(1006), None);
}
