//! Keys that a touch screen's keyboard lacks, and the bytes that a terminal sends for them.
//!
//! Control characters as in [ECMA-48 §5.2], cursor keys with modifiers as xterm sends them
//! (`ctlseqs`, PC-Style Function Keys).
//!
//! [ECMA-48 §5.2]: https://ecma-international.org/publications-and-standards/standards/ecma-48/

/// The escape character.
const ESCAPE: u8 = 0x1b;

/// A key of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SoftKey {
    Escape,
    Tab,
    /// A cursor key, by the last letter of its sequence: `A` up, `B` down, `C` right, `D` left,
    /// `H` home, `F` end.
    Cursor(u8),
    /// A key by the number of its sequence: 5 page up, 6 page down.
    Page(u8),
    /// A character that is far away on a phone's keyboard.
    Symbol(char),
}

/// A modifier of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Modifier {
    Ctrl,
    Alt,
}

/// How long a modifier is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Hold {
    #[default]
    Off,
    /// For the next key.
    Once,
    /// Until it is tapped again.
    Locked,
}

impl Hold {
    /// After a tap: for one key, then for all, then no longer.
    const fn tapped(self) -> Self {
        match self {
            Self::Off => Self::Once,
            Self::Once => Self::Locked,
            Self::Locked => Self::Off,
        }
    }

    /// After a key.
    const fn used(self) -> Self {
        match self {
            Self::Once => Self::Off,
            other => other,
        }
    }

    /// Whether it counts for the next key.
    pub(crate) const fn is_on(self) -> bool {
        !matches!(self, Self::Off)
    }
}

/// The modifiers that were tapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) ctrl: Hold,
    pub(crate) alt: Hold,
}

impl Held {
    /// After a tap on a modifier.
    pub(crate) const fn tapped(self, modifier: Modifier) -> Self {
        match modifier {
            Modifier::Ctrl => Self {
                ctrl: self.ctrl.tapped(),
                ..self
            },
            Modifier::Alt => Self {
                alt: self.alt.tapped(),
                ..self
            },
        }
    }

    /// After a key.
    pub(crate) const fn used(self) -> Self {
        Self {
            ctrl: self.ctrl.used(),
            alt: self.alt.used(),
        }
    }

    /// Whether any of them counts for the next key.
    pub(crate) const fn is_on(self) -> bool {
        self.ctrl.is_on() || self.alt.is_on()
    }

    /// xterm's number for them; `None` without any.
    fn number(self) -> Option<u8> {
        let alt = if self.alt.is_on() { 2 } else { 0 };
        let ctrl = if self.ctrl.is_on() { 4 } else { 0 };
        (alt + ctrl > 0).then_some(1 + alt + ctrl)
    }
}

/// The bytes of a key of the bar.
///
/// - `application`: the program asked for application cursor keys (DECCKM).
pub(crate) fn bytes(key: SoftKey, held: Held, application: bool) -> Vec<u8> {
    match (key, held.number()) {
        (SoftKey::Escape, _) => character('\u{1b}', held),
        (SoftKey::Tab, _) => character('\t', held),
        (SoftKey::Symbol(symbol), _) => character(symbol, held),
        (SoftKey::Cursor(last), None) if application => vec![ESCAPE, b'O', last],
        (SoftKey::Cursor(last), None) => vec![ESCAPE, b'[', last],
        (SoftKey::Cursor(last), Some(number)) => {
            vec![ESCAPE, b'[', b'1', b';', b'0' + number, last]
        }
        (SoftKey::Page(page), None) => vec![ESCAPE, b'[', b'0' + page, b'~'],
        (SoftKey::Page(page), Some(number)) => {
            vec![ESCAPE, b'[', b'0' + page, b';', b'0' + number, b'~']
        }
    }
}

/// What was typed on the screen's keyboard, with the held modifiers; `None` where they do not
/// apply: only a single character is typed, everything longer is pasted, or an answer of the
/// terminal's.
pub(crate) fn modified(typed: &[u8], held: Held) -> Option<Vec<u8>> {
    if !held.is_on() {
        return None;
    }
    let mut characters = core::str::from_utf8(typed).ok()?.chars();
    let (only, None) = (characters.next()?, characters.next()) else {
        return None;
    };
    Some(character(only, held))
}

fn character(character: char, held: Held) -> Vec<u8> {
    let character = if held.ctrl.is_on() {
        control(character)
    } else {
        character
    };
    let mut bytes = Vec::new();
    if held.alt.is_on() {
        bytes.push(ESCAPE);
    }
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    bytes
}

/// What Ctrl makes of a character; itself where it makes nothing of it.
fn control(character: char) -> char {
    match character {
        ' ' | '2' => '\0',
        '3' => '\u{1b}',
        '4' => '\u{1c}',
        '5' => '\u{1d}',
        '6' => '\u{1e}',
        '7' | '/' | '-' => '\u{1f}',
        '8' | '?' => '\u{7f}',
        'a'..='z' | '@'..='_' => {
            u8::try_from(character).map_or(character, |byte| char::from(byte & 0x1f))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CTRL: Held = Held {
        ctrl: Hold::Once,
        alt: Hold::Off,
    };
    const ALT: Held = Held {
        ctrl: Hold::Off,
        alt: Hold::Once,
    };
    const NONE: Held = Held {
        ctrl: Hold::Off,
        alt: Hold::Off,
    };

    #[test]
    fn ctrl_makes_control_characters_of_what_is_typed() {
        assert_eq!(modified(b"c", CTRL).unwrap(), [3]);
        assert_eq!(modified(b"C", CTRL).unwrap(), [3]);
        assert_eq!(modified(b"[", CTRL).unwrap(), [0x1b]);
        assert_eq!(modified(b" ", CTRL).unwrap(), [0]);
        assert_eq!(modified("ä".as_bytes(), CTRL).unwrap(), "ä".as_bytes());
        assert_eq!(modified(b"x", ALT).unwrap(), [0x1b, b'x']);
    }

    #[test]
    fn pasted_text_and_answers_of_the_terminal_are_left_alone() {
        assert_eq!(modified(b"ls\r", CTRL), None);
        assert_eq!(modified(b"\x1b[?1;2c", CTRL), None);
        assert_eq!(modified(b"\xff", CTRL), None);
        assert_eq!(modified(b"", CTRL), None);
        assert_eq!(modified(b"c", NONE), None);
    }

    #[test]
    fn cursor_keys_follow_the_mode_and_the_modifiers() {
        let up = SoftKey::Cursor(b'A');
        assert_eq!(bytes(up, NONE, false), b"\x1b[A");
        assert_eq!(bytes(up, NONE, true), b"\x1bOA");
        assert_eq!(bytes(up, CTRL, true), b"\x1b[1;5A");
        assert_eq!(bytes(SoftKey::Page(5), ALT, false), b"\x1b[5;3~");
        assert_eq!(bytes(SoftKey::Escape, ALT, false), b"\x1b\x1b");
        assert_eq!(bytes(SoftKey::Symbol('|'), NONE, false), b"|");
    }

    #[test]
    fn a_modifier_holds_for_one_key_then_for_all_then_no_longer() {
        let once = Held::default().tapped(Modifier::Ctrl);
        assert_eq!(once.ctrl, Hold::Once);
        assert!(!once.used().is_on());
        let locked = once.tapped(Modifier::Ctrl);
        assert_eq!(locked.used(), locked);
        assert!(!locked.tapped(Modifier::Ctrl).is_on());
    }
}
