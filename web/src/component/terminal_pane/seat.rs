//! Where a terminal is, and how that looks.

use transom_protocol::Environment;

use crate::state::layout::Area;
use crate::state::message::terminal as words;

/// Where a terminal is among those of its tab.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seat {
    pub(crate) area: Area,
    /// A person sees it.
    pub(crate) seen: bool,
    /// It has the keyboard.
    pub(crate) focused: bool,
    /// Which of them it is, counted from 1.
    pub(crate) number: usize,
    pub(crate) count: usize,
    /// It has the whole tab for a while.
    pub(crate) zoomed: bool,
}

impl Seat {
    /// The first terminal of a tab is words::TERMINAL.say(), the others have a number.
    pub(super) fn name(self) -> String {
        match self.number {
            1 => words::TERMINAL.say().to_owned(),
            number => words::TERMINAL_NUMBER.with(&[("number", &number.to_string())]),
        }
    }
}

/// The frame that says what depends on the host.
pub(super) fn frame_class(environment: Environment) -> Option<&'static str> {
    match environment {
        Environment::Development => None,
        Environment::Staging => Some("on-staging"),
        Environment::Production => Some("on-production"),
    }
}
