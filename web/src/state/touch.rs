//! What a finger selects: cells of the grid, counted through all rows.

/// Cells from one to before another, counted from the first cell of the buffer's first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

impl Span {
    /// From its beginning or end, whichever is farther, to the cell `at`.
    pub(crate) fn stretched(self, at: u32) -> Self {
        Self {
            from: self.from.min(at),
            to: self.to.max(at.saturating_add(1)),
        }
    }
}

/// The word at a cell of a row: what belongs together in a shell, such as a path or an address.
///
/// - `row`: its text with blanks; characters from Hangul on take two cells.
/// - `at`: counted in cells.
///
/// Returns the cells from the word's first to behind its last; one cell where there is no word.
pub(crate) fn word_at(row: &str, at: u32) -> Span {
    let nothing = Span {
        from: at,
        to: at.saturating_add(1),
    };
    let (mut cell, mut begun) = (0_u32, None);
    for character in row.chars() {
        let wide = u32::from(character >= '\u{1100}');
        if belongs(character) {
            begun.get_or_insert(cell);
        } else {
            match begun.take() {
                Some(from) if at < cell => return Span { from, to: cell },
                _ if at <= cell => return nothing,
                _ => {}
            }
        }
        cell = cell.saturating_add(1 + wide);
    }
    match begun {
        Some(from) if at >= from && at < cell => Span { from, to: cell },
        _ => nothing,
    }
}

fn belongs(character: char) -> bool {
    character.is_alphanumeric() || "_-./~:@%+=?&#$".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn span(from: u32, to: u32) -> Span {
        Span { from, to }
    }

    #[test]
    fn a_path_is_one_word() {
        let row = "ls /etc/ssh (web-1)  ";
        assert_eq!(word_at(row, 0), span(0, 2));
        assert_eq!(word_at(row, 5), span(3, 11));
        assert_eq!(word_at(row, 10), span(3, 11));
        assert_eq!(word_at(row, 14), span(13, 18));
    }

    #[test]
    fn between_words_a_single_cell_is_selected() {
        assert_eq!(word_at("a b", 1), span(1, 2));
        assert_eq!(word_at("a b", 9), span(9, 10));
        assert_eq!(word_at("", 0), span(0, 1));
    }

    #[test]
    fn wide_characters_take_two_cells() {
        assert_eq!(word_at("日本 x", 3), span(0, 4));
        assert_eq!(word_at("日本 x", 5), span(5, 6));
    }

    #[test]
    fn a_selection_stretches_both_ways() {
        assert_eq!(span(10, 14).stretched(20), span(10, 21));
        assert_eq!(span(10, 14).stretched(3), span(3, 14));
        assert_eq!(span(10, 14).stretched(12), span(10, 14));
    }
}
