//! Which environment variables a program gets.

use std::env;
use std::ffi::OsString;

use crate::account::Account;

/// Variables one channel may set. OpenSSH's clients send fewer than twenty.
const MAX_VARIABLES: usize = 64;

/// Bytes of one value. A locale or a terminal's name is far shorter.
const MAX_VALUE_BYTES: usize = 1024;

/// Where programs are looked for if the demo itself has no `PATH`.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/// What a client asked to set ([RFC 4254 §6.4]).
///
/// [RFC 4254 §6.4]: https://www.rfc-editor.org/rfc/rfc4254#section-6.4
#[derive(Debug, Default)]
pub(crate) struct Requested(Vec<(String, String)>);

impl Requested {
    /// Takes a variable, or refuses it: only locale and colours are a client's business, since
    /// others (`LD_PRELOAD`, `BASH_ENV`) choose what runs.
    pub(crate) fn accept(&mut self, name: &str, value: &str) -> bool {
        let wanted = name == "LANG" || name == "COLORTERM" || name.starts_with("LC_");
        let sane = is_sane(name) && !name.contains('=') && is_sane(value);
        let accepted = wanted && sane && self.0.len() < MAX_VARIABLES;
        if accepted {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        accepted
    }
}

/// Whether `text` can be a variable's value or a terminal's name.
pub(crate) fn is_sane(text: &str) -> bool {
    text.len() <= MAX_VALUE_BYTES && !text.contains('\0')
}

/// The whole environment of a program, as a log-in makes it: nothing leaks from the demo's own
/// but the search path, the locale and the time zone.
pub(crate) fn of_login(
    account: &Account,
    term: Option<&str>,
    requested: &Requested,
) -> Vec<(OsString, OsString)> {
    let mut variables: Vec<(OsString, OsString)> = vec![
        ("LANG".into(), "C.UTF-8".into()),
        ("PATH".into(), DEFAULT_PATH.into()),
    ];
    variables.extend(env::vars_os().filter(|(name, _)| is_inherited(name)));
    variables.extend([
        ("HOME".into(), account.home.clone().into()),
        ("USER".into(), account.name.clone().into()),
        ("LOGNAME".into(), account.name.clone().into()),
        ("SHELL".into(), account.shell.clone().into()),
    ]);
    if let Some(term) = term {
        variables.push(("TERM".into(), term.into()));
    }
    let requested = requested.0.iter();
    variables.extend(requested.map(|(name, value)| (name.into(), value.into())));
    variables
}

fn is_inherited(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| {
        matches!(name, "PATH" | "LANG" | "TZ" | "TMPDIR") || name.starts_with("LC_")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_chooses_its_locale_and_nothing_that_runs() {
        let mut requested = Requested::default();
        assert!(requested.accept("LANG", "de_DE.UTF-8"));
        assert!(requested.accept("LC_ALL", "C"));
        for name in ["LD_PRELOAD", "BASH_ENV", "PATH", "LC_A=B", "LC_\0"] {
            assert!(!requested.accept(name, "x"), "{name:?}");
        }
    }

    #[test]
    fn variables_are_bounded_in_number_and_size() {
        let mut requested = Requested::default();
        assert!(!requested.accept("LANG", &"x".repeat(MAX_VALUE_BYTES + 1)));
        let accepted = (0..1000).filter(|_| requested.accept("LANG", "C")).count();
        assert_eq!(accepted, MAX_VARIABLES);
    }
}
