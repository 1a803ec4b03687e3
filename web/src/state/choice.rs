//! Settings that are one of a few.

use serde::{Deserialize, Serialize};
use transom_protocol::TrustPolicy;

use crate::state::message::{Message, settings as words};

/// One of a few, with words for people and for files.
pub(crate) trait Choice: Copy + PartialEq + Sized + 'static {
    /// All of them with their words, in the order of the screen.
    const ALL: &'static [(Self, Message)];
}

/// Whether a host may fill the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Consent {
    Allow,
    Deny,
}

/// Least contrast between text and its ground (WCAG 2.2, 1.4.3 and 1.4.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Contrast {
    /// Colours as programs choose them.
    AsGiven,
    #[default]
    Readable,
    High,
}

impl Contrast {
    /// The ratio, from 1 to 21.
    pub(crate) fn ratio(self) -> f64 {
        match self {
            Self::AsGiven => 1.0,
            Self::Readable => 4.5,
            Self::High => 7.0,
        }
    }
}

impl Choice for Contrast {
    const ALL: &'static [(Self, Message)] = &[
        (Self::AsGiven, words::AS_GIVEN),
        (Self::Readable, words::READABLE),
        (Self::High, words::HIGH),
    ];
}

/// Shape of the cursor, where no program chooses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cursor {
    #[default]
    Block,
    Bar,
    Underline,
}

impl Cursor {
    /// Its name in xterm.js.
    pub(crate) fn style(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Bar => "bar",
            Self::Underline => "underline",
        }
    }
}

impl Choice for Cursor {
    const ALL: &'static [(Self, Message)] = &[
        (Self::Block, words::BLOCK),
        (Self::Bar, words::BAR),
        (Self::Underline, words::UNDERLINE),
    ];
}

impl Choice for TrustPolicy {
    const ALL: &'static [(Self, Message)] = &[
        (Self::Ask, words::ASK),
        (Self::Strict, words::STRICT),
        (Self::AcceptNew, words::ACCEPT_NEW),
        (Self::CaOnly, words::CA_ONLY),
    ];
}

/// What a mouse button other than the first does in a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Click {
    /// What the browser does: a menu, or on Linux the paste of the selection.
    #[default]
    Browser,
    /// Pastes the clipboard.
    Paste,
    /// Copies what is selected; pastes where nothing is.
    CopyOrPaste,
    Nothing,
}

impl Choice for Click {
    const ALL: &'static [(Self, Message)] = &[
        (Self::Browser, words::CLICK_BROWSER),
        (Self::Paste, words::CLICK_PASTE),
        (Self::CopyOrPaste, words::CLICK_COPY),
        (Self::Nothing, words::CLICK_NOTHING),
    ];
}
