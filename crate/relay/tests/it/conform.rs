//! The WebSocket side, byte by byte, after the sections of the Autobahn test suite: framing, pings,
//! reserved bits, opcodes, fragments, UTF-8, closing, limits, the handshake.
//!
//! Plain mode in front of an echo shows what passes; `relay` shows how the protocol says it.

use core::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use transom_relay::{Config, Plain};
use transom_wire::{CloseReason, Frame, MAX_FRAME_BYTES};

use crate::bare::{BINARY, Bare, CLOSE, LAST, MASK, PING, PONG, TEXT, close, frame, head};
use crate::world::{World, loopback};

async fn world() -> World {
    let plain = Plain::Query;
    World::with(Config {
        plain,
        ..loopback()
    })
    .await
}

/// Sends each of `cases` on a WebSocket of its own and expects it to be closed with `code`.
async fn violations(code: u16, cases: impl IntoIterator<Item = Vec<u8>>) {
    let world = world().await;
    for case in cases {
        let shown = format!("{:02x?}", case.get(..case.len().min(16)).unwrap());
        let mut bare = Bare::echo(&world).await;
        bare.send(&case).await;
        assert_eq!(bare.closed().await, Some(code), "{shown}");
        // The protocol says it in a frame as well.
        let mut bare = Bare::session(&world).await;
        bare.send(&case).await;
        let (_, payload) = bare.next().await;
        match Frame::decode(payload.into()).unwrap() {
            Frame::Close(close) => assert_eq!(close.reason, CloseReason::BadFrame, "{shown}"),
            other => panic!("{shown}: {other:?}"),
        }
        assert_eq!(bare.closed().await, Some(code), "{shown}");
    }
}

const PROTOCOL: u16 = 1002;
const ENCODING: u16 = 1007;
const BAD_FRAME: u16 = 4010;

#[tokio::test]
async fn messages_of_every_size_pass_however_they_are_cut() {
    let world = world().await;
    for size in [1, 125, 126, 127, 128, 65_535, 65_536, MAX_FRAME_BYTES] {
        let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
        for cut in [1, 997, 70_000] {
            if size / cut > 1000 {
                continue;
            }
            let mut bare = Bare::echo(&world).await;
            for piece in frame(BINARY, &bytes).chunks(cut) {
                bare.send(piece).await;
                tokio::task::yield_now().await;
            }
            assert_eq!(bare.read(size).await, bytes, "{size} in {cut}");
        }
    }
    let mut bare = Bare::echo(&world).await;
    let empty = frame(BINARY, &[]);
    bare.send(&[empty.clone(), frame(BINARY, b"a"), empty].concat())
        .await;
    assert_eq!(bare.read(1).await, b"a");
}

#[tokio::test]
async fn pings_are_answered_in_order_and_pongs_are_not() {
    let world = world().await;
    let mut bare = Bare::echo(&world).await;
    for payload in [&b""[..], b"Hello", &[0, 255, 254], &[0xFE; 125]] {
        bare.send(&frame(PONG, b"nobody asked")).await;
        for byte in frame(PING, payload) {
            bare.send(&[byte]).await;
        }
        assert_eq!(bare.next().await, (PONG, payload.to_vec()));
    }
    let many: Vec<u8> = (0..200).flat_map(|number| frame(PING, &[number])).collect();
    bare.send(&many).await;
    for number in 0..200 {
        assert_eq!(bare.next().await, (PONG, vec![number]));
    }
}

#[tokio::test]
async fn who_reads_no_pongs_costs_no_memory_and_harms_nobody() {
    let world = world().await;
    let mut deaf = Bare::echo(&world).await;
    let pings = frame(PING, &[7; 125]).repeat(10_000);
    let mut sent = 0_usize;
    // At some point the relay takes no more, because it gets rid of no answers.
    let patience = Duration::from_millis(500);
    while let Ok(written) = timeout(patience, deaf.0.write(&pings[sent % pings.len()..])).await {
        sent += written.unwrap();
        assert!(sent < 64 << 20, "{sent} bytes of pings were taken");
    }
    let mut other = Bare::echo(&world).await;
    other.send(&frame(BINARY, b"hi")).await;
    assert_eq!(other.read(2).await, b"hi");
}

#[tokio::test]
async fn reserved_bits_and_opcodes_and_missing_masks_are_protocol_errors() {
    let reserved = (1..8).map(|bits| frame(BINARY | bits << 4, b"x"));
    let opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(|opcode| frame(LAST | opcode, b"x"));
    let unmasked = [BINARY, PING, CLOSE].map(|kind| vec![kind, 2, 3, 232]);
    // Only the first two bytes say it already.
    let early = [
        vec![BINARY | 0x40, 0xFE],
        vec![LAST | 3, 0x80],
        vec![BINARY, 1],
    ];
    let crooked = [
        [&[BINARY, 0x80 | 0x7E, 0, 5][..], &MASK, b"12345"].concat(),
        [
            &[BINARY, 0x80 | 0x7F, 0, 0, 0, 0, 0, 0, 0, 5][..],
            &MASK,
            b"12345",
        ]
        .concat(),
        [&[BINARY, 0x80 | 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0][..], &MASK].concat(),
    ];
    let cases = reserved.chain(opcodes).chain(unmasked).chain(early);
    violations(PROTOCOL, cases.chain(crooked)).await;
}

#[tokio::test]
async fn control_frames_are_short_and_whole() {
    let long = [PING, PONG, CLOSE].map(|kind| head(kind, 126));
    let parts = [PING, PONG, CLOSE].map(|kind| frame(kind & !LAST, b"x"));
    violations(PROTOCOL, long.into_iter().chain(parts)).await;
}

#[tokio::test]
async fn messages_in_parts_are_put_together_around_control_frames() {
    let world = world().await;
    let mut bare = Bare::echo(&world).await;
    bare.send(&frame(2, b"one ")).await;
    bare.send(&frame(PING, b"in between")).await;
    assert_eq!(bare.next().await, (PONG, b"in between".to_vec()));
    for part in [frame(0, b""), frame(0, b"two "), frame(PONG, b"")] {
        bare.send(&part).await;
    }
    bare.send(&frame(LAST, b"three")).await;
    assert_eq!(bare.read(13).await, b"one two three");
    let singles: Vec<u8> = (0..10_000).flat_map(|_| frame(0, b"y")).collect();
    bare.send(&[frame(2, b"y"), singles, frame(LAST, b"")].concat())
        .await;
    assert_eq!(bare.read(10_001).await, vec![b'y'; 10_001]);
}

#[tokio::test]
async fn parts_of_nothing_and_messages_inside_of_others_are_protocol_errors() {
    violations(
        PROTOCOL,
        [
            frame(LAST, b"x"),
            frame(0, b"x"),
            [frame(2, b"x"), frame(BINARY, b"y")].concat(),
            [frame(2, b"x"), frame(2, b"y")].concat(),
            [frame(2, b"x"), frame(TEXT, b"y")].concat(),
        ],
    )
    .await;
}

#[tokio::test]
async fn text_is_a_bad_frame_whatever_is_in_it() {
    violations(
        BAD_FRAME,
        [
            frame(TEXT, b""),
            frame(TEXT, "κόσμε".as_bytes()),
            frame(TEXT, &[0xCE, 0xBA, 0xED, 0xA0, 0x80]),
            frame(1, b"a part"),
            // Nobody waits for the rest.
            head(TEXT, 60_000),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_longer_than_a_frame_is_refused_before_it_comes() {
    let half = MAX_FRAME_BYTES / 2 + 1;
    violations(
        BAD_FRAME,
        [
            frame(BINARY, &vec![5; MAX_FRAME_BYTES + 1]),
            head(BINARY, MAX_FRAME_BYTES + 1),
            head(BINARY, 1 << 40),
            [frame(2, &vec![5; half]), head(LAST, half)].concat(),
            // A client that sends on and on, and does not listen meanwhile.
            [head(BINARY, 1 << 30), vec![5; 4 << 20]].concat(),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_close_is_answered_with_its_code_and_is_the_last_thing() {
    let world = world().await;
    for code in [
        1000, 1001, 1002, 1003, 1007, 1011, 1012, 1014, 3000, 3999, 4000, 4999,
    ] {
        for reason in [&b""[..], "längst".as_bytes(), &[b'x'; 123]] {
            let mut bare = Bare::echo(&world).await;
            bare.send(&close(code, reason)).await;
            // Both are too late.
            bare.send(&frame(PING, b"late")).await;
            bare.send(&frame(BINARY, b"late")).await;
            assert_eq!(bare.closed().await, Some(code));
        }
    }
    let mut bare = Bare::echo(&world).await;
    bare.send(&frame(CLOSE, b"")).await;
    assert_eq!(bare.closed().await, None);
}

#[tokio::test]
async fn a_close_that_nobody_may_send_is_a_violation() {
    let codes = [
        0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535,
    ];
    let codes = codes.map(|code| close(code, b"x"));
    violations(PROTOCOL, codes.into_iter().chain([frame(CLOSE, b"x")])).await;
    let bad = [&[0xFF][..], &[0xED, 0xA0, 0x80], &[b'a', 0xC3]];
    violations(ENCODING, bad.map(|reason| close(1000, reason))).await;
}

#[tokio::test]
async fn what_is_no_handshake_gets_an_answer_and_no_websocket() {
    let world = world().await;
    let good = [
        "Connection: Upgrade\r\n",
        "Upgrade: websocket\r\n",
        "Sec-WebSocket-Version: 13\r\n",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "Sec-WebSocket-Protocol: transom.v1\r\n",
    ];
    let bad = [
        ("Connection: close\r\n", 426),
        ("Upgrade: h2c\r\n", 426),
        ("Sec-WebSocket-Version: 8\r\n", 426),
        ("Sec-WebSocket-Key: c2hvcnQ=\r\n", 400),
        ("Sec-WebSocket-Protocol: transom.v9\r\n", 400),
    ];
    for (at, (instead, status)) in bad.into_iter().enumerate() {
        for line in [instead, ""] {
            let mut headers = good;
            headers[at] = line;
            let (_, answer) = Bare::request(&world, "/relay", &headers.concat()).await;
            let expected = format!("HTTP/1.1 {status}");
            assert!(answer.starts_with(&expected), "{line}: {answer}");
        }
    }
}
