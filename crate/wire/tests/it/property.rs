//! Any frame survives the wire; no bytes break the parser.

use bytes::Bytes;
use proptest::prelude::*;
use transom_wire::{
    Close, CloseReason, Frame, MAX_DATA_BYTES, Open, Opened, Resume, Resumed, SessionId,
    SessionSecret, VERSION,
};

fn frame() -> impl Strategy<Value = Frame> {
    let opening = (
        "[a-z0-9.:-]{1,255}",
        1..=u16::MAX,
        1..=u32::MAX,
        prop::option::of(prop::collection::vec(any::<u8>(), 1..100)),
    )
        .prop_map(|(host, port, window, ticket)| {
            Frame::Open(Open {
                version: VERSION,
                window,
                host,
                port,
                ticket: ticket.map(Bytes::from),
            })
        });
    let opened = (
        any::<[u8; 16]>(),
        any::<[u8; 32]>(),
        any::<u32>(),
        any::<u32>(),
    )
        .prop_map(|(session, secret, window, grace_seconds)| {
            Frame::Opened(Opened {
                session: SessionId(session),
                secret: SessionSecret(secret),
                window,
                grace_seconds,
            })
        });
    let resume = (any::<[u8; 16]>(), any::<[u8; 32]>(), any::<u64>()).prop_map(
        |(session, secret, received)| {
            Frame::Resume(Resume {
                session: SessionId(session),
                secret: SessionSecret(secret),
                received,
            })
        },
    );
    let close = (any::<u16>(), ".{0,100}").prop_map(|(code, detail)| {
        Frame::Close(Close {
            reason: CloseReason::from_code(code),
            detail,
        })
    });
    prop_oneof![
        opening,
        opened,
        resume,
        close,
        any::<u64>().prop_map(|received| Frame::Resumed(Resumed { received })),
        prop::collection::vec(any::<u8>(), 1..2000).prop_map(|bytes| Frame::Data(bytes.into())),
        any::<u64>().prop_map(|received| Frame::Ack { received }),
        Just(Frame::Eof),
        any::<u64>().prop_map(Frame::Ping),
        any::<u64>().prop_map(Frame::Pong),
    ]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(frame in frame()) {
        prop_assert_eq!(Frame::decode(frame.encode()).unwrap(), frame);
    }

    #[test]
    fn a_truncated_frame_is_refused_or_a_shorter_text(frame in frame(), part in 0.0..1.0_f64) {
        let bytes = frame.encode();
        let cut = (bytes.len() as f64 * part) as usize;
        let shorter = Frame::decode(bytes.slice(..cut));
        // Data and the detail of a close end where the message ends; nothing else may.
        if !matches!(frame, Frame::Data(_) | Frame::Close(_)) {
            prop_assert!(shorter.is_err());
        }
    }

    #[test]
    fn no_bytes_break_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(frame) = Frame::decode(bytes.clone().into()) {
            prop_assert_eq!(frame.encode(), bytes);
        }
    }
}

#[test]
fn a_payload_is_neither_empty_nor_larger_than_allowed() {
    assert!(Frame::decode(Bytes::from_static(&[0x10])).is_err());
    assert!(Frame::decode(vec![0x10; 1 + MAX_DATA_BYTES].into()).is_ok());
    assert!(Frame::decode(vec![0x10; 2 + MAX_DATA_BYTES].into()).is_err());
}

#[test]
fn a_long_detail_is_cut_between_characters() {
    let close = Frame::Close(Close {
        reason: CloseReason::Internal,
        detail: "é".repeat(1000),
    });
    let Frame::Close(decoded) = Frame::decode(close.encode()).unwrap() else {
        panic!("another frame");
    };
    assert_eq!(decoded.detail.len(), Close::MAX_DETAIL_BYTES);
}
