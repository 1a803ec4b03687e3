//! What a person chose for the mouse: copy what is selected, paste by a click.

use core::any::Any;
use core::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventTarget, HtmlElement, MouseEvent, PointerEvent};
use yew::Callback;

use crate::service::clipboard;
use crate::state::choice::Click;
use crate::state::settings::Settings;
use crate::xterm::js::JsTerminal;
use crate::xterm::{Listeners, pasting};

/// `MouseEvent.button` of the middle one.
const MIDDLE: i16 = 1;

/// The mouse of one terminal.
pub(crate) struct Mouse {
    js: JsTerminal,
    choices: Cell<Choices>,
    /// The button went down in the terminal: a selection may end anywhere.
    selecting: Cell<bool>,
}

#[derive(Clone, Copy)]
struct Choices {
    copy: bool,
    right: Click,
    middle: Click,
}

impl Choices {
    fn of(settings: &Settings) -> Self {
        Self {
            copy: settings.copy_on_select,
            right: settings.right_click,
            middle: settings.middle_click,
        }
    }
}

impl Mouse {
    /// The mouse as `settings` say.
    pub(crate) fn new(js: &JsTerminal, settings: &Settings) -> Self {
        Self {
            js: js.same(),
            choices: Cell::new(Choices::of(settings)),
            selecting: Cell::default(),
        }
    }

    /// Follows changed settings.
    pub(crate) fn follow(&self, settings: &Settings) {
        self.choices.set(Choices::of(settings));
    }

    /// Does what a click means here; whether it did.
    fn click(&self, click: Click, paste: &Callback<String>) -> bool {
        // With Shift a person takes the mouse back from a program that hears of it.
        match click {
            Click::Browser => return false,
            Click::Nothing => {}
            Click::CopyOrPaste if self.js.has_selection() => {
                clipboard::copy(&self.js.get_selection(), Callback::noop());
                self.js.clear_selection();
            }
            Click::Paste | Click::CopyOrPaste => clipboard::read(paste.clone()),
        }
        // The browser gave the keyboard to the frame around it.
        self.js.focus();
        true
    }

    /// Whether a program hears of the mouse.
    fn is_taken(&self, event: &MouseEvent) -> bool {
        !event.shift_key() && self.js.modes().mouse_tracking_mode() != "none"
    }
}

/// A listener on an element or the window, before those inside it; removed when it is dropped.
struct MouseListener {
    host: EventTarget,
    kind: &'static str,
    handler: Closure<dyn Fn(MouseEvent)>,
}

impl MouseListener {
    fn listening(
        host: &EventTarget,
        kind: &'static str,
        handler: impl Fn(MouseEvent) + 'static,
    ) -> Box<dyn Any> {
        let handler = Closure::<dyn Fn(MouseEvent)>::new(handler);
        let function = handler.as_ref().unchecked_ref();
        let added = host.add_event_listener_with_callback_and_bool(kind, function, true);
        debug_assert!(added.is_ok());
        Box::new(Self {
            host: host.clone(),
            kind,
            handler,
        })
    }
}

impl Drop for MouseListener {
    fn drop(&mut self) {
        let function = self.handler.as_ref().unchecked_ref();
        let removed = self
            .host
            .remove_event_listener_with_callback_and_bool(self.kind, function, true);
        debug_assert!(removed.is_ok());
    }
}

/// Listens in `host`. The result keeps the listeners.
pub(crate) fn listen(
    host: &HtmlElement,
    mouse: &Rc<Mouse>,
    listeners: &Listeners,
) -> Vec<Box<dyn Any>> {
    let (its, paste) = (Rc::clone(mouse), listeners.on_paste.clone());
    let right = move |event: MouseEvent| {
        let by_finger = event.dyn_ref::<PointerEvent>();
        if by_finger.is_some_and(|event| event.pointer_type() == "touch") {
            // A long press selects (`super::touch`).
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        if !its.is_taken(&event) && its.click(its.choices.get().right, &paste) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let (its, paste) = (Rc::clone(mouse), listeners.on_paste.clone());
    let middle = move |event: MouseEvent| {
        if event.button() == MIDDLE
            && !its.is_taken(&event)
            && its.click(its.choices.get().middle, &paste)
        {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let its = Rc::clone(mouse);
    let pressed = move |event: MouseEvent| its.selecting.set(event.button() == 0);
    let its = Rc::clone(mouse);
    let released = move |event: MouseEvent| {
        let chosen = its.choices.get().middle != Click::Browser;
        if event.button() == MIDDLE && chosen && !its.is_taken(&event) {
            pasting::pass_over_click();
        }
        if event.button() != 0 || !its.selecting.take() || !its.choices.get().copy {
            return;
        }
        let its = Rc::clone(&its);
        // The terminal hears of it after this listener, and selects then.
        wasm_bindgen_futures::spawn_local(async move {
            gloo_timers::future::TimeoutFuture::new(0).await;
            if its.js.has_selection() {
                clipboard::copy(&its.js.get_selection(), Callback::noop());
            }
        });
    };
    let mut all = vec![
        MouseListener::listening(host, "contextmenu", right),
        MouseListener::listening(host, "auxclick", middle),
        MouseListener::listening(host, "mousedown", pressed),
    ];
    if let Some(window) = web_sys::window() {
        all.push(MouseListener::listening(&window, "mouseup", released));
    }
    all
}
