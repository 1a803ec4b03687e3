//! When the network may have changed: the page woke up, came to the front, or is online again.

use web_sys::Event;
use yew::{Callback, hook, use_callback, use_effect_with};

use crate::hook::listener::{Listener, use_window_event};
use crate::service::sessions::Sessions;

/// Has every engine look after its link at such a moment, instead of at its next question.
#[hook]
pub(crate) fn use_wake(sessions: &Sessions) {
    let nudge: Callback<Event> = use_callback(sessions.clone(), |_, sessions: &Sessions| {
        let shown = web_sys::window()
            .and_then(|window| window.document())
            .is_some_and(|document| !document.hidden());
        if shown {
            sessions.nudge_all();
        }
    });
    use_window_event("online", nudge.clone());
    use_window_event("pageshow", nudge.clone());
    use_effect_with(nudge, |nudge| {
        let document = web_sys::window().and_then(|window| window.document());
        let listener =
            document.map(|document| Listener::new(&document, "visibilitychange", nudge.clone()));
        move || drop(listener)
    });
}
