//! Names and words of a server, made fit to be shown outside a terminal.

use core::fmt::Write as _;

/// Makes bytes safe to show on one line: nothing in them can move, hide, reorder or imitate
/// other text. What is not UTF-8 becomes `\x` and its number, other control characters the
/// pictures of Unicode's block for them, formatting characters their number. At most `max_bytes`
/// long; what was cut off shows as `…`.
pub fn display_bytes(bytes: &[u8], max_bytes: usize) -> String {
    let mut shown = String::with_capacity(bytes.len().min(max_bytes));
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push(&mut shown, character);
            if shown.len() > max_bytes {
                return cut(shown, max_bytes);
            }
        }
        for byte in chunk.invalid() {
            // Writing into a string cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
        if shown.len() > max_bytes {
            return cut(shown, max_bytes);
        }
    }
    shown
}

fn push(shown: &mut String, character: char) {
    match character {
        '\0'..='\u{1f}' => {
            shown.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => shown.push('\u{2421}'),
        hidden if is_hidden(hidden) => {
            let _ = write!(shown, "<U+{:04X}>", u32::from(hidden));
        }
        plain => shown.push(plain),
    }
}

/// Characters that move, hide or reorder what stands around them.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn cut(mut shown: String, max_bytes: usize) -> String {
    let room = max_bytes.saturating_sub('…'.len_utf8());
    let end = (0..=room.min(shown.len()))
        .rev()
        .find(|place| shown.is_char_boundary(*place))
        .unwrap_or(0);
    shown.truncate(end);
    if '…'.len_utf8() <= max_bytes {
        shown.push('…');
    }
    shown
}
