//! The browser's small storages. What they hold is never secret, and losing it is no error: in
//! some private windows they keep nothing.

use serde::{Deserialize, Serialize};
use transom_protocol::{ShellId, Target};
use web_sys::Storage;
use yew::AttrValue;

use crate::state::connection::ConnectionId;
use crate::state::recents;
use crate::state::settings::Settings;
use crate::state::workspace::Workspace;

const SETTINGS: &str = "transom.settings";
const RECENTS: &str = "transom.recents";
/// The sessions of this tab, so that a reload finds all of them.
const OPEN: &str = "transom.open";

/// A session that this tab showed before it was reloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    id: String,
    target: Option<Target>,
    /// The shell in front, if this session was.
    #[serde(default)]
    shell: Option<ShellId>,
}

impl Shown {
    /// Its id.
    pub(crate) fn id(&self) -> ConnectionId {
        ConnectionId(AttrValue::from(self.id.clone()))
    }

    /// The shell that was in front.
    pub(crate) fn shell(&self) -> Option<ShellId> {
        self.shell
    }

    /// Where it led.
    pub(crate) fn target(&self) -> Option<Target> {
        self.target.clone()
    }
}

/// Reads the settings.
pub(crate) fn settings() -> Settings {
    let text = read(local(), SETTINGS);
    text.map_or_else(Settings::default, |text| Settings::from_json(&text))
}

/// Keeps the settings.
pub(crate) fn keep_settings(settings: &Settings) {
    write(local(), SETTINGS, &settings.to_json());
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

/// Reads which sessions this tab showed.
pub(crate) fn shown() -> Vec<Shown> {
    let text = read(session(), OPEN).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Notes which sessions this tab shows.
pub(crate) fn keep_shown(workspace: &Workspace) {
    let front = workspace.tabs().front();
    let shown: Vec<Shown> = workspace
        .connections()
        .iter()
        .map(|connection| Shown {
            id: connection.id.0.to_string(),
            target: connection.target.clone(),
            shell: front
                .filter(|tab| tab.connection == connection.id)
                .and_then(|tab| tab.shell),
        })
        .collect();
    write(
        session(),
        OPEN,
        &serde_json::to_string(&shown).unwrap_or_default(),
    );
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
    if let Some(storage) = storage {
        // Full or forbidden: then it is forgotten with the page.
        let _forgotten = storage.set_item(key, value);
    }
}
