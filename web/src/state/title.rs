//! Titles that a shell gives its tab (OSC 0 and 2): text of a stranger, in the page's frame.

/// Longest title, in characters; no tab has room for more.
const MAX_CHARS: usize = 80;

/// Makes a title safe to show: without control characters and without the characters that
/// reorder or hide text, which could make it look like a part of the page.
pub(crate) fn clean(title: &str) -> String {
    let visible: String = title.chars().filter(|c| !is_deceptive(*c)).collect();
    visible.trim().chars().take(MAX_CHARS).collect()
}

fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}'
                | '\u{061C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_reorder_the_text_around_it() {
        assert_eq!(clean("a\u{202E}txt.exe\u{2069}"), "atxt.exe");
        assert_eq!(clean("vim\u{1b}\u{7}\n notes"), "vim notes");
    }

    #[test]
    fn a_title_is_bounded() {
        assert_eq!(clean(&"é".repeat(10_000)).chars().count(), MAX_CHARS);
    }
}
