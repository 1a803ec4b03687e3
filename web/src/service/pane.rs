//! The live things of a terminal's pane: xterm.js, the observer of its size, its line to the
//! engine. Nothing here is state that is drawn.

mod answers;
mod broadcast;
mod clipping;
mod commands;
mod handlers;
mod keeping;
mod moving;
mod quick;
mod recorder;
mod shell;
pub(crate) mod soft;

use core::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use transom_protocol::{Command, SavedHost, ShellId, TerminalSize};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventTarget, HtmlElement, ResizeObserver};
use yew::{AttrValue, Callback, NodeRef, UseStateSetter};

use crate::component::quick_select::Choice;
use crate::hook::Provided;
use crate::service::pane::recorder::Recorder;
use crate::service::place;
use crate::state::connection::ConnectionId;
use crate::state::find::{Found, Searching};
use crate::state::key_press::Chord;
use crate::state::osc::Progress;
use crate::state::recording::Taping;
use crate::state::settings::Settings;
use crate::state::tabs::TabId;
use crate::xterm::{Palette, Terminal};
pub(crate) use keeping::keep_screens;

thread_local! {
    /// The pane that came into sight last.
    static FRONT: RefCell<Weak<Live>> = const { RefCell::new(Weak::new()) };
}

/// Does what a key does in the terminal in front.
pub(crate) fn press(chord: Chord) {
    if let Some(live) = FRONT.with_borrow(Weak::upgrade) {
        live.chord(chord);
    }
}

/// Gives the terminal in front the keyboard.
pub(crate) fn focus_front() {
    if let Some(live) = FRONT.with_borrow(Weak::upgrade) {
        live.focus();
    }
}

/// What the last render wants; handlers read it, so that they are never stale.
pub(crate) struct Wants {
    pub(crate) provided: Option<Provided>,
    pub(crate) restart: Callback<TabId>,
    pub(crate) close: Callback<TabId>,
    pub(crate) raise: Callback<TabId>,
    /// With what a search begins, and how often it was asked for; `None` while there is none.
    pub(crate) searching: UseStateSetter<Option<Searching>>,
    pub(crate) found: UseStateSetter<Found>,
    /// The snippets are open.
    pub(crate) snippets: UseStateSetter<bool>,
    /// Says something for a moment.
    pub(crate) notice: UseStateSetter<Option<AttrValue>>,
    /// A text that a program wants on the clipboard.
    pub(crate) clipping: UseStateSetter<Option<AttrValue>>,
    /// The choice of terminals to broadcast to is open.
    pub(crate) broadcasting: UseStateSetter<bool>,
    /// What a quick select offers.
    pub(crate) choices: UseStateSetter<Option<Vec<Choice>>>,
    pub(crate) taping: UseStateSetter<Taping>,
    pub(crate) pasting: UseStateSetter<Option<AttrValue>>,
    pub(crate) link: UseStateSetter<Option<AttrValue>>,
    /// The terminal's frame lights up.
    pub(crate) rang: UseStateSetter<bool>,
    /// The region around the terminal.
    pub(crate) frame: NodeRef,
    /// The shell has ended.
    pub(crate) ended: bool,
    pub(crate) shell: Option<ShellId>,
    /// The saved host that the connection leads to.
    pub(crate) saved: Option<SavedHost>,
}

/// The live part of one pane.
pub(crate) struct Live {
    me: Weak<Self>,
    connection: ConnectionId,
    tab: TabId,
    wants: RefCell<Option<Wants>>,
    terminal: RefCell<Option<Rc<Terminal>>>,
    observer: RefCell<Option<SizeObserver>>,
    size: Cell<Option<TerminalSize>>,
    /// What the shell called itself last, and whether it rang; told together after a moment.
    news: RefCell<News>,
    shown: Cell<bool>,
    /// This page asked for the shell that comes next.
    asked: Cell<bool>,
    recorder: RefCell<Option<Rc<Recorder>>>,
    /// The person wants to hear when the command is done.
    awaited: Cell<bool>,
    /// Counts what is said for a moment, so that a later one is not taken away early.
    noticed: Cell<u32>,
}

/// What is not told yet.
#[derive(Default)]
struct News {
    title: Option<String>,
    bell: bool,
    progress: Option<Progress>,
    /// A timer runs that will tell.
    waiting: bool,
}

/// Watches the size of an element until it is dropped.
struct SizeObserver {
    observer: ResizeObserver,
    _on_size: Closure<dyn Fn()>,
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Live {
    /// No terminal yet.
    pub(crate) fn new(connection: ConnectionId, tab: TabId) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            connection,
            tab,
            wants: RefCell::default(),
            terminal: RefCell::default(),
            observer: RefCell::default(),
            size: Cell::default(),
            news: RefCell::default(),
            shown: Cell::default(),
            asked: Cell::default(),
            recorder: RefCell::default(),
            awaited: Cell::default(),
            noticed: Cell::default(),
        })
    }

    /// Takes what the last render wants.
    pub(crate) fn follow(&self, wants: Wants) {
        self.wants.replace(Some(wants));
    }

    /// Draws the terminal into `element`.
    pub(crate) fn open(&self, element: &HtmlElement, settings: &Settings, palette: Palette) {
        // Without a terminal the page still shows the connection and can end it.
        let Ok(terminal) = Terminal::open(element, settings, palette, &self.listeners()) else {
            return;
        };
        self.terminal.replace(Some(Rc::new(terminal)));
        self.join();
        let me = Weak::clone(&self.me);
        let on_size = Closure::<dyn Fn()>::new(move || {
            if let Some(live) = me.upgrade() {
                live.fit();
            }
        });
        if let Ok(observer) = ResizeObserver::new(on_size.as_ref().unchecked_ref()) {
            observer.observe(element);
            self.observer.replace(Some(SizeObserver {
                observer,
                _on_size: on_size,
            }));
        }
        self.fit();
    }

    /// Removes the terminal.
    pub(crate) fn close(&self) {
        self.part();
        self.stop_recording(None);
        self.observer.take();
        self.terminal.take();
    }

    /// Follows changed settings.
    pub(crate) fn apply(&self, settings: &Settings, palette: Palette) {
        if let Some(terminal) = self.terminal() {
            terminal.apply(settings, palette);
            self.fit();
            self.tell_lines();
        }
    }

    /// Comes into sight and takes the keyboard.
    pub(crate) fn raise(&self) {
        FRONT.set(Weak::clone(&self.me));
        self.fit();
        // The pane may be raised because something else in it was given the keyboard.
        let frame = self.with_wants(|wants| wants.frame.cast::<HtmlElement>());
        let pane = frame.flatten().and_then(|frame| frame.parent_element());
        if !pane.is_some_and(|pane| place::has_focus_within(&pane)) {
            self.focus();
        }
    }

    /// Takes the keyboard.
    pub(crate) fn focus(&self) {
        if let Some(terminal) = self.terminal() {
            terminal.focus();
        }
    }

    /// Whether `target` is the frame around the terminal.
    pub(crate) fn is_frame(&self, target: &EventTarget) -> bool {
        let frame = self.with_wants(|wants| wants.frame.cast::<HtmlElement>());
        frame
            .flatten()
            .is_some_and(|frame| AsRef::<EventTarget>::as_ref(&frame) == target)
    }

    fn fit(&self) {
        let Some(size) = self.terminal().and_then(|terminal| terminal.fit()) else {
            return;
        };
        if self.size.replace(Some(size)) != Some(size) {
            self.resized(size);
            self.tell_size();
        }
    }

    fn tell_size(&self) {
        let shell = self.with_wants(|wants| wants.shell).flatten();
        if let (Some(shell), Some(size)) = (shell, self.size.get()) {
            self.send(&Command::Resize { shell, size });
        }
    }

    fn send(&self, command: &Command) {
        self.with_provided(|provided| provided.sessions.send(&self.connection, command));
    }

    fn terminal(&self) -> Option<Rc<Terminal>> {
        self.terminal.borrow().clone()
    }

    fn with_wants<T>(&self, read: impl FnOnce(&Wants) -> T) -> Option<T> {
        self.wants.borrow().as_ref().map(read)
    }

    fn with_provided(&self, work: impl FnOnce(&Provided)) {
        let provided = self.with_wants(|wants| wants.provided.clone()).flatten();
        if let Some(provided) = provided {
            work(&provided);
        }
    }

    /// A callback that does nothing once the pane is gone.
    fn callback<T: 'static, O: Default + 'static>(
        &self,
        work: impl Fn(&Self, T) -> O + 'static,
    ) -> Callback<T, O> {
        let me = Weak::clone(&self.me);
        Callback::from(move |value: T| {
            let live = me.upgrade();
            live.map(|live| work(&live, value)).unwrap_or_default()
        })
    }
}
