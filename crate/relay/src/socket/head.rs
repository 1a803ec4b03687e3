//! Heads of WebSocket frames ([RFC 6455 §5.2]): reading those of clients, writing ours.
//!
//! [RFC 6455 §5.2]: https://www.rfc-editor.org/rfc/rfc6455#section-5.2

/// Bytes of a control frame's payload, at most ([RFC 6455 §5.5]).
///
/// [RFC 6455 §5.5]: https://www.rfc-editor.org/rfc/rfc6455#section-5.5
pub(super) const MAX_CONTROL_BYTES: usize = 125;

/// Bytes of the head of a client's frame, at most: two, eight of length, four of mask.
pub(super) const MAX_HEAD_BYTES: usize = 14;

/// In the place of a length: 16 bits of length follow.
const LENGTH_16: u8 = 126;

/// In the place of a length: 64 bits of length follow.
const LENGTH_64: u8 = 127;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn of(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// How a client breaks the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Violation {
    /// It breaks RFC 6455.
    #[error("{0}")]
    Protocol(&'static str),
    /// Its text is none.
    #[error("a close reason that is not UTF-8")]
    Encoding,
    /// What it sends is longer than any frame of ours.
    #[error("a message longer than any frame")]
    TooLong,
    /// It sends text.
    #[error("a text message")]
    Text,
}

impl Violation {
    /// The close code that RFC 6455 has for it; `None` where only our protocol forbids it.
    pub(crate) fn websocket_code(self) -> Option<u16> {
        match self {
            Self::Protocol(_) => Some(1002),
            Self::Encoding => Some(1007),
            Self::TooLong | Self::Text => None,
        }
    }
}

/// The head of a client's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) is_last: bool,
    pub(super) opcode: Opcode,
    /// Bytes of the payload.
    pub(super) length: usize,
    pub(super) mask: [u8; 4],
}

impl Head {
    /// Reads the head that `bytes` begin with, and says how long it is; `None` where more bytes are
    /// needed. What is wrong is said as soon as it can be seen.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Violation> {
        let &[first, second, ref rest @ ..] = bytes else {
            return Ok(None);
        };
        if first & 0x70 != 0 {
            return Err(Violation::Protocol("a reserved bit"));
        }
        let opcode = Opcode::of(first & 0x0F).ok_or(Violation::Protocol("an unknown opcode"))?;
        let (is_last, short) = (first & 0x80 != 0, second & 0x7F);
        if second & 0x80 == 0 {
            return Err(Violation::Protocol("a frame without a mask"));
        }
        if opcode.is_control() && (!is_last || short >= LENGTH_16) {
            return Err(Violation::Protocol("a control frame in parts, or too long"));
        }
        let (length, rest, least) = match short {
            LENGTH_16 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest, 126),
                None => return Ok(None),
            },
            LENGTH_64 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest, 65_536),
                None => return Ok(None),
            },
            short => (u64::from(short), rest, 0),
        };
        if length < least || length > u64::MAX / 2 {
            return Err(Violation::Protocol("a length that is written wrong"));
        }
        let Some((mask, payload)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        let head = Self {
            is_last,
            opcode,
            length: usize::try_from(length).map_err(|_| Violation::TooLong)?,
            mask: *mask,
        };
        Ok(Some((head, bytes.len() - payload.len())))
    }
}

/// The head of a frame of ours: one whole message, no mask.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnHead {
    bytes: [u8; 10],
    length: usize,
}

impl OwnHead {
    pub(super) fn new(opcode: Opcode, payload: usize) -> Self {
        let mut bytes = [0; 10];
        let [first, second, long @ ..] = &mut bytes;
        *first = 0x80 | opcode.bits();
        let length = match (u8::try_from(payload), u16::try_from(payload)) {
            (Ok(short), _) if short < LENGTH_16 => {
                *second = short;
                2
            }
            (_, Ok(length)) => {
                *second = LENGTH_16;
                let [a, b, ..] = long;
                [*a, *b] = length.to_be_bytes();
                4
            }
            _ => {
                *second = LENGTH_64;
                *long = u64::try_from(payload).unwrap_or(u64::MAX).to_be_bytes();
                10
            }
        };
        Self { bytes, length }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Takes a client's mask off ([RFC 6455 §5.3]).
///
/// [RFC 6455 §5.3]: https://www.rfc-editor.org/rfc/rfc6455#section-5.3
pub(super) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = payload.as_chunks_mut::<8>();
    for bytes in words {
        *bytes = (u64::from_ne_bytes(*bytes) ^ word).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// The code that the payload of a close frame names; `None` where it names none ([RFC 6455 §7.4]).
///
/// [RFC 6455 §7.4]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4
pub(super) fn close_code(payload: &[u8]) -> Result<Option<u16>, Violation> {
    let (code, reason) = match payload {
        [] => return Ok(None),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        [_] => return Err(Violation::Protocol("half a close code")),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Violation::Protocol("a close code that nobody may send"));
    }
    match core::str::from_utf8(reason) {
        Ok(_) => Ok(Some(code)),
        Err(_) => Err(Violation::Encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_taken_off_at_every_length() {
        let mask = [0x37, 0xFA, 0x21, 0x3D];
        for length in 0..40 {
            let plain: Vec<u8> = (0..length).collect();
            let masked = plain.iter().zip(mask.iter().cycle());
            let mut bytes: Vec<u8> = masked.map(|(byte, mask)| byte ^ mask).collect();
            unmask(&mut bytes, mask);
            assert_eq!(bytes, plain);
        }
    }

    #[test]
    fn a_head_is_known_as_soon_as_it_is_there_and_not_before() {
        for (length, bytes) in [
            (0, 6),
            (125, 6),
            (126, 8),
            (65_535, 8),
            (65_536, 14),
            (1 << 40, 14),
        ] {
            let mut head = OwnHead::new(Opcode::Binary, length).as_slice().to_vec();
            head[1] |= 0x80;
            head.extend([1, 2, 3, 4]);
            assert_eq!(head.len(), bytes);
            for end in 0..bytes {
                assert_eq!(Head::parse(&head[..end]), Ok(None), "{length} {end}");
            }
            head.push(9);
            let (parsed, used) = Head::parse(&head).unwrap().unwrap();
            assert_eq!((parsed.length, used), (length, bytes));
            assert_eq!(parsed.mask, [1, 2, 3, 4]);
        }
    }

    #[test]
    fn lengths_have_one_spelling() {
        for head in [
            &[0x82, 0xFE, 0, 125, 0, 0, 0, 0][..],
            &[0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0],
            &[0x82, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ] {
            assert!(Head::parse(head).is_err(), "{head:?}");
        }
    }
}
