//! Which pasted text is a question first.

/// Whether a text is a question first: it has a line break, and the program cannot tell pasted
/// from typed text, or the host is one to be careful with.
pub(crate) fn must_ask(text: &str, brackets: bool, careful: bool) -> bool {
    (careful || !brackets) && text.contains(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_outside_brackets_are_a_question() {
        assert!(must_ask("a\nb", false, false));
        assert!(must_ask("rm -rf x\r", false, false));
        assert!(must_ask("a\nb", true, true));
        assert!(!must_ask("a\nb", true, false));
        assert!(!must_ask("a b", false, true));
    }
}
