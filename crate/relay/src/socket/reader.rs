//! Messages out of the bytes of a client ([RFC 6455 §5]), without a connection.
//!
//! [RFC 6455 §5]: https://www.rfc-editor.org/rfc/rfc6455#section-5

use bytes::{Buf, Bytes, BytesMut};

use super::head::{Head, MAX_HEAD_BYTES, Opcode, Violation, close_code, unmask};

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A whole message.
    Binary(Bytes),
    /// A ping, with what its answer must carry.
    Ping(Bytes),
    Pong,
    /// Its close, with the code in it and what ours must carry.
    Close {
        code: Option<u16>,
        answer: Bytes,
    },
}

/// Puts frames together.
///
/// It holds at most one message and the bytes that were read behind it.
#[derive(Debug)]
pub(super) struct Reader {
    max_bytes: usize,
    /// Bytes that no message is made of yet. Without an allocation while nothing comes.
    buffer: BytesMut,
    /// The frame whose payload is still on its way.
    head: Option<Head>,
    /// The begin of a message in parts.
    parts: Option<BytesMut>,
    /// Bytes of the last message with its head, as a guess at the next one.
    guess: usize,
}

impl Reader {
    /// - `early`: what came together with the request.
    /// - `max_bytes`: of a message.
    pub(super) fn new(early: Bytes, max_bytes: usize) -> Self {
        Self {
            max_bytes,
            buffer: BytesMut::from(early),
            head: None,
            parts: None,
            guess: 0,
        }
    }

    /// Bytes that should be read next; 0 where nobody knows.
    pub(super) fn wanted_bytes(&self) -> usize {
        match self.head {
            Some(head) => head.length.saturating_sub(self.buffer.len()),
            None => self.guess,
        }
    }

    /// Adds what was read.
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Where `bytes` bytes can be read into.
    pub(super) fn room(&mut self, bytes: usize) -> &mut BytesMut {
        self.buffer.reserve(bytes);
        &mut self.buffer
    }

    /// Gives empty room back: nobody knows how long it takes until more comes.
    pub(super) fn rest(&mut self) {
        if self.buffer.is_empty() {
            self.buffer = BytesMut::new();
        }
    }

    /// Drops all that came.
    pub(super) fn clear(&mut self) {
        self.buffer = BytesMut::new();
        self.parts = None;
    }

    /// Bytes that are held.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(super) fn held_bytes(&self) -> usize {
        self.buffer.len() + self.parts.as_ref().map_or(0, BytesMut::len)
    }

    /// Takes whole frames out of the buffer up to one that means something; `None` where more
    /// bytes are needed. What is wrong is said before a payload is waited for.
    pub(super) fn next_message(&mut self) -> Result<Option<Incoming>, Violation> {
        loop {
            let head = match self.head {
                Some(head) => head,
                None => match Head::parse(&self.buffer)? {
                    Some((head, used)) => {
                        self.check(&head)?;
                        self.buffer.advance(used);
                        *self.head.insert(head)
                    }
                    None => return Ok(None),
                },
            };
            if self.buffer.len() < head.length {
                return Ok(None);
            }
            self.head = None;
            let mut payload = self.buffer.split_to(head.length);
            // The message alone keeps the allocation.
            self.rest();
            unmask(&mut payload, head.mask);
            if let Some(incoming) = self.arrived(&head, payload)? {
                return Ok(Some(incoming));
            }
        }
    }

    /// Whether a frame may come now.
    fn check(&self, head: &Head) -> Result<(), Violation> {
        match (head.opcode, &self.parts) {
            (Opcode::Text, None) => return Err(Violation::Text),
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(Violation::Protocol("a message inside of another"));
            }
            (Opcode::Continuation, None) => {
                return Err(Violation::Protocol("a continuation of nothing"));
            }
            _ => {}
        }
        let before = self.parts.as_ref().map_or(0, BytesMut::len);
        if !head.opcode.is_control() && before.saturating_add(head.length) > self.max_bytes {
            return Err(Violation::TooLong);
        }
        Ok(())
    }

    fn arrived(&mut self, head: &Head, payload: BytesMut) -> Result<Option<Incoming>, Violation> {
        Ok(Some(match head.opcode {
            Opcode::Ping => Incoming::Ping(Bytes::copy_from_slice(&payload)),
            Opcode::Pong => Incoming::Pong,
            Opcode::Close => Incoming::Close {
                code: close_code(&payload)?,
                answer: Bytes::copy_from_slice(payload.get(..2).unwrap_or_default()),
            },
            Opcode::Text | Opcode::Binary | Opcode::Continuation => {
                self.guess = payload.len() + MAX_HEAD_BYTES;
                let whole = match self.parts.take() {
                    Some(mut parts) => {
                        parts.extend_from_slice(&payload);
                        parts
                    }
                    None => payload,
                };
                if !head.is_last {
                    self.parts = Some(whole);
                    return Ok(None);
                }
                Incoming::Binary(whole.freeze())
            }
        }))
    }
}
