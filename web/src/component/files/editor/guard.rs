//! Keys of the editor, and who is told that a text is not saved.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};
use yew::{Callback, NodeRef, hook, use_effect_with, use_memo};

use super::{Draft, Way};
use crate::hook::listener::{Listener, use_window_event};
use crate::service::stranded::Stranded;
use crate::state::file_edit::Editing;

/// Ctrl+S saves, and Esc outside of the text leaves. Not by Yew, which hears of keys before the editor
/// does, and so cannot know which of them were for the editor.
#[hook]
pub(super) fn use_keys(node: &NodeRef, draft: &Draft) {
    let node = node.clone();
    use_effect_with(draft.clone(), move |draft| {
        let draft = draft.clone();
        let on_key = Callback::from(move |event: Event| {
            if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                pressed(&draft, &event);
            }
        });
        let element = node.cast::<HtmlElement>();
        let listener = element.map(|element| Listener::new(&element, "keydown", on_key));
        move || drop(listener)
    });
}

fn pressed(draft: &Draft, event: &KeyboardEvent) {
    let key = event.key();
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && key == "s" {
        event.prevent_default();
        draft.save(Way::Careful, Callback::noop());
    } else if key == "Escape" && !event.default_prevented() && !draft.edit.leaving {
        event.prevent_default();
        draft.close();
    }
}

/// Lets the next connection to this server take the text over, where the engine of this one has stopped.
#[hook]
pub(super) fn use_stranding(draft: &Draft) {
    let stranded = draft.edit.unsaved && draft.desk.files.has_stopped();
    let server = draft.desk.server.clone().filter(|_| stranded);
    let draft = draft.clone();
    use_effect_with(server, move |server| {
        let files = draft.desk.files.clone();
        let sheet = draft.desk.sheet.clone();
        files.strand(server.as_ref().map(|server| Stranded {
            address: server.address.clone(),
            path: draft.edit.path.clone(),
            base: draft.edit.base.clone(),
            editor: draft.editor.clone(),
            on_taken: Callback::from(move |()| sheet.set(None)),
        }));
        move || files.strand(None)
    });
}

/// Tells the connection that there is an unsaved text, so that closing it asks; and the browser.
#[hook]
pub(super) fn use_unsaved(draft: &Draft) {
    let unsaved = draft.edit.unsaved;
    let files = draft.desk.files.clone();
    use_effect_with(unsaved, move |unsaved| {
        files.set_unsaved(*unsaved);
        move || files.set_unsaved(false)
    });
    let (asked, edit) = (
        draft.desk.files.asked_about_unsaved(),
        draft.edit.dispatcher(),
    );
    let before = use_memo((), |()| asked);
    use_effect_with(asked, move |asked| {
        if *asked > *before {
            edit.dispatch(Editing::Leaving(true));
        }
    });
    let on_unload = use_memo(unsaved, |unsaved| {
        let unsaved = *unsaved;
        Callback::from(move |event: Event| {
            if unsaved {
                event.prevent_default();
            }
        })
    });
    use_window_event("beforeunload", (*on_unload).clone());
}
