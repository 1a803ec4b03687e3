//! The browser's small storages. What they hold is never secret, and losing it is no error: in
//! some private windows they keep nothing.

use core::cell::Cell;

use transom_protocol::{Target, TerminalSize};
use web_sys::Storage;

use crate::service::place;
use crate::state::memory::Memory;
use crate::state::recents;
use crate::state::settings::Settings;
use crate::state::tabs::{Left, TabId};

const SETTINGS: &str = "transom.settings";
const RECENTS: &str = "transom.recents";
/// Of the terminal for which a shell was opened last; `spare.js` reads it.
const SIZE: &str = "transom.size";
/// The sessions of this tab and how they lie, so that a reload finds all of them.
const OPEN: &str = "transom.open";
/// When this tab was left last.
const LEFT: &str = "transom.left";
/// This window's id, where it came out of another one.
const WINDOW: &str = "transom.window";
/// The windows that came out of this one, and what each shows.
const OTHERS: &str = "transom.windows";
/// What was on the screens when it was; the number of the terminal follows.
const SCREEN: &str = "transom.screen.";

thread_local! {
    /// The browser is being forgotten: what this page still notes is not kept.
    static SEALED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps nothing from now on, or keeps again.
pub(crate) fn seal(sealed: bool) {
    SEALED.set(sealed);
}

/// Reads the settings.
pub(crate) fn settings() -> Settings {
    let text = read(local(), SETTINGS);
    text.map_or_else(Settings::default, |text| Settings::from_json(&text))
}

/// Keeps the settings. Those that nobody changed leave no trace.
pub(crate) fn keep_settings(settings: &Settings) {
    if *settings == Settings::default() {
        if let Some(storage) = local() {
            // Forbidden: then there is none.
            let _ = storage.remove_item(SETTINGS);
        }
    } else {
        write(local(), SETTINGS, &settings.to_json());
    }
}

/// Reads the recent addresses, latest first.
pub(crate) fn recent_targets() -> Vec<Target> {
    read(local(), RECENTS).map_or_else(Vec::new, |text| recents::from_json(&text))
}

/// Notes an address that was connected to.
pub(crate) fn keep_recent(target: &Target) {
    let targets = recents::with(recent_targets(), target);
    write(local(), RECENTS, &recents::to_json(&targets));
}

/// Keeps the size of a terminal, as the next one is likely to be.
pub(crate) fn keep_size(size: TerminalSize) {
    let text = serde_json::to_string(&size).unwrap_or_default();
    write(local(), SIZE, &text);
}

/// Reads what this tab showed before it was reloaded, and takes away what was on its screens.
pub(crate) fn take_left() -> Option<Left> {
    let memory: Memory = serde_json::from_str(&read(session(), OPEN)?).ok()?;
    let at_ms = read(session(), LEFT).and_then(|text| text.parse().ok());
    Some(Left {
        screens: take_screens(),
        at_ms: at_ms.unwrap_or_else(place::now_ms),
        memory,
    })
}

/// This window's id, where it came out of another one. A new window begins with a copy of what the other
/// one keeps for itself, which is taken away.
pub(crate) fn window() -> Option<String> {
    let Some(id) = place::new_window() else {
        return read(session(), WINDOW);
    };
    if read(session(), WINDOW).as_deref() != Some(&id) {
        let _screens_of_the_other = take_screens();
        if let Some(storage) = session() {
            for key in [OPEN, LEFT, OTHERS] {
                // Forbidden: then there is none.
                let _ = storage.remove_item(key);
            }
        }
        write(session(), WINDOW, &id);
    }
    Some(id)
}

/// Reads which windows came out of this one, and what each showed.
pub(crate) fn others() -> Vec<(String, Memory)> {
    let text = read(session(), OTHERS);
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps them; where there are none, no trace is left.
pub(crate) fn keep_others(others: &[(String, Memory)]) {
    if others.is_empty() {
        if let Some(storage) = session() {
            // Forbidden: then there is none.
            let _ = storage.remove_item(OTHERS);
        }
    } else {
        let text = serde_json::to_string(others).unwrap_or_default();
        write(session(), OTHERS, &text);
    }
}

fn take_screens() -> Vec<(u32, String)> {
    let Some(storage) = session() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|place| storage.key(place).ok().flatten());
    let keys: Vec<String> = keys.filter(|key| key.starts_with(SCREEN)).collect();
    let screens = keys.into_iter().filter_map(|key| {
        let text = storage.get_item(&key).ok().flatten();
        // What cannot be removed is overwritten the next time.
        let _stays = storage.remove_item(&key);
        Some((key.strip_prefix(SCREEN)?.parse().ok()?, text?))
    });
    screens.collect()
}

/// Keeps what this tab shows.
pub(crate) fn keep_memory(memory: &Memory) {
    let text = serde_json::to_string(memory).unwrap_or_default();
    write(session(), OPEN, &text);
}

/// Keeps what is on the screen of a terminal. The page goes away, so it is read soon or never.
pub(crate) fn keep_screen(tab: TabId, text: &str) {
    write(session(), &format!("{SCREEN}{}", tab.0), text);
}

/// Keeps the time as the one at which the page was left.
pub(crate) fn keep_leaving() {
    write(session(), LEFT, &place::now_ms().to_string());
}

fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn read(storage: Option<Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok().flatten()
}

fn write(storage: Option<Storage>, key: &str, value: &str) {
    if let (Some(storage), false) = (storage, SEALED.get()) {
        // Full or forbidden: then it is forgotten with the page.
        let _forgotten = storage.set_item(key, value);
    }
}
