//! The windows that came out of this one, and the one that this came from: how they find each other,
//! what they tell, and how it is noticed that one is gone.
//!
//! What may be shown is decided in [`crate::state::windows`].

mod channel;

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use transom_browser::{SessionLock, window_gone};
use transom_protocol::Command;
use web_sys::Window;
use yew::{AttrValue, UseReducerDispatcher};

use crate::route::Route;
use crate::service::sessions::{Sessions, random_id};
use crate::service::{link, place, storage};
use crate::state::connection::ConnectionId;
use crate::state::memory::Memory;
use crate::state::message::{Message, window as words};
use crate::state::windows::{Moves, Note, Windows as Sharing};
use crate::state::workspace::{Action, Share, Workspace};
use channel::Channel;

/// How often it is looked whether a window that is out of reach was closed, in milliseconds.
const LOOK_MS: u32 = 100;

/// How often, before its tabs come back: a window that is loaded anew is out of reach for a while. Where
/// it takes longer, its tabs go to it again.
const LOOKS: u32 = 30;

/// The windows. Cloning it names the same ones.
#[derive(Clone)]
pub(crate) struct Windows(Rc<Inner>);

struct Inner {
    dispatch: UseReducerDispatcher<Workspace>,
    sessions: Sessions,
    lines: RefCell<Vec<Line>>,
    /// What this window told last that it shows, where it came out of another one.
    told: RefCell<Memory>,
    /// The session of the address that was there last.
    seen: RefCell<Option<String>>,
    /// Says that this window is there, where it came out of another one.
    _alive: Option<SessionLock>,
}

/// A window that came out of this one; in such a window, the way back.
struct Line {
    window: String,
    channel: Channel,
    /// `None` once this window was loaded anew.
    handle: Option<Window>,
    /// What it is to show once it asks.
    offer: Option<Memory>,
    /// What it showed last.
    shows: Memory,
    /// What comes back from it and is not shown here yet.
    back: Option<Memory>,
    /// Counts what it told.
    notes: u32,
    watched: Rc<Cell<bool>>,
}

impl PartialEq for Windows {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// How this window begins.
pub(crate) fn workspace() -> Workspace {
    let own = storage::window();
    let others = match own {
        Some(_) => Vec::new(),
        None => storage::others(),
    };
    Workspace::among(Sharing::new(own.is_some(), !link::is_shared(), others))
}

impl Windows {
    /// Finds the windows that belong together.
    pub(crate) fn start(dispatch: UseReducerDispatcher<Workspace>, sessions: Sessions) -> Self {
        let own = storage::window();
        let alive = own.as_deref().map(SessionLock::hold_window);
        let windows = Self(Rc::new(Inner {
            dispatch,
            sessions,
            lines: RefCell::default(),
            told: RefCell::default(),
            seen: RefCell::default(),
            // Without Web Locks the tabs stay away when this window is closed.
            _alive: alive.and_then(Result::ok),
        }));
        if let Some(own) = own {
            windows.join(&own, None);
            windows.post(&own, &Note::Ask);
        } else {
            for (window, memory) in storage::others() {
                // Its sessions go on for as long as a page speaks with them.
                windows.seek(&memory);
                windows.join(&window, None);
                windows.with(&window, |line| line.shows = memory);
                windows.watch(&window);
            }
        }
        windows
    }

    /// Moves the tab in front to a window of its own, or back. Says why it does not.
    pub(crate) fn move_front(&self, workspace: &Workspace) -> Option<Message> {
        let memory = Memory::of_front(workspace);
        let group = workspace.tabs().front_group();
        let leaves = group.map_or(0, |group| group.tree.leaves().len());
        match workspace.windows().moves() {
            Moves::Never => Some(words::ALONE),
            _ if memory.shells().len() != leaves => Some(words::NOT_YET),
            Moves::Out => self.open(memory),
            Moves::Back => self.give_back(memory),
        }
    }

    fn open(&self, memory: Memory) -> Option<Message> {
        let id = random_id();
        // It listens before the new window can ask.
        self.join(&id, Some(memory));
        let handle = place::open_window(&format!("#/window/{id}"));
        let blocked = handle.is_none();
        self.with(&id, |line| line.handle = handle);
        if blocked {
            self.0.lines.borrow_mut().retain(|line| line.window != id);
        }
        blocked.then_some(words::BLOCKED)
    }

    fn give_back(&self, memory: Memory) -> Option<Message> {
        let Some(opener) = place::opener() else {
            return Some(words::MAIN_GONE);
        };
        if let Some(own) = storage::window() {
            self.post(&own, &Note::Back(memory));
        }
        // A browser may leave it where it is.
        let _ = opener.focus();
        None
    }

    fn join(&self, window: &str, offer: Option<Memory>) {
        let (me, name) = (Rc::downgrade(&self.0), window.to_owned());
        let channel = Channel::open(window, move |note| {
            if let Some(inner) = me.upgrade() {
                Self(inner).heard(&name, note);
            }
        });
        let Some(channel) = channel else { return };
        self.0.lines.borrow_mut().push(Line {
            window: window.to_owned(),
            channel,
            handle: None,
            offer,
            shows: Memory::default(),
            back: None,
            notes: 0,
            watched: Rc::default(),
        });
    }

    fn heard(&self, window: &str, note: Note) {
        match note {
            Note::Ask => {
                let offer = self.with(window, |line| line.offer.clone()).flatten();
                if let Some(memory) = offer {
                    self.post(window, &Note::Give(memory));
                }
            }
            Note::Give(memory) => self.receive(&memory),
            Note::Shows(memory) => self.shown(window, memory),
            Note::Back(memory) => {
                self.with(window, |line| line.back = Some(memory.clone()));
                self.receive(&memory);
            }
            Note::Took(memory) => self.share(Share::Took(memory)),
        }
    }

    fn shown(&self, window: &str, memory: Memory) {
        self.with(window, |line| {
            line.offer = None;
            line.notes = line.notes.wrapping_add(1);
            line.shows = memory.clone();
        });
        let window = window.to_owned();
        self.watch(&window);
        self.share(Share::Shown { window, memory });
    }

    fn receive(&self, memory: &Memory) {
        let at_ms = place::now_ms();
        self.share(Share::Given {
            memory: memory.clone(),
            at_ms,
        });
        self.seek(memory);
    }

    /// Asks the engines of these tabs where they stand.
    fn seek(&self, memory: &Memory) {
        for old in &memory.connections {
            let id = ConnectionId(AttrValue::from(old.id.clone()));
            if self.0.sessions.speaks_with(&id) {
                self.0.sessions.send(&id, &Command::Greet);
            } else {
                self.0.sessions.attach(&id);
            }
        }
    }

    /// Brings the tabs of a window back once it is gone.
    fn watch(&self, window: &str) {
        let watched = self.with(window, |line| Rc::clone(&line.watched));
        let Some(watched) = watched.filter(|watched| !watched.replace(true)) else {
            return;
        };
        let (me, window) = (Rc::downgrade(&self.0), window.to_owned());
        wasm_bindgen_futures::spawn_local(async move {
            while window_gone(&window).await.is_ok() {
                let Some(inner) = me.upgrade() else { return };
                let windows = Self(inner);
                if !windows.is_back(&window).await {
                    watched.set(false);
                    windows.gone(&window);
                    return;
                }
            }
        });
    }

    /// Whether a window that is out of reach was only loaded anew.
    async fn is_back(&self, window: &str) -> bool {
        let state = || {
            self.with(window, |line| {
                let closed = line.handle.as_ref().map(Window::closed);
                (line.notes, closed.and_then(Result::ok) == Some(true))
            })
        };
        let before = state().unwrap_or_default().0;
        for _look in 0..LOOKS {
            match state() {
                Some((notes, _)) if notes != before => return true,
                Some((_, false)) => TimeoutFuture::new(LOOK_MS).await,
                _ => return false,
            }
        }
        false
    }

    fn gone(&self, window: &str) {
        let shows = self.with(window, |line| core::mem::take(&mut line.shows));
        let (window, at_ms) = (window.to_owned(), place::now_ms());
        self.share(Share::Gone { window, at_ms });
        self.seek(&shows.unwrap_or_default());
    }

    /// Follows the sessions: tells other windows what is shown here. Gives the page to go to, where the
    /// one in the address is no longer here.
    pub(crate) fn follow(&self, workspace: &Workspace, route: Option<&Route>) -> Option<Route> {
        let came = if workspace.windows().moves_back() {
            self.tell(workspace);
            false
        } else {
            storage::keep_others(workspace.windows().others());
            self.confirm(workspace)
        };
        let front = workspace.front().map(|front| Route::Session {
            id: front.id.0.to_string(),
        });
        match route? {
            Route::Window { .. } => front,
            Route::Session { id } => {
                let here = ConnectionId(AttrValue::from(id.clone()));
                if workspace.connection(&here).is_some() {
                    self.0.seen.replace(Some(id.clone()));
                    return None;
                }
                // One that was never here is sought.
                let was_here = self.0.seen.borrow().as_deref() == Some(id);
                was_here.then(|| front.unwrap_or(Route::Home))
            }
            // Who moved it wants to see it.
            _ => front.filter(|_| came),
        }
    }

    /// Tells the window that this one came from what is shown here; a window without tabs closes.
    fn tell(&self, workspace: &Workspace) {
        let memory = Memory::of(workspace);
        let mut tabs = workspace.tabs().open().iter();
        let settled = tabs.all(|tab| tab.expects.is_none());
        let (true, Some(own)) = (settled, storage::window()) else {
            return;
        };
        let before = self.0.told.replace(memory.clone());
        if before == memory {
            return;
        }
        let empty = memory.tabs.is_empty();
        self.post(&own, &Note::Shows(memory));
        if empty && !before.tabs.is_empty() {
            place::close_window();
        }
    }

    /// Tells windows that tabs of theirs are shown here now. Returns whether there are any.
    fn confirm(&self, workspace: &Workspace) -> bool {
        let is_shown = |(id, shell): &(String, _)| {
            let mut tabs = workspace.tabs().open().iter();
            tabs.any(|tab| tab.connection.0 == id.as_str() && tab.shell == Some(*shell))
        };
        let mut came = false;
        for line in self.0.lines.borrow_mut().iter_mut() {
            let there = |back: &mut Memory| back.shells().iter().all(is_shown);
            if let Some(memory) = line.back.take_if(there) {
                line.channel.post(&Note::Took(memory));
                came = true;
            }
        }
        came
    }

    fn share(&self, share: Share) {
        self.0.dispatch.dispatch(Action::Shared(share));
    }

    fn post(&self, window: &str, note: &Note) {
        self.with(window, |line| line.channel.post(note));
    }

    fn with<T>(&self, window: &str, work: impl FnOnce(&mut Line) -> T) -> Option<T> {
        let mut lines = self.0.lines.borrow_mut();
        let line = lines.iter_mut().find(|line| line.window == window);
        line.map(work)
    }
}
