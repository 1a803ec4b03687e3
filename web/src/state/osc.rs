//! What programs ask of the page by OSC 52 (the clipboard) and OSC 9;4 (progress).

use crate::state::message::terminal as words;
use crate::state::number;

/// Longest text that a program may put on the clipboard, in bytes of base64.
pub(crate) const MAX_CLIPBOARD_BYTES: usize = 1024 * 1024;

/// How far a program says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing is told, or it is done.
    #[default]
    Idle,
    /// In percent.
    At(u8),
    /// In percent.
    Failed(u8),
    /// In percent.
    Paused(u8),
    /// It runs, nobody knows how long.
    Running,
}

impl Progress {
    /// In words.
    pub(crate) fn words(self) -> String {
        match self {
            Self::At(percent) => number::percent(percent),
            Self::Failed(percent) => {
                words::PROGRESS_FAILED.with(&[("percent", &number::percent(percent))])
            }
            Self::Paused(percent) => {
                words::PROGRESS_PAUSED.with(&[("percent", &number::percent(percent))])
            }
            Self::Running => words::PROGRESS_BUSY.say().to_owned(),
            Self::Idle => String::new(),
        }
    }

    /// In percent, where it is known.
    pub(crate) fn percent(self) -> Option<u8> {
        match self {
            Self::At(percent) | Self::Failed(percent) | Self::Paused(percent) => Some(percent),
            Self::Running | Self::Idle => None,
        }
    }
}

/// Reads the text of an OSC 9. `None` for what this page does not know.
pub(crate) fn progress(data: &str) -> Option<Progress> {
    let mut parts = data.strip_prefix("4;")?.split(';');
    let state = parts.next()?;
    let percent = parts.next().and_then(|part| part.parse::<u32>().ok());
    let percent = u8::try_from(percent.unwrap_or(0).min(100)).unwrap_or(100);
    match state {
        "0" => Some(Progress::Idle),
        "1" => Some(Progress::At(percent)),
        "2" => Some(Progress::Failed(percent)),
        "3" => Some(Progress::Running),
        "4" => Some(Progress::Paused(percent)),
        _ => None,
    }
}

/// The base64 that a program wants on the clipboard, from the text of an OSC 52. `None` for a
/// question, which is never answered, and for what is too long.
pub(crate) fn clipboard(data: &str) -> Option<&str> {
    let (_which, base64) = data.split_once(';')?;
    let good = !base64.is_empty() && base64 != "?" && base64.len() <= MAX_CLIPBOARD_BYTES;
    good.then_some(base64)
}

/// Text as it may be put on the clipboard: without the control characters that would do
/// something where it is pasted.
pub(crate) fn clipboard_text(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let good = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let text: String = text.chars().filter(good).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_has_a_state_and_at_most_all() {
        assert_eq!(progress("4;1;42"), Some(Progress::At(42)));
        assert_eq!(progress("4;1;4200"), Some(Progress::At(100)));
        assert_eq!(progress("4;3"), Some(Progress::Running));
        assert_eq!(progress("4;2;-1"), Some(Progress::Failed(0)));
        assert_eq!(progress("4;0;0"), Some(Progress::Idle));
        for other in ["a notification", "4;9;1", "4", ""] {
            assert_eq!(progress(other), None, "{other}");
        }
    }

    #[test]
    fn the_clipboard_is_never_read() {
        assert_eq!(clipboard("c;aGk="), Some("aGk="));
        assert_eq!(clipboard(";aGk="), Some("aGk="));
        for question in ["c;?", "c;", "c", "?"] {
            assert_eq!(clipboard(question), None, "{question}");
        }
        let long = format!("c;{}", "A".repeat(MAX_CLIPBOARD_BYTES + 1));
        assert_eq!(clipboard(&long), None);
    }

    #[test]
    fn what_is_pasted_later_does_nothing_by_itself() {
        let bytes = b"a\x1b[201~\nb\x03".to_vec();
        assert_eq!(clipboard_text(bytes).as_deref(), Some("a[201~\nb"));
        assert_eq!(clipboard_text(vec![0xff]), None);
        assert_eq!(clipboard_text(vec![7]), None);
    }
}
