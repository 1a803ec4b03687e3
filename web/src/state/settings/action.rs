//! What a person changes of the settings, and what becomes of them.

use std::rc::Rc;

use transom_protocol::{RelayMode, TrustPolicy};
use yew::Reducible;

use super::{
    MAX_SCHEMES, MAX_SCROLLBACK_LINES, Settings, ThemeChoice, clamp_font, clamp_idle, font_name,
};
use crate::state::choice::{Click, Consent, Contrast, Cursor};
use crate::state::language::LanguageChoice;
use crate::state::scheme::Scheme;
use crate::state::stroke::Stroke;

/// What a person changed.
#[derive(Clone, Debug)]
pub(crate) enum SettingsAction {
    ThemeChosen(ThemeChoice),
    LanguageChosen(LanguageChoice),
    /// For the action with this name; nothing for no keys.
    KeysChosen(&'static str, Option<Stroke>),
    /// The action with this name has its usual keys again.
    KeysReset(&'static str),
    /// All actions have.
    AllKeysReset,
    /// For the dark or the light page; `None` is the page's own.
    SchemeChosen {
        dark: bool,
        scheme: Option<Box<Scheme>>,
    },
    /// Each in place of the one with its name.
    SchemesImported(Vec<Scheme>),
    /// Empty is the page's own.
    FontNamed(String),
    ContrastChosen(Contrast),
    CursorChosen(Cursor),
    CursorBlinkSet(bool),
    CopyOnSelectSet(bool),
    RightClickChosen(Click),
    MiddleClickChosen(Click),
    /// All of them, from a file or a text.
    Replaced(Box<Settings>),
    /// In CSS pixels.
    FontSized(u32),
    /// One step larger or smaller.
    FontStepped(i32),
    /// Back to the default size.
    FontReset,
    /// In lines.
    ScrollbackSet(u32),
    ScreenReaderSet(bool),
    RecordInputSet(bool),
    /// In seconds.
    VaultIdleSet(u32),
    /// For `host:port`.
    ClipboardAnswered(String, Consent),
    /// Every host is asked about again.
    ClipboardForgotten,
    /// For hosts that are not known.
    HostKeysChosen(TrustPolicy),
    /// A host, as known_hosts writes it.
    LegacyAllowed(String),
    /// No host may agree on weak algorithms any more.
    LegacyForgotten,
    /// Empty means the relay that served this page.
    RelayNamed(String),
    RelayModeChosen(RelayMode),
}

/// Puts `imported` before `known`, each name once.
fn with_schemes(known: Vec<Scheme>, imported: Vec<Scheme>) -> Vec<Scheme> {
    let mut all: Vec<Scheme> = Vec::new();
    for scheme in imported.into_iter().chain(known) {
        if all.len() < MAX_SCHEMES && all.iter().all(|other| other.name != scheme.name) {
            all.push(scheme);
        }
    }
    all
}

impl Reducible for Settings {
    type Action = SettingsAction;

    fn reduce(self: Rc<Self>, action: SettingsAction) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match action {
            SettingsAction::ThemeChosen(theme) => next.theme = theme,
            SettingsAction::LanguageChosen(language) => next.language = language,
            SettingsAction::KeysChosen(action, stroke) => {
                let text = stroke.map_or_else(String::new, |stroke| stroke.to_string());
                next.keys.insert(action.to_owned(), text);
            }
            SettingsAction::KeysReset(action) => {
                next.keys.remove(action);
            }
            SettingsAction::AllKeysReset => next.keys.clear(),
            SettingsAction::SchemeChosen { dark: true, scheme } => {
                next.dark_scheme = scheme.map(|it| *it);
            }
            SettingsAction::SchemeChosen {
                dark: false,
                scheme,
            } => next.light_scheme = scheme.map(|it| *it),
            SettingsAction::SchemesImported(schemes) => {
                next.schemes = with_schemes(core::mem::take(&mut next.schemes), schemes);
            }
            SettingsAction::FontNamed(name) => next.font = font_name(&name),
            SettingsAction::ContrastChosen(contrast) => next.contrast = contrast,
            SettingsAction::CursorChosen(cursor) => next.cursor = cursor,
            SettingsAction::CursorBlinkSet(on) => next.cursor_blink = on,
            SettingsAction::CopyOnSelectSet(on) => next.copy_on_select = on,
            SettingsAction::RightClickChosen(click) => next.right_click = click,
            SettingsAction::MiddleClickChosen(click) => next.middle_click = click,
            SettingsAction::Replaced(settings) => next = *settings,
            SettingsAction::FontSized(size) => next.font_size = clamp_font(size),
            SettingsAction::FontStepped(step) => {
                next.font_size = clamp_font(next.font_size.saturating_add_signed(step));
            }
            SettingsAction::FontReset => next.font_size = Self::default().font_size,
            SettingsAction::ScrollbackSet(lines) => {
                next.scrollback = lines.min(MAX_SCROLLBACK_LINES);
            }
            SettingsAction::ScreenReaderSet(on) => next.screen_reader = on,
            SettingsAction::RecordInputSet(on) => next.record_input = on,
            SettingsAction::VaultIdleSet(seconds) => next.vault_idle_seconds = clamp_idle(seconds),
            SettingsAction::ClipboardAnswered(host, consent) => {
                next.clipboard_hosts.insert(host, consent);
            }
            SettingsAction::ClipboardForgotten => next.clipboard_hosts.clear(),
            SettingsAction::HostKeysChosen(policy) => next.host_keys = policy,
            SettingsAction::LegacyAllowed(host) => {
                next.legacy_hosts.insert(host);
            }
            SettingsAction::LegacyForgotten => next.legacy_hosts.clear(),
            SettingsAction::RelayNamed(url) => {
                let url = url.trim();
                next.relay_url = (!url.is_empty()).then(|| url.to_owned());
            }
            SettingsAction::RelayModeChosen(mode) => next.relay_mode = mode,
        }
        Rc::new(next)
    }
}
