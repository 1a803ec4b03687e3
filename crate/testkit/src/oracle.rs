//! What must hold for any bytes: the part of each fuzz target that says what is wrong.
//!
//! Each oracle panics where a parser does, or where what it read is not what it would write. The
//! targets in `crate/fuzz` are three lines around them; the smoke test of this crate runs them on
//! mutated examples with the ordinary toolchain.

#![expect(
    clippy::missing_panics_doc,
    reason = "panicking is how an oracle says what is wrong"
)]

use bytes::Bytes;
use transom_keys::{AgentBindings, AgentRequest};
use transom_sftp::codec::{Init, Request, Response, Version};
use transom_wire::{Frame, MAX_DATA_BYTES, Stream};

/// Window of the streams below: small, so that its limits are met.
const WINDOW_BYTES: u32 = 8192;

/// Any message to or from a relay.
pub fn wire_frame(message: &[u8]) {
    let Ok(frame) = Frame::decode(Bytes::copy_from_slice(message)) else {
        return;
    };
    let written = frame.encode();
    assert!(
        message.starts_with(&written),
        "{frame:?} would be written otherwise"
    );
    assert_eq!(Frame::decode(written), Ok(frame));
}

/// A relay's account of a session under any frames and any steps of its own.
///
/// - `script`: the first byte of each step says what happens, the next two how much of it.
pub fn wire_stream(script: &[u8]) {
    let mut stream = Stream::new(WINDOW_BYTES, WINDOW_BYTES);
    for step in script.chunks_exact(3) {
        let &[kind, high, low] = step else { return };
        let size = u16::from_be_bytes([high, low]);
        take_step(&mut stream, kind % 8, size);
        assert!(stream.kept_bytes() <= u64::from(WINDOW_BYTES));
        assert!(stream.may_send() <= MAX_DATA_BYTES);
        assert!(!(stream.is_replaying() && stream.may_send() > 0));
    }
    // Whatever was refused on the way, what is told to be sent again ends.
    while stream.replay().is_some() {}
    assert!(!stream.is_replaying());
}

fn take_step(stream: &mut Stream, kind: u8, size: u16) {
    let (bytes, offset) = (usize::from(size), u64::from(size));
    // Refusals are the point: the peer and the caller may both be wrong.
    match kind {
        0 => drop(stream.send(vec![0; bytes].into())),
        1 => drop(stream.on_data(bytes)),
        2 => drop(stream.on_ack(offset)),
        3 => drop(stream.consume(bytes)),
        4 => {
            let before = stream.clone().received();
            let _ = stream.resume(offset, WINDOW_BYTES);
            assert_eq!(stream.received(), before);
        }
        5 => drop(stream.replay()),
        6 => stream.on_eof(),
        _ => stream.finish(),
    }
}

/// Any packet of SFTP, from either end.
pub fn sftp_packet(packet: &[u8]) {
    let packet = Bytes::copy_from_slice(packet);
    if let Ok((id, request)) = Request::decode(packet.clone()) {
        assert_eq!(Request::decode(body(request.encode(id))), Ok((id, request)));
    }
    if let Ok((id, response)) = Response::decode(packet.clone()) {
        assert_eq!(
            Response::decode(body(response.encode(id))),
            Ok((id, response))
        );
    }
    if let Ok(init) = Init::decode(packet.clone()) {
        assert_eq!(Init::decode(body(init.encode())), Ok(init));
    }
    if let Ok(version) = Version::decode(packet) {
        assert_eq!(Version::decode(body(version.encode())), Ok(version));
    }
}

/// All that a program says to an agent that is forwarded to it.
///
/// - `script`: messages, each behind its length in two bytes.
pub fn agent_talk(script: &[u8]) {
    let mut bindings = AgentBindings::default();
    let (mut bound, mut broken) = (false, false);
    let mut rest = script;
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes(*length));
        let (message, after) = after.split_at(length.min(after.len()));
        rest = after;
        match AgentRequest::parse(message) {
            AgentRequest::Sign(wish) => {
                // Its kind, two lengths and the flags.
                assert_eq!(wish.key.len() + wish.message.len() + 13, message.len());
                let judged = bindings.judge(&wish);
                assert!(!broken || judged.is_err(), "signed after a lie");
                // Not bound, nobody knows where a signature goes; bound, it is a log-in there.
                assert!(bound || broken || judged == Ok(None));
                assert!(!bound || judged != Ok(None));
                assert!(!matches!(judged, Ok(Some(_))) || wish.log_in().is_some());
            }
            AgentRequest::Bind(bind) => match bindings.bind(bind) {
                Ok(()) => bound = true,
                Err(_) => broken = true,
            },
            AgentRequest::Identities => assert_eq!(message.len(), 1),
            AgentRequest::Unknown => {}
        }
    }
}

/// A packet without its length.
fn body(packet: Vec<u8>) -> Bytes {
    let mut packet = Bytes::from(packet);
    drop(packet.split_to(4.min(packet.len())));
    packet
}
