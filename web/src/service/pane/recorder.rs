//! Records one terminal: from when the person wishes until they stop it, the shell ends or the
//! page goes.

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::rc::{Rc, Weak};

use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use transom_browser::{monotonic, unix_millis};
use transom_protocol::{ExitStatus, TerminalSize};
use yew::Callback;

use crate::service::hosts::fresh_id;
use crate::service::pane::Live;
use crate::service::pane::shell::UNMEASURED;
use crate::service::recordings;
use crate::state::cast::{Beginning, Writer};
use crate::state::message::recordings as words;
use crate::state::recording::{Recording, Taping};
use crate::state::workspace::Action;

/// How often what was recorded is written: what a page loses that is killed, in milliseconds.
const WRITE_MS: u32 = 1000;

/// Longest text of a recording, in bytes: the player reads it whole.
const MAX_BYTES: f64 = 256.0 * 1024.0 * 1024.0;

/// Most bytes that wait to be written. A server is faster than a disk only for a moment.
const MAX_WAITING_BYTES: usize = 32 * 1024 * 1024;

/// One recording that runs.
pub(super) struct Recorder {
    writer: RefCell<Writer>,
    known: RefCell<Recording>,
    /// What was typed is recorded too.
    with_input: bool,
    stopped: Cell<bool>,
    tell: Callback<Taping>,
}

impl Recorder {
    fn output(&self, bytes: &Uint8Array) {
        let mut writer = self.writer.borrow_mut();
        writer.output(monotonic(), &bytes.to_vec());
        if writer.waiting() > MAX_WAITING_BYTES {
            self.stopped.set(true);
        }
    }

    /// Writes what comes until the end, then tells what became of it.
    async fn run(self: Rc<Self>) {
        let mut part = 0;
        let mut known = self.known.borrow().clone();
        let outcome = loop {
            TimeoutFuture::new(WRITE_MS).await;
            let stopped = self.stopped.get();
            let (text, duration) = {
                let mut writer = self.writer.borrow_mut();
                (writer.take(), writer.duration(monotonic()))
            };
            if !text.is_empty() {
                if recordings::append(&known.id, part, &text).await.is_err() {
                    break Taping::Failed(words::FULL.say());
                }
                part += 1;
                known.bytes += f64_of(text.len());
            }
            if !stopped {
                known.duration_ms = duration.as_secs_f64() * 1000.0;
            }
            // A page that is closed leaves a recording that can be played.
            if (!text.is_empty() || stopped) && recordings::put(&known).await.is_err() {
                break Taping::Failed(words::NO_DATA.say());
            }
            if stopped {
                break Taping::Kept;
            }
            if known.bytes > MAX_BYTES {
                break Taping::Failed(words::TOO_LONG.say());
            }
        };
        self.stopped.set(true);
        self.tell.emit(outcome);
    }
}

fn f64_of(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::from(u32::MAX), f64::from)
}

impl Live {
    /// Begins to record, or stops.
    pub(super) fn toggle_recording(&self) {
        if self.recorder.borrow().is_some() {
            self.stop_recording(None);
        } else {
            self.start_recording();
        }
    }

    fn start_recording(&self) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        let with_input = self.with_wants(|wants| {
            let provided = wants.provided.as_ref();
            provided.is_some_and(|provided| provided.settings.record_input)
        });
        let recorder = Rc::new(Recorder {
            writer: RefCell::new(Writer::new(monotonic())),
            known: RefCell::new(Recording {
                id: fresh_id(),
                title: self.recording_title(),
                started_ms: unix_millis(),
                ..Recording::default()
            }),
            with_input: with_input == Some(true),
            stopped: Cell::new(false),
            tell: self.callback(|live, taping: Taping| live.recorded(taping)),
        });
        self.recorder.replace(Some(Rc::clone(&recorder)));
        self.tell_lines();
        self.tell_recording(Taping::Running);
        let me = Weak::clone(&self.me);
        wasm_bindgen_futures::spawn_local(async move {
            // Nothing is drawn between the two: what was parsed until then is on the screen, all
            // that comes later is an event.
            terminal.prepare_snapshot().await;
            recorder.writer.replace(Writer::new(monotonic()));
            let size = me.upgrade().and_then(|live| live.size.get());
            let begun = Rc::clone(&recorder);
            terminal.snapshot(move |screen| begun.begin(size.unwrap_or(UNMEASURED), screen));
            recorder.run().await;
        });
    }

    /// Stops recording, if it runs.
    pub(super) fn stop_recording(&self, status: Option<&ExitStatus>) {
        let Some(recorder) = self.recorder.take() else {
            return;
        };
        if let Some(ExitStatus::Code { code }) = status {
            recorder.writer.borrow_mut().exit(monotonic(), *code);
        }
        recorder.stopped.set(true);
        self.tell_lines();
    }

    /// Puts a marker into the recording, if one runs.
    pub(super) fn mark(&self, label: &str) {
        if let Some(recorder) = &*self.recorder.borrow() {
            recorder.writer.borrow_mut().marker(monotonic(), label);
        }
    }

    /// Notes a piece of output.
    pub(super) fn record(&self, bytes: &Uint8Array) {
        if let Some(recorder) = &*self.recorder.borrow() {
            recorder.output(bytes);
        }
    }

    /// Notes what is typed, if the person wished so.
    pub(super) fn record_input(&self, bytes: &[u8]) {
        if let Some(recorder) = &*self.recorder.borrow()
            && recorder.with_input
        {
            recorder.writer.borrow_mut().input(monotonic(), bytes);
        }
    }

    /// The terminal has another size: a recording notes it, and labels over it are wrong.
    pub(super) fn resized(&self, size: TerminalSize) {
        self.with_wants(|wants| wants.choices.set(None));
        if let Some(recorder) = &*self.recorder.borrow() {
            let mut writer = recorder.writer.borrow_mut();
            writer.resized(monotonic(), size.columns, size.rows);
        }
    }

    /// A recording is over.
    fn recorded(&self, taping: Taping) {
        // Another one may have begun since.
        let mut recorder = self.recorder.borrow_mut();
        if recorder.as_ref().is_some_and(|now| !now.stopped.get()) {
            return;
        }
        recorder.take();
        drop(recorder);
        self.tell_recording(taping);
    }

    fn tell_recording(&self, taping: Taping) {
        let (tab, on) = (self.tab, taping == Taping::Running);
        self.with_wants(|wants| wants.taping.set(taping));
        self.with_provided(|provided| {
            provided.workspace.dispatch(Action::Taped { tab, on });
        });
    }

    /// The host, and what its shell calls itself.
    pub(super) fn recording_title(&self) -> String {
        let title = self.with_wants(|wants| {
            let workspace = &wants.provided.as_ref()?.workspace;
            let tab = workspace.tabs().get(self.tab)?;
            let host = workspace.connection(&tab.connection)?.host();
            Some(format!("{host} {}", tab.title).trim().to_owned())
        });
        title.flatten().unwrap_or_default()
    }
}

impl Recorder {
    fn begin(&self, size: TerminalSize, screen: String) {
        let known = self.known.borrow();
        self.writer.borrow_mut().begin(&Beginning {
            columns: size.columns,
            rows: size.rows,
            timestamp_s: Duration::try_from_secs_f64(known.started_ms / 1000.0)
                .unwrap_or_default()
                .as_secs(),
            title: known.title.clone(),
            screen,
        });
    }
}
