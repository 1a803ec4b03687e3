//! Which pasted text is a question first.

/// Whether a text is a question first: it has a line break, and the program cannot tell pasted
/// from typed text.
pub(crate) fn must_ask(text: &str, brackets: bool) -> bool {
    !brackets && text.contains(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_outside_brackets_are_a_question() {
        assert!(must_ask("a\nb", false));
        assert!(must_ask("rm -rf x\r", false));
        assert!(!must_ask("a\nb", true));
        assert!(!must_ask("a b", false));
    }
}
