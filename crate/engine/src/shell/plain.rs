//! Where the newest run of plain text in a shell's output begins.
//!
//! Plain is what only adds lines to the normal screen: text, tabs, backspaces, ends of lines. Of such a run
//! a terminal keeps as many lines as its scrollback holds, whatever came before. Everything that may
//! do something else ends the run. Pure: no port, no clock.
//!
//! The states are those of [the parser of the VT500], as far as they decide where a sequence ends.
//!
//! [the parser of the VT500]: https://vt100.net/emu/dec_ansi_parser

use crate::shell::output::count;

/// Bytes that are looked at together: so many are compared by a few instructions.
const STRIDE: usize = 64;

/// Bytes of a control sequence's parameters that are looked at; real ones have a dozen.
const PARAMETER_BYTES: usize = 64;

/// Follows all output of a shell.
#[derive(Debug, Default)]
pub(super) struct PlainText {
    place: Place,
    /// Bytes followed.
    end: u64,
    /// Offset after the last byte that was not plain.
    since: u64,
    /// The alternate screen is shown, which has no scrollback.
    alternate: bool,
    /// What scrolls does not scroll into the scrollback.
    margins: bool,
    /// A control character of two bytes came: nothing is said of this shell any more.
    lost: bool,
}

/// What the next byte belongs to.
#[derive(Debug, Default)]
enum Place {
    #[default]
    Text,
    /// The first byte of a character of two that may be a control character.
    Lead,
    Escape,
    Sequence(Vec<u8>),
    /// A string for the terminal; whether a bell ends it.
    String(bool),
}

impl PlainText {
    /// Where the run of plain text began that goes on at the end; `None` where the output is in
    /// something else.
    pub(super) fn since(&self) -> Option<u64> {
        let plain =
            matches!(self.place, Place::Text) && !self.alternate && !self.margins && !self.lost;
        plain.then_some(self.since)
    }

    /// Follows the next bytes.
    pub(super) fn follow(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            if matches!(self.place, Place::Text) {
                let (plain, other) = rest.split_at(plain_length(rest));
                self.end += count(plain.len());
                rest = other;
            }
            let Some((byte, after)) = rest.split_first() else {
                return;
            };
            self.end += 1;
            self.step(*byte);
            rest = after;
        }
    }

    /// Takes one byte that is not plain text, or not in it.
    fn step(&mut self, byte: u8) {
        let place = core::mem::take(&mut self.place);
        self.place = match (place, byte) {
            (Place::Text, 0xc2) => Place::Lead,
            (Place::Lead, 0x80..=0x9f) => {
                self.lost = true;
                Place::Text
            }
            // The second byte of a printable character, or none: what is malformed is text as well.
            (Place::Lead, byte) if byte > 0x7f => Place::Text,
            (Place::Lead, byte) if is_plain(byte) => Place::Text,
            // Of CAN and SUB: they end every sequence.
            (_, 0x18 | 0x1a) | (Place::String(true), 0x07) => self.ended(),
            (_, 0x1b) => Place::Escape,
            (Place::String(bell), _) => Place::String(bell),
            (Place::Escape, byte) => self.escape(byte),
            (Place::Sequence(parameters), byte) => self.sequence(parameters, byte),
            (Place::Text | Place::Lead, _) => self.ended(),
        };
    }

    /// Something that was not plain ends here.
    fn ended(&mut self) -> Place {
        self.since = self.end;
        Place::Text
    }

    fn escape(&mut self, byte: u8) -> Place {
        match byte {
            b'[' => Place::Sequence(Vec::new()),
            b']' => Place::String(true),
            b'P' | b'X' | b'^' | b'_' => Place::String(false),
            // Intermediate bytes, and control characters that act within.
            0x00..=0x2f => Place::Escape,
            b'c' => {
                self.alternate = false;
                self.margins = false;
                self.ended()
            }
            _ => self.ended(),
        }
    }

    fn sequence(&mut self, mut parameters: Vec<u8>, byte: u8) -> Place {
        if !matches!(byte, 0x40..=0x7e) {
            if parameters.len() < PARAMETER_BYTES {
                parameters.push(byte);
            }
            return Place::Sequence(parameters);
        }
        match (byte, parameters.as_slice()) {
            (b'h' | b'l', [b'?', modes @ ..]) => {
                let screens: [&[u8]; 3] = [b"47", b"1047", b"1049"];
                let mut modes = modes.split(|byte| *byte == b';');
                if modes.any(|mode| screens.contains(&mode)) {
                    self.alternate = byte == b'h';
                }
            }
            (b'r', [b'?', ..]) => {}
            // Margins are each screen's own.
            (b'r', margins) if !self.alternate => self.margins = !begins_at_first_line(margins),
            (b'p', [b'!']) => self.margins = false,
            _ => {}
        }
        self.ended()
    }
}

/// Whether the first parameter is left out, 0 or 1.
fn begins_at_first_line(parameters: &[u8]) -> bool {
    let top = parameters.split(|byte| *byte == b';').next();
    matches!(top.unwrap_or_default(), b"" | b"0" | b"1")
}

/// Whether a byte only adds to the lines of a terminal.
fn is_plain(byte: u8) -> bool {
    match byte {
        b'\x08' | b'\t' | b'\n' | b'\r' => true,
        0x00..=0x1f | 0x7f | 0xc2 => false,
        _ => true,
    }
}

/// Length of the plain text that `bytes` begin with.
fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    for stride in bytes.chunks(STRIDE) {
        // Without a way out in the middle the compiler makes vectors of it.
        if !stride
            .iter()
            .fold(true, |plain, byte| plain & is_plain(*byte))
        {
            let rest = stride.iter().take_while(|byte| is_plain(**byte));
            return length + rest.count();
        }
        length += stride.len();
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows `text` at once and byte by byte, and says where plain text goes on.
    fn since(text: &[u8]) -> Option<u64> {
        let mut whole = PlainText::default();
        whole.follow(text);
        let mut single = PlainText::default();
        for byte in text {
            single.follow(&[*byte]);
        }
        assert_eq!(whole.since(), single.since(), "{text:?}");
        whole.since()
    }

    #[test]
    fn text_tabs_and_ends_of_lines_are_plain() {
        assert_eq!(since(b""), Some(0));
        let long = "a line\tof text \u{e9}\u{b0}\u{2028}\r\n".repeat(100);
        assert_eq!(since(long.as_bytes()), Some(0));
    }

    #[test]
    fn a_run_begins_after_what_is_not_plain() {
        for other in [
            "\x07",
            "\x0e",
            "\x7f",
            "\x1b7",
            "\x1b(B",
            "\x1b[31m",
            "\x1b[?25l",
            "\x1b[2 q",
            "\x1b]0;title\x07",
            "\x1b]0;title\x1b\\",
            "\x1bPq\x07#0\x1b\\",
            "\x1b[12\x18",
        ] {
            let before = format!("text{other}");
            let text = format!("{before}more\r\n");
            assert_eq!(
                since(text.as_bytes()),
                Some(count(before.len())),
                "{other:?}"
            );
        }
    }

    #[test]
    fn within_a_sequence_or_a_string_nothing_is_plain() {
        for open in [
            "\x1b",
            "\x1b[31",
            "\x1b]0;title\r\nlines",
            "\x1bPdata\x07",
            "\x1b_",
        ] {
            assert_eq!(since(open.as_bytes()), None, "{open:?}");
        }
    }

    #[test]
    fn without_a_scrollback_nothing_is_plain() {
        assert_eq!(since(b"\x1b[?1049hlines\r\n"), None);
        assert_eq!(since(b"\x1b[?25;1049hlines\r\n"), None);
        assert_eq!(since(b"\x1b[?1049h\x1b[3;9r\x1b[?1049l"), Some(22));
        assert_eq!(since(b"\x1b[3;9rlines"), None);
        assert_eq!(since(b"\x1b[3;9r\x1b[r"), Some(9));
        assert_eq!(since(b"\x1b[1;9r"), Some(6));
        assert_eq!(since(b"\x1b[3;9r\x1b[!p"), Some(10));
        assert_eq!(since(b"\x1b[3;9r\x1bc"), Some(8));
    }

    #[test]
    fn control_characters_of_two_bytes_end_it_for_good() {
        assert_eq!(since("\u{9b}31m\r\nlines".as_bytes()), None);
        assert_eq!(since(b"\xc2"), None);
        assert_eq!(since(b"\xc2\xb0"), Some(0));
    }
}
