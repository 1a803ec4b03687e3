//! What must hold for any bytes of a client: for the fuzz target, and a short run of it here.

use bytes::Bytes;

use super::head::Violation;
use super::reader::{Incoming, Reader};

/// Longest message below: small, so that it is met.
const MAX_BYTES: usize = 300;

/// Reads `pieces` one after the other: what they mean, and what is wrong with them.
fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Incoming>, Option<Violation>) {
    let mut reader = Reader::new(Bytes::new(), MAX_BYTES);
    let mut messages = Vec::new();
    for piece in pieces {
        reader.extend(piece);
        loop {
            match reader.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(violation) => return (messages, Some(violation)),
            }
        }
        // A head, a payload and a message in parts; the piece is read to its end.
        assert!(
            reader.held_bytes() <= 2 * MAX_BYTES + 14,
            "too much is held"
        );
    }
    (messages, None)
}

/// Any bytes of a client behind its request: they mean the same however they are cut, and nothing
/// that came is longer than allowed.
///
/// # Panics
///
/// Where that does not hold.
pub fn websocket(bytes: &[u8]) {
    let whole = read(core::iter::once(bytes));
    for message in &whole.0 {
        match message {
            Incoming::Binary(message) => assert!(message.len() <= MAX_BYTES),
            Incoming::Ping(payload) => assert!(payload.len() <= 125),
            Incoming::Pong => {}
            Incoming::Close { code, answer } => assert_eq!(
                *code,
                answer.first_chunk().map(|code| u16::from_be_bytes(*code))
            ),
        }
    }
    assert_eq!(read(bytes.chunks(1)), whole);
    assert_eq!(read(bytes.chunks(7)), whole);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::head::{Opcode, OwnHead};
    use super::*;

    /// A frame as a client sends it, with a mask that is easy to read.
    fn frame((opcode, is_last, length): (Opcode, bool, usize)) -> Vec<u8> {
        let mut bytes = OwnHead::new(opcode, length).as_slice().to_vec();
        bytes[0] = bytes[0] & 0x7F | u8::from(is_last) << 7;
        bytes[1] |= 0x80;
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(core::iter::repeat_n(3, length));
        bytes
    }

    fn opcode() -> impl Strategy<Value = Opcode> {
        prop_oneof![
            4 => Just(Opcode::Binary),
            4 => Just(Opcode::Continuation),
            1 => Just(Opcode::Text),
            1 => Just(Opcode::Close),
            2 => Just(Opcode::Ping),
            2 => Just(Opcode::Pong),
        ]
    }

    proptest! {
        #[test]
        fn bytes_mean_the_same_however_they_are_cut(
            frames in vec((opcode(), any::<bool>(), 0..MAX_BYTES + 20), 0..8),
            flip in proptest::option::weighted(0.5, any::<proptest::sample::Index>()),
        ) {
            let mut bytes: Vec<u8> = frames.into_iter().flat_map(frame).collect();
            if let Some(flip) = flip && !bytes.is_empty() {
                let at = flip.index(8 * bytes.len());
                bytes[at / 8] ^= 1 << (at % 8);
            }
            websocket(&bytes);
        }
    }
}
