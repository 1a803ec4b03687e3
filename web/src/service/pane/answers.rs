//! What a person answered in what lies over a terminal: the search bar, snippets, the notice of a
//! recording, the question before a paste.

use std::rc::Weak;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{AttrValue, Callback};

use crate::service::pane::Live;
use crate::state::find::{Found, Wanted, Way};
use crate::state::recording::Taping;

impl Live {
    /// Finds text.
    pub(crate) fn finder(&self) -> Callback<(Wanted, Way)> {
        self.callback(|live, (wanted, way): (Wanted, Way)| {
            if let Some(terminal) = live.terminal() {
                terminal.find(&wanted, way);
                live.uncover();
            }
        })
    }

    /// Brings what was found out from below the search bar, and where that cannot be, has the bar at the
    /// bottom.
    fn uncover(&self) {
        let me = Weak::clone(&self.me);
        wasm_bindgen_futures::spawn_local(async move {
            // Once the bar says how many there are, and is as high as that needs.
            TimeoutFuture::new(0).await;
            let Some(live) = me.upgrade() else { return };
            let frame = live.with_wants(|wants| wants.frame.cast::<Element>());
            let pane = frame.flatten().and_then(|frame| frame.parent_element());
            let bar = pane.and_then(|pane| pane.query_selector(".search").ok().flatten());
            let bar = bar.and_then(|bar| bar.dyn_into::<HtmlElement>().ok());
            if let (Some(bar), Some(terminal)) = (bar, live.terminal()) {
                // A name without blanks is always taken; Yew leaves what it has not changed.
                let _ = bar.class_list().remove_1("low");
                if !terminal.clear_of(&bar) {
                    let _ = bar.class_list().add_1("low");
                }
            }
        });
    }

    /// Closes the search bar.
    pub(crate) fn search_closer(&self) -> Callback<()> {
        self.callback(|live, ()| {
            live.with_wants(|wants| {
                wants.searching.set(None);
                wants.found.set(Found::Idle);
            });
            if let Some(terminal) = live.terminal() {
                terminal.end_search();
            }
            live.focus();
        })
    }

    /// Types what a snippet says, as pasted, and Enter if it says so and nothing has to be asked.
    pub(crate) fn snippet_taker(&self) -> Callback<Option<(String, bool)>> {
        self.callback(|live, taken: Option<(String, bool)>| {
            live.with_wants(|wants| wants.snippets.set(false));
            let me = Weak::clone(&live.me);
            wasm_bindgen_futures::spawn_local(async move {
                // Once the dialog is gone: another one may follow, and gives the keyboard back to
                // what has it now.
                TimeoutFuture::new(0).await;
                let Some(live) = me.upgrade() else { return };
                live.focus();
                if let Some((text, enter)) = taken {
                    let asks = live.pasted(&text);
                    if enter && !asks {
                        live.typed(b"\r");
                    }
                }
            });
        })
    }

    /// Stops the recording.
    pub(crate) fn recording_stopper(&self) -> Callback<()> {
        self.callback(|live, ()| {
            live.stop_recording(None);
            live.focus();
        })
    }

    /// Takes the notice of a recording away.
    pub(crate) fn recording_closer(&self) -> Callback<()> {
        self.callback(|live, ()| {
            live.with_wants(|wants| wants.taping.set(Taping::Idle));
            live.focus();
        })
    }

    /// Pastes `text`, or does not.
    pub(crate) fn paster(&self, text: AttrValue) -> Callback<bool> {
        self.callback(move |live, paste: bool| {
            live.with_wants(|wants| wants.pasting.set(None));
            if paste {
                live.paste_everywhere(&text);
            }
            live.focus();
        })
    }
}
