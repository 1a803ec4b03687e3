//! Signals by the names of [RFC 4254 §6.10].
//!
//! [RFC 4254 §6.10]: https://www.rfc-editor.org/rfc/rfc4254#section-6.10

use russh::Sig;
use rustix::process::Signal;

/// Every signal that the RFC names.
const NAMED: [(&str, Signal); 13] = [
    ("ABRT", Signal::ABORT),
    ("ALRM", Signal::ALARM),
    ("FPE", Signal::FPE),
    ("HUP", Signal::HUP),
    ("ILL", Signal::ILL),
    ("INT", Signal::INT),
    ("KILL", Signal::KILL),
    ("PIPE", Signal::PIPE),
    ("QUIT", Signal::QUIT),
    ("SEGV", Signal::SEGV),
    ("TERM", Signal::TERM),
    ("USR1", Signal::USR1),
    ("USR2", Signal::USR2),
];

/// The system's signal; `None` for a name that the RFC does not know.
pub(crate) fn to_system(signal: &Sig) -> Option<Signal> {
    let wanted = name(signal);
    NAMED
        .iter()
        .find(|(name, _)| *name == wanted)
        .map(|(_, signal)| *signal)
}

/// The name of a signal. Others than the RFC's get a name of our own, which needs an at-sign.
pub(crate) fn from_system(signal: Signal) -> Sig {
    let named = NAMED.iter().find(|(_, other)| *other == signal);
    Sig::Custom(match named {
        Some((name, _)) => (*name).to_owned(),
        None => format!("{}@transom", signal.as_raw()),
    })
}

fn name(signal: &Sig) -> &str {
    match signal {
        Sig::ABRT => "ABRT",
        Sig::ALRM => "ALRM",
        Sig::FPE => "FPE",
        Sig::HUP => "HUP",
        Sig::ILL => "ILL",
        Sig::INT => "INT",
        Sig::KILL => "KILL",
        Sig::PIPE => "PIPE",
        Sig::QUIT => "QUIT",
        Sig::SEGV => "SEGV",
        Sig::TERM => "TERM",
        Sig::USR1 => "USR1",
        Sig::Custom(name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_signal_survives_the_way_there_and_back() {
        for (_, signal) in NAMED {
            assert_eq!(to_system(&from_system(signal)), Some(signal));
        }
    }

    #[test]
    fn an_unknown_name_is_no_signal() {
        assert_eq!(to_system(&Sig::Custom("STOP".to_owned())), None);
    }
}
