//! What the engine knows, and what it does with each command.
//!
//! All state sits behind one `RefCell` that is never borrowed across an `await`: tasks go through
//! the short methods here.

mod ahead;
mod asking;
mod shells;

use core::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use transom_browser::{Port, PortMessage, SessionLock, TaskGuard};
use transom_protocol::{
    Command, ErrorCode, Event, ExitStatus, Failure, Phase, SessionSummary, ShellId, ShellSummary,
    Target, TerminalSize, VERSION,
};
use transom_ssh::Connection;
use web_sys::MessagePort;

use crate::files::Files;
use crate::keys::{self, SessionFacts};
use crate::known_hosts;

use crate::link::Link;
use crate::page::{PageId, Pages};
use crate::question::Questions;
use crate::session::{self, Wish};
use crate::shell::{Shell, Typed};
use crate::way::Route;
use crate::words;
use ahead::Ahead;

/// The engine of one connection.
#[derive(Debug)]
pub(crate) struct Engine {
    id: String,
    link: Link,
    files: Files,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    pages: Pages,
    questions: Questions,
    phase: Phase,
    route: Route,
    summary: Option<SessionSummary>,
    shells: BTreeMap<ShellId, Shell>,
    next_shell: u32,
    /// Shells that were asked for before the session was open.
    wanted: Vec<(PageId, TerminalSize)>,
    /// The shell of a link, before the page asks for it.
    ahead: Ahead,
    connection: Option<Connection>,
    /// The session's task. Dropping it ends the session at once.
    session: Option<TaskGuard>,
    lock: Option<SessionLock>,
}

impl Engine {
    /// Makes an idle engine.
    pub(crate) fn new(id: String) -> Rc<Self> {
        Rc::new(Self {
            id,
            link: Link::default(),
            files: Files::default(),
            state: RefCell::new(State {
                pages: Pages::default(),
                questions: Questions::default(),
                phase: Phase::Idle,
                route: Route::default(),
                summary: None,
                shells: BTreeMap::new(),
                next_shell: 0,
                wanted: Vec::new(),
                ahead: Ahead::default(),
                connection: None,
                session: None,
                lock: None,
            }),
        })
    }

    /// Serves a page: tells it where things stand, then does as it commands.
    pub(crate) fn attach(engine: &Rc<Self>, port: MessagePort) {
        let port = Port::new(port);
        let page = engine.state.borrow_mut().pages.add(port.clone());
        engine.greet(page);
        if let Some(event) = engine.files.retell() {
            engine.tell(page, &event, None);
        }
        let (commands, closes) = (Rc::downgrade(engine), Rc::downgrade(engine));
        let listener = port.listen(
            move |message: PortMessage<Command>| {
                if let Some(engine) = commands.upgrade() {
                    Self::command(&engine, page, message);
                }
            },
            move || {
                if let Some(engine) = closes.upgrade() {
                    engine.detach(page);
                }
            },
        );
        engine.state.borrow_mut().pages.listen(page, listener);
    }

    /// Tells a page where everything stands.
    fn greet(&self, page: PageId) {
        let state = self.state.borrow();
        state.welcome(page);
        if let Some(event) = self.link.retell() {
            state.pages.tell(page, &event, None);
        }
    }

    fn detach(&self, page: PageId) {
        self.files.detach(page);
        let mut state = self.state.borrow_mut();
        // A page that is loaded again asks again.
        state.wanted.retain(|(wanting, _)| *wanting != page);
        let State { pages, shells, .. } = &mut *state;
        let removed = pages.remove(page);
        for shell in shells.values_mut() {
            shell.detach(page, pages);
        }
        // This runs inside the page's own listener, which must outlive the call.
        wasm_bindgen_futures::spawn_local(async move { drop(removed) });
    }

    fn command(engine: &Rc<Self>, page: PageId, message: PortMessage<Command>) {
        match message.envelope {
            Command::Connect {
                target,
                relay,
                pinned,
                trust,
                forward_agent,
            } => {
                let wish = Wish {
                    target,
                    relay,
                    pinned,
                    trust,
                    size: None,
                    forward_agent,
                };
                Self::connect(engine, wish);
            }
            Command::Follow {
                link,
                relay,
                trust,
                size,
            } => {
                if let Some(wish) = Wish::of_link(&link, relay, trust, size) {
                    Self::connect(engine, wish);
                }
            }
            Command::Answer { question, answer } => {
                let mut state = engine.state.borrow_mut();
                if let Some(closed) = state.questions.answer(question, answer) {
                    state.pages.tell_all(&closed);
                }
            }
            Command::OpenShell { size } => Self::open_shell(engine, page, size),
            Command::Input { shell } => {
                if let Some(bytes) = message.bytes {
                    if let Some(event) = engine.link.typed(bytes.len()) {
                        engine.tell_all(&event);
                    }
                    engine.typed(page, shell, Typed::Bytes(bytes));
                }
            }
            Command::Resize { shell, size } => engine.typed(page, shell, Typed::Size(size)),
            Command::Watch { shell } => {
                engine.with_shell(shell, |shell, pages| shell.watch(page, pages));
            }
            Command::Unwatch { shell } => {
                engine.with_shell(shell, |shell, pages| shell.detach(page, pages));
            }
            Command::Greet => engine.greet(page),
            Command::CloseShell { shell } => engine.typed(page, shell, Typed::Close),
            Command::Parsed { shell, offset } => {
                engine.with_shell(shell, |shell, pages| shell.parsed(page, offset, pages));
            }
            Command::KeepLines { shell, lines } => {
                engine.with_shell(shell, |shell, _| shell.keep_lines(page, lines));
            }
            Command::Files { command } => {
                Files::command(engine, page, command, (message.bytes, message.object));
            }
            Command::Keys { command } => keys::command(engine, page, command, message.object),
            Command::ImportKnownHosts { text } => known_hosts::import(engine, page, text),
            Command::Nudge => engine.link.nudge(),
            Command::Disconnect => Self::disconnect(engine),
            Command::Detach => engine.detach(page),
        }
    }

    fn connect(engine: &Rc<Self>, wish: Wish) {
        let mut state = engine.state.borrow_mut();
        if state.session.is_some() {
            return;
        }
        state.route = Route {
            target: Some(wish.target.clone()),
            relay: Some(wish.relay.clone()),
            forward_agent: wish.forward_agent,
            ..Route::default()
        };
        state.summary = None;
        state.ahead = Ahead::wish(wish.size);
        state.lock = SessionLock::hold(&engine.id, &wish.target.to_string()).ok();
        let task = session::run(Rc::clone(engine), wish);
        state.session = Some(transom_browser::spawn(task));
    }

    /// Ends the session, however far it is.
    fn disconnect(engine: &Rc<Self>) {
        let connection = engine.state.borrow().connection.clone();
        let ending = Rc::clone(engine);
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(connection) = connection {
                connection.disconnect().await;
            }
            let failure = match ending.state.borrow().phase {
                Phase::Open | Phase::Closed { .. } => None,
                _ => Some(words::failure(ErrorCode::Cancelled)),
            };
            ending.closed(failure);
        });
    }

    /// How the way to the relay is.
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// What it knows about files.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// The session's connection, once it is open.
    pub(crate) fn connection(&self) -> Option<Connection> {
        self.state.borrow().connection.clone()
    }

    /// What is known of the session; `None` where none is open.
    pub(crate) fn session_facts(&self) -> Option<SessionFacts> {
        let state = self.state.borrow();
        let connection = state.connection.as_ref()?;
        state.route.facts(connection, state.summary.as_ref()?)
    }

    /// Tells one page.
    pub(crate) fn tell(&self, page: PageId, event: &Event, bytes: Option<&[u8]>) {
        self.state.borrow().pages.tell(page, event, bytes);
    }

    /// Tells one page, and hands it an object of the browser.
    pub(crate) fn hand(&self, page: PageId, event: &Event, object: &wasm_bindgen::JsValue) {
        self.state.borrow().pages.hand(page, event, object);
    }

    /// Tells every page.
    pub(crate) fn tell_all(&self, event: &Event) {
        self.state.borrow().pages.tell_all(event);
    }

    /// Moves on to another phase.
    pub(crate) fn phase(&self, phase: Phase) {
        let mut state = self.state.borrow_mut();
        state.phase = phase.clone();
        state.pages.tell_all(&Event::Phase { phase });
    }

    /// Notes whose phases and questions follow: a jump host's, or the target's.
    pub(crate) fn hop(&self, hop: Option<&Target>) {
        let mut state = self.state.borrow_mut();
        if state.route.hop.as_ref() != hop {
            let hop = hop.cloned();
            state.route.hop.clone_from(&hop);
            state.pages.tell_all(&Event::Hop { hop });
        }
    }

    /// Takes over a session that is open, and opens the shells that wait for it.
    pub(crate) fn opened(
        self: &Rc<Self>,
        connection: Connection,
        last_hop: Option<Connection>,
        summary: SessionSummary,
    ) {
        let wanted = {
            let mut state = self.state.borrow_mut();
            state.route.last_hop = last_hop;
            state.connection = Some(connection);
            state.summary = Some(summary.clone());
            state.pages.tell_all(&Event::Session { summary });
            core::mem::take(&mut state.wanted)
        };
        self.phase(Phase::Open);
        self.open_ahead();
        for (page, size) in wanted {
            Self::open_shell(self, page, size);
        }
        Files::opened(self);
    }

    /// Ends the session: questions close, shells end, pages are told why. Does nothing when it
    /// has ended already.
    pub(crate) fn closed(&self, failure: Option<Failure>) {
        let mut state = self.state.borrow_mut();
        let Some(session) = state.session.take() else {
            return;
        };
        self.link.end();
        if let Some(event) = self.files.closed() {
            state.pages.tell_all(&event);
        }
        state.connection = None;
        state.route.last_hop = None;
        state.lock = None;
        state.wanted.clear();
        state.ahead = Ahead::default();
        for event in state.questions.close_all() {
            state.pages.tell_all(&event);
        }
        let State { pages, shells, .. } = &mut *state;
        for shell in shells.values_mut() {
            shell.exit(ExitStatus::Unknown, pages);
        }
        state.phase = Phase::Closed { failure };
        let phase = state.phase.clone();
        state.pages.tell_all(&Event::Phase { phase });
        // The session's own task may be the caller, so it is dropped after it has returned.
        wasm_bindgen_futures::spawn_local(async move { drop(session) });
    }
}

impl State {
    /// Tells a page everything it needs to draw what is there, but for what shells wrote.
    fn welcome(&self, page: PageId) {
        let hello = Event::Hello {
            version: VERSION,
            phase: self.phase.clone(),
            target: self.route.target.clone(),
            session: self.summary.clone(),
            shells: self
                .shells
                .iter()
                .map(|(id, shell)| ShellSummary {
                    shell: *id,
                    exited: shell.exited().cloned(),
                })
                .collect(),
        };
        self.pages.tell(page, &hello, None);
        if let hop @ Some(_) = self.route.hop.clone() {
            self.pages.tell(page, &Event::Hop { hop }, None);
        }
        for question in self.questions.retell() {
            self.pages.tell(page, &question, None);
        }
    }
}
