//! What a person set, kept as JSON in `localStorage` under `transom.settings`.
//!
//! A field that is missing or unknown is the default, so that older and newer pages read each
//! other's settings.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use transom_protocol::{RelayMode, RelaySpec};
use yew::Reducible;

/// Smallest and largest font of the terminal, in CSS pixels: below nobody can read it, above
/// no 80 columns fit on any screen.
pub(crate) const FONT_SIZE_PX: (u32, u32) = (8, 32);

/// Most lines of scrollback. xterm.js keeps about 12 bytes for each cell, so that this many
/// lines of 120 columns take about 140 MB.
pub(crate) const MAX_SCROLLBACK_LINES: u32 = 100_000;

/// Colours of the page and the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ThemeChoice {
    /// As the operating system says.
    #[default]
    System,
    Light,
    Dark,
}

impl ThemeChoice {
    /// All of them, in the order of the screen.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name for people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The value of `data-theme`.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) theme: ThemeChoice,
    /// In CSS pixels, within [`FONT_SIZE_PX`].
    pub(crate) font_size: u32,
    /// In lines, at most [`MAX_SCROLLBACK_LINES`].
    pub(crate) scrollback: u32,
    /// Keep the terminal's text readable for screen readers.
    pub(crate) screen_reader: bool,
    /// `ws:` or `wss:` address; `None` is the relay that served this page.
    pub(crate) relay_url: Option<String>,
    pub(crate) relay_mode: RelayMode,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            font_size: 14,
            scrollback: 10_000,
            screen_reader: false,
            relay_url: None,
            relay_mode: RelayMode::Transom,
        }
    }
}

/// What a person changed.
#[derive(Clone, Debug)]
pub(crate) enum SettingsAction {
    ThemeChosen(ThemeChoice),
    /// In CSS pixels.
    FontSized(u32),
    /// One step larger or smaller.
    FontStepped(i32),
    /// Back to the default size.
    FontReset,
    /// In lines.
    ScrollbackSet(u32),
    ScreenReaderSet(bool),
    /// Empty means the relay that served this page.
    RelayNamed(String),
    RelayModeChosen(RelayMode),
}

impl Settings {
    /// Reads stored settings; whatever cannot be read is the default.
    pub(crate) fn from_json(text: &str) -> Self {
        let stored: Self = serde_json::from_str(text).unwrap_or_default();
        Self {
            font_size: clamp_font(stored.font_size),
            scrollback: stored.scrollback.min(MAX_SCROLLBACK_LINES),
            ..stored
        }
    }

    /// Writes them for [`Settings::from_json`].
    pub(crate) fn to_json(&self) -> String {
        // Strings, numbers and booleans can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The relay to use by a page that was served from `protocol` (`https:`) and `host`
    /// (`transom.example:8022`).
    pub(crate) fn relay(&self, protocol: &str, host: &str) -> RelaySpec {
        let url = self.relay_url.clone().unwrap_or_else(|| {
            let scheme = if protocol == "https:" { "wss" } else { "ws" };
            let path = match self.relay_mode {
                RelayMode::Transom => "relay",
                RelayMode::Plain => "plain",
            };
            format!("{scheme}://{host}/{path}")
        });
        RelaySpec {
            url,
            mode: self.relay_mode,
        }
    }
}

fn clamp_font(size: u32) -> u32 {
    let (smallest, largest) = FONT_SIZE_PX;
    size.clamp(smallest, largest)
}

impl Reducible for Settings {
    type Action = SettingsAction;

    fn reduce(self: Rc<Self>, action: SettingsAction) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            SettingsAction::ThemeChosen(theme) => next.theme = theme,
            SettingsAction::FontSized(size) => next.font_size = clamp_font(size),
            SettingsAction::FontStepped(step) => {
                next.font_size = clamp_font(next.font_size.saturating_add_signed(step));
            }
            SettingsAction::FontReset => next.font_size = Self::default().font_size,
            SettingsAction::ScrollbackSet(lines) => {
                next.scrollback = lines.min(MAX_SCROLLBACK_LINES);
            }
            SettingsAction::ScreenReaderSet(on) => next.screen_reader = on,
            SettingsAction::RelayNamed(url) => {
                let url = url.trim();
                next.relay_url = (!url.is_empty()).then(|| url.to_owned());
            }
            SettingsAction::RelayModeChosen(mode) => next.relay_mode = mode,
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_storage() {
        let settings = Settings {
            theme: ThemeChoice::Dark,
            relay_url: Some("wss://relay.example/relay".to_owned()),
            ..Settings::default()
        };
        assert_eq!(Settings::from_json(&settings.to_json()), settings);
    }

    #[test]
    fn damaged_or_partial_settings_are_the_default() {
        assert_eq!(Settings::from_json("{]"), Settings::default());
        let partial = Settings::from_json(r#"{"screen_reader":true,"font_size":900}"#);
        assert!(partial.screen_reader);
        assert_eq!(partial.font_size, FONT_SIZE_PX.1);
        assert_eq!(partial.scrollback, Settings::default().scrollback);
    }

    #[test]
    fn the_default_relay_is_the_one_that_served_the_page() {
        let settings = Settings::default();
        assert_eq!(
            settings.relay("https:", "t.example").url,
            "wss://t.example/relay"
        );
        assert_eq!(
            settings.relay("http:", "127.0.0.1:8022").url,
            "ws://127.0.0.1:8022/relay"
        );
    }

    #[test]
    fn an_empty_relay_address_is_no_address() {
        let settings = Rc::new(Settings::default())
            .reduce(SettingsAction::RelayNamed("wss://a/relay".to_owned()))
            .reduce(SettingsAction::RelayNamed("  ".to_owned()));
        assert_eq!(settings.relay_url, None);
    }
}
