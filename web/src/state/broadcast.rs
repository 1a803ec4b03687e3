//! Which input of a terminal goes to others, too.

/// Whether a terminal says this by itself: answers to what programs ask, reports of the mouse
/// and of the focus. Another terminal's program did not ask, so to it they would be typed.
pub(crate) fn is_answer(bytes: &[u8]) -> bool {
    match bytes {
        // Operating system commands and device control strings; private reports, mouse
        // reports, focus.
        [0x1b, b']' | b'P', _, ..]
        | [0x1b, b'[', b'?' | b'>' | b'<' | b'M', ..]
        | [0x1b, b'[', b'I' | b'O'] => true,
        // Device status, attributes, cursor position, window size, modes.
        [
            0x1b,
            b'[',
            parameters @ ..,
            b'n' | b'c' | b'R' | b't' | b'y',
        ] => parameters
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b'$')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_goes_to_others_and_answers_do_not() {
        for typed in [
            "a",
            "\r",
            "ä",
            "\u{1b}",
            "\u{1b}[A",
            "\u{1b}OP",
            "\u{1b}[1;5C",
            "\u{1b}[3~",
            "\u{1b}[200~two\nlines\u{1b}[201~",
            "\u{1b}b",
            "\u{3}",
            "\u{1b}[Z",
            "\u{1b}P",
        ] {
            assert!(!is_answer(typed.as_bytes()), "{typed:?}");
        }
        for answer in [
            "\u{1b}[?1;2c",
            "\u{1b}[>0;276;0c",
            "\u{1b}[0n",
            "\u{1b}[12;40R",
            "\u{1b}[?25;1$y",
            "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\",
            "\u{1b}P1$r0m\u{1b}\\",
            "\u{1b}[<0;3;4M",
            "\u{1b}[M !!",
            "\u{1b}[I",
            "\u{1b}[O",
            "\u{1b}[8;24;80t",
        ] {
            assert!(is_answer(answer.as_bytes()), "{answer:?}");
        }
    }
}
