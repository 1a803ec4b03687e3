//! What a person set, kept as JSON in `localStorage` under `transom.settings`.
//!
//! A field that is missing or unknown is the default, so that older and newer pages read each
//! other's settings.

mod action;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use transom_protocol::{RelayMode, RelaySpec, TrustPolicy, TrustRules};

use crate::state::choice::{Click, Consent, Contrast, Cursor};
use crate::state::key_map::{ACTIONS, Choices};
use crate::state::language::LanguageChoice;
use crate::state::message::settings as words;
use crate::state::scheme::Scheme;
use crate::state::stroke::Stroke;
pub(crate) use action::SettingsAction;

/// Smallest and largest font of the terminal, in CSS pixels: below nobody can read it, above
/// no 80 columns fit on any screen.
pub(crate) const FONT_SIZE_PX: (u32, u32) = (8, 32);

/// Most lines of scrollback. xterm.js keeps about 12 bytes for each cell, so that this many
/// lines of 120 columns take about 140 MB.
pub(crate) const MAX_SCROLLBACK_LINES: u32 = 100_000;

/// Most schemes of their own that a person may import: each is 500 bytes of `localStorage`.
pub(crate) const MAX_SCHEMES: usize = 50;

/// Longest that the vault stays open while nobody is there, in seconds: a day.
pub(crate) const MAX_VAULT_IDLE_SECONDS: u32 = 24 * 60 * 60;

/// Longest name of a font, in characters.
const MAX_FONT_CHARS: usize = 60;

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
        let message = match self {
            Self::System => words::SYSTEM,
            Self::Light => words::LIGHT,
            Self::Dark => words::DARK,
        };
        message.say()
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
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Settings {
    pub(crate) theme: ThemeChoice,
    pub(crate) language: LanguageChoice,
    /// Keys other than those at first.
    pub(crate) keys: Choices,
    /// Colours of the terminal on the dark page; `None` is Instrument Dark.
    pub(crate) dark_scheme: Option<Scheme>,
    /// Colours of the terminal on the light page; `None` is Instrument Paper.
    pub(crate) light_scheme: Option<Scheme>,
    /// Schemes that the person imported, at most [`MAX_SCHEMES`].
    pub(crate) schemes: Vec<Scheme>,
    /// A font of this computer for the terminal; empty is JetBrains Mono.
    pub(crate) font: String,
    pub(crate) contrast: Contrast,
    pub(crate) cursor: Cursor,
    pub(crate) cursor_blink: bool,
    pub(crate) copy_on_select: bool,
    pub(crate) right_click: Click,
    pub(crate) middle_click: Click,
    /// In CSS pixels, within [`FONT_SIZE_PX`].
    pub(crate) font_size: u32,
    /// In lines, at most [`MAX_SCROLLBACK_LINES`].
    pub(crate) scrollback: u32,
    /// Keep the terminal's text readable for screen readers.
    pub(crate) screen_reader: bool,
    /// Recordings hold what is typed, too: also passwords.
    pub(crate) record_input: bool,
    /// The vault locks itself after so many seconds, at most [`MAX_VAULT_IDLE_SECONDS`].
    pub(crate) vault_idle_seconds: u32,
    /// `host:port` → whether its programs may fill the clipboard; others are asked about.
    pub(crate) clipboard_hosts: BTreeMap<String, Consent>,
    /// For hosts that are not known.
    pub(crate) host_keys: TrustPolicy,
    /// Hosts, as known_hosts writes them, that may agree on weak algorithms.
    pub(crate) legacy_hosts: BTreeSet<String>,
    /// `ws:` or `wss:` address; `None` is the relay that served this page.
    pub(crate) relay_url: Option<String>,
    pub(crate) relay_mode: RelayMode,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            language: LanguageChoice::Browser,
            keys: Choices::new(),
            dark_scheme: None,
            light_scheme: None,
            schemes: Vec::new(),
            font: String::new(),
            contrast: Contrast::default(),
            cursor: Cursor::default(),
            cursor_blink: false,
            copy_on_select: false,
            right_click: Click::default(),
            middle_click: Click::default(),
            font_size: 14,
            scrollback: 10_000,
            screen_reader: false,
            record_input: false,
            vault_idle_seconds: 15 * 60,
            clipboard_hosts: BTreeMap::new(),
            host_keys: TrustPolicy::default(),
            legacy_hosts: BTreeSet::new(),
            relay_url: None,
            relay_mode: RelayMode::Transom,
        }
    }
}

impl Settings {
    /// Reads stored settings; whatever cannot be read is the default.
    pub(crate) fn from_json(text: &str) -> Self {
        Self::parse(text).unwrap_or_default()
    }

    /// Reads settings that a person wrote; values out of their range become the nearest one.
    ///
    /// # Errors
    ///
    /// The place and the reason, for people, where it is no object of settings.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut schemes: Vec<Scheme> = read
            .schemes
            .into_iter()
            .filter_map(Scheme::checked)
            .collect();
        schemes.truncate(MAX_SCHEMES);
        Ok(Self {
            dark_scheme: read.dark_scheme.and_then(Scheme::checked),
            light_scheme: read.light_scheme.and_then(Scheme::checked),
            schemes,
            font: font_name(&read.font),
            keys: known_keys(read.keys),
            font_size: clamp_font(read.font_size),
            scrollback: read.scrollback.min(MAX_SCROLLBACK_LINES),
            vault_idle_seconds: clamp_idle(read.vault_idle_seconds),
            ..read
        })
    }

    /// The scheme for the dark or the light page; `None` is the page's own.
    pub(crate) fn scheme(&self, dark: bool) -> Option<&Scheme> {
        if dark {
            self.dark_scheme.as_ref()
        } else {
            self.light_scheme.as_ref()
        }
    }

    /// As [`Settings::to_json`], one member to a line.
    pub(crate) fn to_pretty_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Writes them for [`Settings::from_json`].
    pub(crate) fn to_json(&self) -> String {
        // Strings, numbers and booleans can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What engines do about host keys.
    pub(crate) fn trust(&self) -> TrustRules {
        TrustRules {
            policy: self.host_keys,
            legacy: self.legacy_hosts.iter().cloned().collect(),
        }
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

fn clamp_idle(seconds: u32) -> u32 {
    seconds.clamp(1, MAX_VAULT_IDLE_SECONDS)
}

fn clamp_font(size: u32) -> u32 {
    let (smallest, largest) = FONT_SIZE_PX;
    size.clamp(smallest, largest)
}

/// Keys of actions that there are: what an older or newer page wrote, or a person, may name others.
fn known_keys(mut keys: Choices) -> Choices {
    keys.retain(|id, stroke| {
        let known = ACTIONS.iter().any(|action| action.id == id);
        known && (stroke.is_empty() || stroke.parse::<Stroke>().is_ok())
    });
    keys
}

/// Letters, digits and what stands between them in names of fonts: it becomes a part of a style.
fn font_name(typed: &str) -> String {
    let good = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let name: String = typed.chars().filter(good).take(MAX_FONT_CHARS).collect();
    name.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::Reducible;

    use super::*;
    use crate::state::scheme::tests::sample;

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
    fn what_goes_into_a_style_is_checked_when_it_is_read() {
        let evil = r##"{"font":"x'; } body { }","dark_scheme":{"name":"x","background":"red;}",
            "foreground":"#fff","cursor":"","selection":"","ansi":["","","","","","","","","",
            "","","","","","",""]}}"##;
        let read = Settings::parse(evil).unwrap();
        assert_eq!(read.font, "x  body");
        assert_eq!(read.dark_scheme, None);
        assert!(Settings::parse("{").is_err());
        assert!(Settings::parse("[1]").is_err());
    }

    #[test]
    fn keys_that_make_no_sense_are_left_out() {
        let read = r#"{"keys":{"find":"Ctrl+Shift+KeyG","copy":"","nonsense":"F9","mark":"<b>"}}"#;
        let read = Settings::parse(read).unwrap();
        let ids: Vec<&str> = read.keys.keys().map(String::as_str).collect();
        assert_eq!(ids, ["copy", "find"]);
    }

    #[test]
    fn an_imported_scheme_replaces_the_one_of_its_name() {
        let import = |settings: Rc<Settings>, background: &str| {
            let scheme = sample("Night", background).checked().unwrap();
            settings.reduce(SettingsAction::SchemesImported(vec![scheme]))
        };
        let settings = import(Rc::new(Settings::default()), "#111111");
        let settings = import(settings, "#222222");
        assert_eq!(settings.schemes.len(), 1);
        assert_eq!(settings.schemes[0].background, "#222222");
        assert_eq!(Settings::from_json(&settings.to_pretty_json()), *settings);
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
