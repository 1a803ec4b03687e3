//! Commands as blocks: what a shell says of them with OSC 133, and how it is told.

use core::time::Duration;

use crate::state::message::terminal as words;
use crate::state::{number, title};

/// What a shell marks ([FinalTerm's sequences], OSC 133).
///
/// [FinalTerm's sequences]: https://gitlab.freedesktop.org/Per_Bothner/specifications/blob/master/proposals/semantic-prompts.md
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A: a prompt begins here.
    Prompt,
    /// B: what is typed begins here.
    Typing,
    /// C: the command runs, its output begins here.
    Output,
    /// D: it has ended; some shells do not say how.
    Done(Option<i32>),
}

/// Reads the text of an OSC 133. `None` for what this page does not know.
pub(crate) fn said(data: &str) -> Option<Said> {
    let mut parts = data.split(';');
    match parts.next()? {
        "A" => Some(Said::Prompt),
        "B" => Some(Said::Typing),
        "C" => Some(Said::Output),
        "D" => Some(Said::Done(
            parts.next().and_then(|status| status.parse().ok()),
        )),
        _ => None,
    }
}

/// What happened to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It runs now. Its text is a stranger's.
    Began(String),
    /// It has ended.
    Ended {
        text: String,
        status: Option<i32>,
        took: Duration,
    },
}

/// The badge of an ended command: `✓ 0.4 s`, `✗ 1 · 2 s`.
///
/// - `took`: not known of what ran before the page was there.
pub(crate) fn badge(status: Option<i32>, took: Option<Duration>) -> String {
    let shape = match status {
        Some(0) => "✓".to_owned(),
        Some(status) => format!("✗ {status}"),
        None => "•".to_owned(),
    };
    match (took, status) {
        (Some(took), Some(0) | None) => format!("{shape} {}", length(took)),
        (Some(took), Some(_)) => format!("{shape} · {}", length(took)),
        (None, _) => shape,
    }
}

/// The same in words.
pub(crate) fn badge_words(status: Option<i32>, took: Option<Duration>) -> String {
    let end = match status {
        Some(0) => words::SUCCEEDED.say().to_owned(),
        Some(status) => words::FAILED_CODE.with(&[("status", &status.to_string())]),
        None => words::DONE.say().to_owned(),
    };
    match took {
        Some(took) => words::AFTER.with(&[("end", &end), ("time", &length(took))]),
        None => end,
    }
}

/// How many lines are folded.
pub(crate) fn lines_words(lines: usize) -> String {
    let lines = u64::try_from(lines).unwrap_or(u64::MAX);
    words::FOLDED_LINES.counted(lines, &[])
}

/// What the button in a badge does.
///
/// - `command`: a stranger's text; empty where it is not known.
/// - `lines`: how many are folded, in words; `None` while they are not.
pub(crate) fn fold_words(command: &str, lines: Option<&str>) -> String {
    let command = title::clean(command);
    let command = if command.is_empty() {
        words::A_COMMAND.say().to_owned()
    } else {
        command
    };
    match lines {
        Some(lines) => words::UNFOLD_OUTPUT.with(&[("lines", lines), ("command", &command)]),
        None => words::FOLD_OUTPUT.with(&[("command", &command)]),
    }
}

/// To the nearest tenth of a second.
fn tenths(took: Duration) -> u64 {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    millis.saturating_add(50) / 100
}

/// `0.4 s`, `12 s`, `3:05`, `1:02:03`.
fn length(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0..10 => format!("{} s", number::with_tenth(tenths(took))),
        10..60 => format!("{seconds} s"),
        _ => crate::state::recording::clock(took.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_may_have_more_to_say() {
        assert_eq!(said("A"), Some(Said::Prompt));
        assert_eq!(said("A;aid=12;cl=m"), Some(Said::Prompt));
        assert_eq!(said("D"), Some(Said::Done(None)));
        assert_eq!(said("D;130"), Some(Said::Done(Some(130))));
        assert_eq!(said("D;x;err=1"), Some(Said::Done(None)));
        assert_eq!(said("P;k=i"), None);
        assert_eq!(said(""), None);
    }

    #[test]
    fn a_button_says_whose_output_it_folds() {
        assert_eq!(fold_words("make", None), "Fold the output of make");
        let lines = lines_words(312);
        let words = "Unfold 312 lines of a command";
        assert_eq!(fold_words("", Some(&lines)), words);
        assert_eq!(lines_words(1), "1 line");
    }

    #[test]
    fn a_badge_says_how_it_ended_and_how_long_it_took() {
        assert_eq!(badge(Some(0), Some(Duration::from_millis(420))), "✓ 0.4 s");
        assert_eq!(badge(Some(1), Some(Duration::from_secs(185))), "✗ 1 · 3:05");
        assert_eq!(badge(None, None), "•");
        assert_eq!(
            badge_words(Some(2), Some(Duration::from_secs(12))),
            "failed with exit code 2 after 12 s"
        );
    }
}
