//! A pattern for one name.

use bytes::Bytes;

/// What a byte that is no part of a character counts as: above every character.
const NO_CHARACTER: u32 = 0x0011_0000;

/// A pattern for one name, as POSIX has it (XCU 2.13): `*` is any characters, `?` one, `[a-z]` one of
/// these, `[!a-z]` one of the others, and a backslash takes the next one as it is. A `[` without its
/// `]` is itself. A name that begins with a dot needs a dot in the pattern.
///
/// Names are bytes: where they are no UTF-8, each byte counts as one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    One(u32),
    Any,
    Many,
    Set { not: bool, ranges: Vec<(u32, u32)> },
}

impl Pattern {
    /// Reads a pattern. Every text is one.
    pub fn new(text: impl AsRef<[u8]>) -> Self {
        let mut rest = text.as_ref();
        let mut tokens = Vec::new();
        while let Some((character, after)) = first(rest) {
            rest = after;
            tokens.push(match (character, set(after), first(after)) {
                (0x2a, ..) => Token::Many,
                (0x3f, ..) => Token::Any,
                (0x5b, Some((set, after)), _) => {
                    rest = after;
                    set
                }
                (0x5c, _, Some((escaped, after))) => {
                    rest = after;
                    Token::One(escaped)
                }
                _ => Token::One(character),
            });
        }
        // Several stars in a row say what one says.
        tokens.dedup_by(|next, token| (&*next, &*token) == (&Token::Many, &Token::Many));
        Self(tokens)
    }

    /// Whether a name matches. Takes at most the product of both lengths, whatever they hold.
    pub fn matches(&self, name: impl AsRef<[u8]>) -> bool {
        let name = name.as_ref();
        if name.starts_with(b".") && self.0.first() != Some(&Token::One(0x2e)) {
            return false;
        }
        let (mut tokens, mut rest) = (self.0.as_slice(), name);
        // Behind the last star: what is to match, and where the next attempt begins.
        let mut again = None;
        loop {
            match (tokens.split_first(), first(rest)) {
                (None, None) => return true,
                (Some((Token::Many, after)), _) => {
                    tokens = after;
                    again = Some((after, rest));
                    continue;
                }
                (Some((token, after)), Some((character, left))) if token.is(character) => {
                    (tokens, rest) = (after, left);
                    continue;
                }
                _ => (),
            }
            let Some((after, begin)) = again else {
                return false;
            };
            let Some((_, begin)) = first(begin) else {
                return false;
            };
            again = Some((after, begin));
            (tokens, rest) = (after, begin);
        }
    }

    /// The only name that matches, where there is only one.
    pub(super) fn literal(&self) -> Option<Bytes> {
        let mut name = Vec::new();
        for token in &self.0 {
            let Token::One(character) = token else {
                return None;
            };
            match char::from_u32(*character) {
                Some(character) => {
                    name.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                None => name.push(u8::try_from(character - NO_CHARACTER).ok()?),
            }
        }
        Some(name.into())
    }
}

impl Token {
    fn is(&self, character: u32) -> bool {
        match self {
            Self::One(one) => *one == character,
            Self::Any | Self::Many => true,
            Self::Set { not, ranges } => {
                let within = |(low, high): &(u32, u32)| (*low..=*high).contains(&character);
                ranges.iter().any(within) != *not
            }
        }
    }
}

/// Reads what follows a `[`, to behind its `]`.
fn set(text: &[u8]) -> Option<(Token, &[u8])> {
    let (not, mut rest) = match text.split_first() {
        Some((b'!' | b'^', rest)) => (true, rest),
        _ => (false, text),
    };
    let mut ranges = Vec::new();
    loop {
        let (low, after) = first(rest)?;
        // A `]` at the first place is one of the set.
        if low == 0x5d && !ranges.is_empty() {
            return Some((Token::Set { not, ranges }, after));
        }
        let (low, after) = escaped(low, after)?;
        rest = after;
        let mut high = low;
        if let Some(after) = rest.strip_prefix(b"-")
            && !after.starts_with(b"]")
        {
            let (end, after) = first(after)?;
            (high, rest) = escaped(end, after)?;
        }
        ranges.push((low, high));
    }
}

/// A character, or the one behind it where it is a backslash.
fn escaped(character: u32, after: &[u8]) -> Option<(u32, &[u8])> {
    if character == 0x5c {
        first(after)
    } else {
        Some((character, after))
    }
}

/// Takes one character, or one byte where there is none.
fn first(text: &[u8]) -> Option<(u32, &[u8])> {
    let (byte, rest) = text.split_first()?;
    let length = match byte {
        0..=0x7f => return Some((u32::from(*byte), rest)),
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let whole = text.split_at_checked(length).and_then(|(head, rest)| {
        let mut characters = str::from_utf8(head).ok()?.chars();
        Some((u32::from(characters.next()?), rest))
    });
    Some(whole.unwrap_or((NO_CHARACTER + u32::from(*byte), rest)))
}
