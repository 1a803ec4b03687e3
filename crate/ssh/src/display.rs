//! Text from a server, made fit to be shown outside the terminal.

use core::fmt::Write as _;

/// Makes `text` safe to show: nothing in it can move, hide, reorder or imitate other text.
///
/// Line feeds and tabs stay. Other control characters become the pictures of Unicode's block for
/// them (`␛`), bidirectional and invisible formatting characters their number (`<U+202E>`). The
/// result has at most `max_bytes` bytes; where more was cut off, it ends in `…`.
///
/// # Security
///
/// For every text that a server, a file or an address chose: banners, prompts, disconnect
/// messages, names. It is not an HTML escape; the page must still insert it as text.
pub fn display_safe(text: &str, max_bytes: usize) -> String {
    const ELLIPSIS: char = '…';
    let room = max_bytes.saturating_sub(ELLIPSIS.len_utf8());
    let mut safe = String::with_capacity(text.len().min(max_bytes));
    // Where the text must end if something is to follow it that does not fit.
    let mut cut = 0;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        push_visible(&mut safe, character);
        if safe.len() > max_bytes {
            safe.truncate(cut);
            if max_bytes >= ELLIPSIS.len_utf8() {
                safe.push(ELLIPSIS);
            }
            break;
        }
        if safe.len() <= room {
            cut = safe.len();
        }
    }
    safe
}

/// Decodes what should be UTF-8 and makes it safe; for bytes that never passed a parser.
pub(crate) fn display_safe_bytes(bytes: &[u8], max_bytes: usize) -> String {
    display_safe(&String::from_utf8_lossy(bytes), max_bytes)
}

fn push_visible(out: &mut String, character: char) {
    match character {
        '\n' | '\t' => out.push(character),
        // The pictures lie in the order of the characters, so each has one.
        '\0'..='\u{1f}' => out.push(picture(character)),
        '\u{7f}' => out.push('\u{2421}'),
        hidden if is_hidden(hidden) => {
            // Writing into a string cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(hidden));
        }
        shown => out.push(shown),
    }
}

fn picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Whether a character shows nothing by itself but changes how others are read: C1 controls,
/// soft hyphen, bidirectional controls, joiners, separators, fillers, tags.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}
