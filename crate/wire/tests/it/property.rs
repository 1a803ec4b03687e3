//! Any frame survives the wire; no bytes break the parser.

use core::net::SocketAddr;
use core::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use transom_wire::{
    Close, CloseReason, Frame, Host, MIN_WINDOW_BYTES, Notice, NoticeKind, Open, Opened, Resume,
    Resumed, SessionId, SessionSecret, Ticket,
};

fn window() -> impl Strategy<Value = u32> {
    MIN_WINDOW_BYTES..=u32::MAX
}

fn whole_ms() -> impl Strategy<Value = Duration> {
    any::<u32>().prop_map(|ms| Duration::from_millis(u64::from(ms)))
}

fn open() -> impl Strategy<Value = Frame> {
    let ticket = prop::option::of("[A-Za-z0-9._-]{1,300}");
    ("[a-zé0-9.:-]{1,100}", 1..=u16::MAX, window(), ticket).prop_map(
        |(host, port, window_bytes, ticket)| {
            Frame::Open(Open {
                host: Host::new(host).unwrap(),
                port,
                ticket: ticket.map(|text| Ticket::new(text).unwrap()),
                window_bytes,
            })
        },
    )
}

fn opened() -> impl Strategy<Value = Frame> {
    let address = any::<Option<([u8; 16], bool, u16)>>().prop_map(|parts| {
        let (octets, four, port) = parts?;
        let [a, b, c, d, ..] = octets;
        Some(if four {
            SocketAddr::from(([a, b, c, d], port))
        } else {
            SocketAddr::from((octets, port))
        })
    });
    (
        any::<[u8; 16]>(),
        any::<[u8; 32]>(),
        window(),
        whole_ms(),
        address,
        any::<bool>(),
    )
        .prop_map(
            |(session, secret, window_bytes, grace, address, takes_window)| {
                Frame::Opened(Opened {
                    session: SessionId::new(session),
                    secret: SessionSecret::new(secret),
                    window_bytes,
                    grace,
                    address,
                    takes_window,
                })
            },
        )
}

fn resume() -> impl Strategy<Value = Frame> {
    let offsets = (any::<u64>(), window(), any::<u32>());
    (any::<[u8; 16]>(), any::<[u8; 32]>(), offsets).prop_map(
        |(session, secret, (received, window_bytes, attempt))| {
            Frame::Resume(Resume {
                session: SessionId::new(session),
                secret: SessionSecret::new(secret),
                received,
                window_bytes,
                attempt,
            })
        },
    )
}

fn frame() -> impl Strategy<Value = Frame> {
    prop_oneof![
        open(),
        opened(),
        resume(),
        (any::<u64>(), window()).prop_map(|(received, window_bytes)| {
            Frame::Resumed(Resumed {
                received,
                window_bytes,
            })
        }),
        prop::collection::vec(any::<u8>(), 1..2000).prop_map(|bytes| Frame::Data(bytes.into())),
        any::<u64>().prop_map(|received| Frame::Ack { received }),
        Just(Frame::Eof),
        (any::<u16>(), ".{0,100}").prop_map(|(code, detail)| {
            Frame::Close(Close {
                reason: CloseReason::from_code(code),
                detail,
            })
        }),
        any::<u64>().prop_map(Frame::Ping),
        any::<u64>().prop_map(Frame::Pong),
        window().prop_map(|window_bytes| Frame::Window { window_bytes }),
        (any::<u16>(), whole_ms(), ".{0,100}").prop_map(|(kind, after, detail)| {
            Frame::Notice(Notice {
                kind: NoticeKind(kind),
                after,
                detail,
            })
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(frame in frame()) {
        prop_assert_eq!(Frame::decode(frame.encode()).unwrap(), frame);
    }

    #[test]
    fn a_frame_that_is_cut_anywhere_is_refused(frame in frame()) {
        let bytes = frame.encode();
        for cut in 0..bytes.len() {
            match Frame::decode(bytes.slice(..cut)) {
                // Only a payload ends where the message ends.
                Ok(Frame::Data(shorter)) => prop_assert_eq!(shorter.len() + 1, cut),
                // Earlier clients do not number their attempts.
                Ok(Frame::Resume(shorter)) => prop_assert_eq!((shorter.attempt, cut), (0, 62)),
                // Earlier relays do not say what they take.
                Ok(Frame::Opened(shorter)) => {
                    prop_assert_eq!((shorter.takes_window, cut), (false, bytes.len() - 1));
                }
                Ok(other) => prop_assert!(false, "{:?} out of {:?}", other, frame),
                Err(_) => {}
            }
        }
    }

    #[test]
    fn no_bytes_break_the_parser(kind in 0..14_u8, rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let message = Bytes::from([&[kind], &rest[..]].concat());
        if let Ok(frame) = Frame::decode(message.clone()) {
            // What follows the known fields is ignored; the rest is as it was sent.
            prop_assert!(message.starts_with(&frame.encode()), "{:?}", frame);
        }
    }
}
