//! What a pane does with commands that the shell marks (OSC 133).

use core::time::Duration;
use std::rc::Weak;

use gloo_timers::future::TimeoutFuture;
use yew::{AttrValue, Callback};

use crate::service::pane::Live;
use crate::service::{clipboard, keyboard, notify};
use crate::state::block::{Ran, badge, badge_words};
use crate::state::key_press::Chord;
use crate::state::message::{tabs, terminal as words};
use crate::state::{integration, title};
use crate::xterm::Toggled;

/// How long a notice stands, in milliseconds: long enough to read a sentence.
const NOTICE_MS: u32 = 5000;

impl Live {
    /// Says something for a moment.
    pub(super) fn notice(&self, words: impl Into<AttrValue>) {
        let mine = self.noticed.get().wrapping_add(1);
        self.noticed.set(mine);
        let words = words.into();
        self.with_wants(|wants| wants.notice.set(Some(words)));
        let me = Weak::clone(&self.me);
        wasm_bindgen_futures::spawn_local(async move {
            TimeoutFuture::new(NOTICE_MS).await;
            if let Some(live) = me.upgrade()
                && live.noticed.get() == mine
            {
                live.with_wants(|wants| wants.notice.set(None));
            }
        });
    }

    /// A command began or ended.
    pub(super) fn ran(&self, ran: &Ran) {
        match ran {
            Ran::Began(text) if text.is_empty() => self.mark(words::COMMAND.say()),
            Ran::Began(text) => self.mark(&title::clean(text)),
            Ran::Ended { text, status, took } if self.awaited.take() => {
                self.tell_end(text, *status, *took);
            }
            Ran::Ended { .. } => {}
        }
    }

    fn tell_end(&self, text: &str, status: Option<i32>, took: Duration) {
        let text = title::clean(text);
        let text = if text.is_empty() {
            words::THE_COMMAND.say().to_owned()
        } else {
            text
        };
        let head = format!("{} · {text}", badge(status, Some(took)));
        notify::tell_if_hidden(&head, &self.recording_title());
        self.notice(format!("{text} {}.", badge_words(status, Some(took))));
    }

    pub(super) fn step_prompt(&self, step: isize) {
        self.with_blocks(|blocks| blocks.step(step));
    }

    pub(super) fn copy_output(&self) {
        self.with_blocks(|blocks| {
            let text = blocks.output_text();
            let Some(text) = text.filter(|text| !text.is_empty()) else {
                self.notice(words::NO_OUTPUT.say());
                return;
            };
            let done = self.callback(|live, done: bool| {
                live.notice(if done {
                    words::OUTPUT_COPIED.say()
                } else {
                    words::COPY_REFUSED.say()
                });
            });
            clipboard::copy(&text, done);
        });
    }

    pub(super) fn fold(&self) {
        self.with_blocks(|blocks| self.tell_fold(blocks.toggle_fold()));
    }

    pub(super) fn fold_all(&self) {
        self.with_blocks(|blocks| match blocks.fold_all() {
            Ok(count) => self.notice(words::FOLDED_ALL.counted(to_u64(count), &[])),
            Err(why) => self.tell_fold(why),
        });
    }

    pub(super) fn unfold_all(&self) {
        self.with_blocks(|blocks| match blocks.unfold_all() {
            Ok(count) => self.notice(words::UNFOLDED_ALL.counted(to_u64(count), &[])),
            Err(Toggled::Nothing) => self.notice(words::NOTHING_TO_UNFOLD.say()),
            Err(why) => self.tell_fold(why),
        });
    }

    /// Says what became of the output of a command.
    pub(super) fn tell_fold(&self, toggled: Toggled) {
        self.notice(match toggled {
            Toggled::Folded => words::FOLDED.say(),
            Toggled::Unfolded => words::UNFOLDED.say(),
            Toggled::Nothing => words::NOTHING_TO_FOLD.say(),
            Toggled::Busy => words::FOLD_LATER.say(),
            Toggled::Searching => words::NO_FOLD_IN_SEARCH.say(),
        });
    }

    pub(super) fn tell_when_done(&self) {
        self.with_blocks(|_| {
            let me = Weak::clone(&self.me);
            notify::allow(Callback::from(move |allowed: bool| {
                let Some(live) = me.upgrade() else { return };
                live.awaited.set(true);
                live.notice(if allowed {
                    words::WILL_TELL.say()
                } else {
                    words::WILL_TELL_HERE.say()
                });
            }));
        });
    }

    /// Types what makes the shell mark its commands, or takes it back.
    pub(super) fn integrate(&self, on: bool) {
        let line = if on {
            integration::on()
        } else {
            integration::OFF.to_owned()
        };
        self.typed(format!("{line}\r").as_bytes());
        self.notice(if on {
            words::MARKING.say()
        } else {
            words::MARKING_OFF.say()
        });
    }

    fn with_blocks(&self, work: impl FnOnce(&crate::xterm::Blocks)) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        if terminal.blocks().any() {
            work(terminal.blocks());
        } else {
            let commands = keyboard::map().hint(tabs::COMMANDS.say(), Chord::Palette);
            self.notice(words::UNMARKED.with(&[("commands", &commands)]));
        }
    }
}

fn to_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
