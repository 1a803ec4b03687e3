//! The queue between the engine and xterm.js: what was written and what of it is parsed.

use core::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Function, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use yew::Callback;

use crate::xterm::images::{self, Images};
use crate::xterm::js::JsTerminal;
use crate::xterm::replay::Silence;

/// Parsed bytes after which the engine is told, even while more waits: half of its least window,
/// so that it never stands still and is not told for every packet.
const TELL_BYTES: u64 = 16 * 1024;

/// One write that xterm.js has not finished.
#[derive(Clone, Copy, Debug)]
struct Pending {
    /// Offset after it; `None` for text of our own.
    end: Option<u64>,
    replay: bool,
}

/// Counts what a terminal has parsed. xterm.js parses writes in order and calls back after each.
pub(crate) struct Output {
    state: Rc<State>,
    on_parsed: Closure<dyn Fn()>,
    /// What xterm.js calls as long as it may call at all.
    kept: RefCell<Vec<Closure<dyn Fn()>>>,
}

struct State {
    pending: RefCell<VecDeque<Pending>>,
    /// The write that is being parsed, or comes next, is a replay.
    replaying: Cell<bool>,
    told: Cell<u64>,
    tell: Callback<u64>,
    images: Images,
    /// What waits until the addon for images is there; `None` while nothing has to wait.
    held: RefCell<Option<Vec<(Uint8Array, Pending)>>>,
    silence: RefCell<Option<Silence>>,
}

impl Output {
    /// Nothing written yet; `tell` hears offsets.
    pub(crate) fn new(tell: Callback<u64>) -> Self {
        let state = Rc::new(State {
            pending: RefCell::default(),
            replaying: Cell::new(false),
            told: Cell::new(0),
            tell,
            images: Images::default(),
            held: RefCell::default(),
            silence: RefCell::default(),
        });
        let parsed = Rc::clone(&state);
        Self {
            state,
            on_parsed: Closure::new(move || parsed.parsed()),
            kept: RefCell::default(),
        }
    }

    /// Queues a piece of output that ends at offset `end`.
    ///
    /// The caller sends no more than the engine's window beyond what it was told is parsed, far
    /// below the 50 MB at which xterm.js discards.
    pub(crate) fn write(&self, js: &JsTerminal, bytes: &Uint8Array, end: u64, replay: bool) {
        self.push(
            js,
            bytes,
            Pending {
                end: Some(end),
                replay,
            },
        );
    }

    /// Queues text of our own.
    pub(crate) fn write_own(&self, js: &JsTerminal, bytes: &Uint8Array) {
        self.push(
            js,
            bytes,
            Pending {
                end: None,
                replay: false,
            },
        );
    }

    /// Keeps what is silent, and falls silent once more after the addon for images.
    pub(crate) fn after_images(&self, silence: Silence) {
        self.state.silence.replace(Some(silence));
    }

    /// The terminal is gone: what waits for images has nowhere to go.
    pub(crate) fn end(&self) {
        self.state.held.take();
    }

    /// Keeps a closure that the terminal calls.
    pub(crate) fn keep(&self, closure: Closure<dyn Fn()>) {
        self.kept.borrow_mut().push(closure);
    }

    /// Begins to count anew, for another shell.
    pub(crate) fn begin(&self) {
        self.state.told.set(0);
        for pending in self.state.pending.borrow_mut().iter_mut() {
            pending.end = None;
        }
        for (_, held) in self.state.held.borrow_mut().iter_mut().flatten() {
            held.end = None;
        }
    }

    /// Whether what is being parsed now was answered by another terminal.
    pub(crate) fn is_replaying(&self) -> bool {
        self.state.replaying.get()
    }

    fn push(&self, js: &JsTerminal, bytes: &Uint8Array, write: Pending) {
        if let Some(held) = self.state.held.borrow_mut().as_mut() {
            held.push((bytes.clone(), write));
            return;
        }
        if self.state.images.begin_in(bytes) {
            let first = vec![(bytes.clone(), write)];
            self.state.held.replace(Some(first));
            self.fetch_images(js);
            return;
        }
        self.state.push(js, bytes, write, self.parsed());
    }

    fn parsed(&self) -> &Function {
        self.on_parsed.as_ref().unchecked_ref()
    }

    /// Fetches what draws images, then goes on with what waited.
    fn fetch_images(&self, js: &JsTerminal) {
        let (state, js) = (Rc::downgrade(&self.state), js.same());
        let parsed = self.parsed().clone();
        wasm_bindgen_futures::spawn_local(async move {
            images::load(&js).await;
            // With the state, the closure behind `parsed` is gone as well.
            let Some(state) = state.upgrade() else { return };
            state.images.settle();
            if let Some(silence) = &*state.silence.borrow() {
                silence.fall(&js);
            }
            for (bytes, write) in state.held.take().into_iter().flatten() {
                state.push(&js, &bytes, write, &parsed);
            }
        });
    }
}

impl State {
    fn push(&self, js: &JsTerminal, bytes: &Uint8Array, write: Pending, parsed: &Function) {
        {
            let mut pending = self.pending.borrow_mut();
            if pending.is_empty() {
                self.replaying.set(write.replay);
            }
            pending.push_back(write);
        }
        js.write_bytes(bytes, parsed);
    }

    fn parsed(&self) {
        let (done, next) = {
            let mut pending = self.pending.borrow_mut();
            let done = pending.pop_front();
            (done, pending.front().copied())
        };
        self.replaying.set(next.is_some_and(|next| next.replay));
        let Some(end) = done.and_then(|done| done.end) else {
            return;
        };
        if next.is_none() || end.saturating_sub(self.told.get()) >= TELL_BYTES {
            self.told.set(end);
            self.tell.emit(end);
        }
    }
}
