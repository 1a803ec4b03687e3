//! What components share: contexts, and effects with their undo.

pub(crate) mod area;
pub(crate) mod drag;
pub(crate) mod hosts;
pub(crate) mod listener;
pub(crate) mod media;
pub(crate) mod safe;
pub(crate) mod session;
pub(crate) mod update;
pub(crate) mod visible;
pub(crate) mod wake;
pub(crate) mod windows;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{
    Callback, NodeRef, UseReducerHandle, UseStateHandle, hook, use_context, use_effect_with,
    use_memo,
};

use crate::hook::safe::SafeHandle;
use crate::service::place;
use crate::service::sessions::Sessions;
use crate::service::windows::Windows;
use crate::state::hosts::Hosts;
use crate::state::key_map::{Choices, KeyMap};
use crate::state::settings::Settings;
use crate::state::workspace::Workspace;

/// The page's sessions.
pub(crate) type WorkspaceHandle = UseReducerHandle<Workspace>;

/// What a person set.
pub(crate) type SettingsHandle = UseReducerHandle<Settings>;

/// The hosts that a person saved.
pub(crate) type HostsHandle = UseReducerHandle<Hosts>;

/// Everything that [`crate::app::App`] provides.
#[derive(Clone, PartialEq)]
pub(crate) struct Provided {
    pub(crate) workspace: WorkspaceHandle,
    pub(crate) settings: SettingsHandle,
    pub(crate) hosts: HostsHandle,
    pub(crate) sessions: Sessions,
    pub(crate) windows: Windows,
    pub(crate) safe: SafeHandle,
    /// Whether the command palette is open.
    pub(crate) palette: UseStateHandle<bool>,
}

/// Gives what [`crate::app::App`] provides; `None` only outside of it.
#[hook]
pub(crate) fn use_provided() -> Option<Provided> {
    use_context::<Provided>()
}

/// Which key does what, as the settings of this very drawing say.
#[hook]
pub(crate) fn use_keys(provided: Option<&Provided>) -> Rc<KeyMap> {
    let chosen = provided.map(|provided| provided.settings.keys.clone());
    use_memo(chosen, |chosen| {
        KeyMap::new(
            chosen.as_ref().unwrap_or(&Choices::new()),
            place::surroundings(),
        )
    })
}

/// Gives the focus to the first control inside `node` when the component appears, so that a
/// keyboard goes on where the eyes are.
#[hook]
pub(crate) fn use_first_focus(node: &NodeRef) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let control = node
            .cast::<Element>()
            .and_then(|element| element.query_selector("input, button").ok().flatten())
            .and_then(|control| control.dyn_into::<HtmlElement>().ok());
        if let Some(control) = control {
            // An element on the page can take the focus.
            let _ = control.focus();
        }
    });
}

/// Calls `callback` with what `pick` makes of a value, unless it makes nothing of it.
pub(crate) fn when<T: 'static, U: 'static>(
    callback: &Callback<U>,
    pick: impl Fn(T) -> Option<U> + 'static,
) -> Callback<T> {
    let callback = callback.clone();
    Callback::from(move |value: T| {
        if let Some(value) = pick(value) {
            callback.emit(value);
        }
    })
}

/// Names the page in the browser's own tab.
#[hook]
pub(crate) fn use_title(title: String) {
    use_effect_with(title, |title| place::set_title(title));
}
