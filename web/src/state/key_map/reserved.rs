//! Keys that browsers and operating systems keep for themselves: a page never hears of them, or
//! cannot stop what they do.

use super::Surroundings;
use crate::state::stroke::Stroke;

/// A family of browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    Chromium,
    Firefox,
    Safari,
}

impl Browser {
    /// Reads `navigator.userAgent`. Every browser on an iPhone is Safari inside.
    pub(crate) fn of(agent: &str) -> Self {
        if agent.contains("Firefox/") {
            Self::Firefox
        } else if agent.contains("Safari/") && !agent.contains("Chrome/") {
            Self::Safari
        } else {
            Self::Chromium
        }
    }
}

/// Whether the page could not have these keys.
pub(super) fn is_reserved(stroke: &Stroke, surroundings: Surroundings) -> bool {
    let Surroundings {
        browser,
        apple,
        app_window,
    } = surroundings;
    let name = stroke.to_string();
    let among = |list: &[&str]| list.contains(&name.as_str());
    if among(&[
        "Alt+F4",
        "Alt+Tab",
        "Alt+Shift+Tab",
        "Meta+Tab",
        "Meta+Space",
    ]) {
        return true;
    }
    if app_window {
        return false;
    }
    let tabs = if apple {
        among(&[
            "Meta+KeyN",
            "Meta+KeyT",
            "Meta+KeyW",
            "Meta+KeyQ",
            "Meta+KeyH",
            "Meta+KeyM",
            "Shift+Meta+KeyN",
            "Shift+Meta+KeyT",
            "Shift+Meta+KeyW",
            "Shift+Meta+KeyQ",
            "Meta+Digit1",
            "Meta+Digit2",
            "Meta+Digit3",
            "Meta+Digit4",
            "Meta+Digit5",
            "Meta+Digit6",
            "Meta+Digit7",
            "Meta+Digit8",
            "Meta+Digit9",
            "Ctrl+Tab",
            "Ctrl+Shift+Tab",
        ])
    } else {
        among(&[
            "Ctrl+KeyN",
            "Ctrl+KeyT",
            "Ctrl+KeyW",
            "Ctrl+F4",
            "Ctrl+Tab",
            "Ctrl+Shift+Tab",
            "Ctrl+Shift+KeyN",
            "Ctrl+Shift+KeyT",
            "Ctrl+Shift+KeyW",
            "Ctrl+Shift+KeyQ",
        ])
    };
    let own = match browser {
        // Its private window.
        Browser::Firefox => among(&["Ctrl+Shift+KeyP", "Shift+Meta+KeyP"]),
        Browser::Chromium | Browser::Safari => false,
    };
    tabs || own
}
