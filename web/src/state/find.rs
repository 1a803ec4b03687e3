//! Finding text in the output: what is looked for, and what is said about it.

use crate::state::message::terminal as words;

/// Most matches that are counted and marked; each mark is an object of the terminal.
pub(crate) const MOST_MATCHES: u32 = 1000;

/// What a person looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Nothing is looked for while it is empty.
    pub(crate) text: String,
    /// Capitals differ from small letters.
    pub(crate) case: bool,
    /// Only where no letter or digit stands beside it.
    pub(crate) word: bool,
    /// `text` is a regular expression of the browser.
    pub(crate) regex: bool,
}

/// That the person searches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Searching {
    /// What was selected in the terminal; empty if that is no part of one line.
    pub(crate) begin: String,
    /// When it was asked for, in milliseconds since 1970: asking again selects the text.
    pub(crate) asked_ms: f64,
}

/// From where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the selected match on, which may be it again: what is looked for has changed.
    Here,
    /// The next one downwards.
    Next,
    /// The next one upwards.
    Previous,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing is looked for.
    #[default]
    Idle,
    /// All matches, counted up to [`MOST_MATCHES`].
    Matches {
        /// Which of them is selected, counted from 1, if it is among those counted.
        place: Option<u32>,
        count: u32,
    },
    /// The regular expression is none; the reason in the browser's words.
    Wrong(String),
}

impl Found {
    /// Whether a person has to change what is looked for.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Wrong(_) | Self::Matches { count: 0, .. })
    }

    /// The words beside the field; empty where nothing is looked for.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Idle => String::new(),
            Self::Wrong(reason) => words::WRONG_PATTERN.with(&[("reason", reason)]),
            Self::Matches { count: 0, .. } => words::NOT_FOUND.say().to_owned(),
            Self::Matches { place, count } => {
                let all = if *count < MOST_MATCHES {
                    count.to_string()
                } else {
                    words::OR_MORE.with(&[("n", &MOST_MATCHES.to_string())])
                };
                match place {
                    Some(place) => {
                        words::PLACE_OF.with(&[("place", &place.to_string()), ("all", &all)])
                    }
                    None => all,
                }
            }
        }
    }
}

/// The end of a browser's message about a pattern, which repeats the pattern before it:
/// `Invalid regular expression: /(/g: Unterminated group`.
pub(crate) fn reason(message: &str) -> String {
    let end = message.rsplit(": ").next().unwrap_or(message);
    end.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_counted_up_to_a_limit() {
        let at = |place, count| Found::Matches { place, count }.words();
        assert_eq!(at(Some(3), 41), "3 of 41");
        assert_eq!(at(None, 41), "41");
        assert_eq!(at(Some(1000), MOST_MATCHES), "1000 of 1000 or more");
        assert_eq!(at(None, 0), "Not found");
        assert_eq!(Found::Idle.words(), "");
    }

    #[test]
    fn the_reason_of_a_wrong_pattern_is_short() {
        let told = reason("Invalid regular expression: /a: (/gi: Unterminated group");
        assert_eq!(
            Found::Wrong(told).words(),
            "Wrong pattern: Unterminated group"
        );
        assert!(reason(&"x".repeat(500)).len() <= 80);
    }
}
