//! What programs ask of the page by OSC 52 (the clipboard), and tell it by OSC 9;4 (progress) and OSC 7 (the
//! folder they are in).

use transom_protocol::RemotePath;

use crate::state::message::terminal as words;
use crate::state::number;

/// Longest text that a program may put on the clipboard, in bytes of base64.
pub(crate) const MAX_CLIPBOARD_BYTES: usize = 1024 * 1024;

/// Longest path that is taken from an OSC 7, in bytes: no Linux path is longer.
const MAX_PATH_BYTES: usize = 4096;

/// Longest name of a machine, in bytes: no name of a host is longer.
const MAX_MACHINE_BYTES: usize = 255;

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

/// The machine and the folder of an OSC 7, `file://machine/folder`. `None` for anything else.
pub(crate) fn folder(data: &str) -> Option<(String, RemotePath)> {
    let rest = data.strip_prefix("file://")?;
    let (machine, path) = rest.split_at(rest.find('/')?);
    // Each byte of a path may be written as three.
    if machine.len() > MAX_MACHINE_BYTES || path.len() > 3 * MAX_PATH_BYTES {
        return None;
    }
    let path = unescaped(path);
    let good = path.len() <= MAX_PATH_BYTES && !path.contains(&0);
    good.then(|| (machine.to_owned(), RemotePath::new(path)))
}

/// The bytes of an address in which some are written as `%41`; what is no such number stays.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.first_chunk::<2>().filter(|_| *first == b'%');
        let number = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| core::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(number.unwrap_or(*first));
        rest = after
            .get(if number.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    bytes
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
    fn a_folder_is_any_bytes_of_a_machine() {
        let told =
            |data: &str| folder(data).map(|(machine, path)| (machine, path.bytes().to_vec()));
        let of = |machine: &str, path: &[u8]| Some((machine.to_owned(), path.to_vec()));
        assert_eq!(
            told("file://web-1/srv/a%20b%FF"),
            of("web-1", b"/srv/a b\xff")
        );
        assert_eq!(told("file:///srv/100%/%zz"), of("", b"/srv/100%/%zz"));
        for other in [
            "file://web-1",
            "http://web-1/srv",
            "/srv",
            "file:///a%00b",
            "",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
        assert_eq!(told(&format!("file:///{}", "a".repeat(5000))), None);
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
