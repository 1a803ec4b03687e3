//! What is on the screens when the page goes away, for the page that comes after it.

use std::rc::Rc;

use transom_protocol::Command;

use crate::service::pane::{Live, broadcast};
use crate::service::{place, storage};
use crate::state::tabs::Lost;
use crate::state::words;

/// Lines above the screen that are kept; fewer where they are too much text.
const KEPT_LINES: [u32; 3] = [1000, 200, 0];

/// Most text that is kept of a terminal, in bytes: a dozen of them fit into what a browser keeps
/// for a tab.
const MAX_KEPT_BYTES: usize = 200_000;

/// Rows of the tallest terminal: a screen of 4 000 px in the smallest letters has fewer.
const MOST_ROWS: u32 = 500;

/// Keeps all of them. It must be done at once, because the page has no later.
pub(crate) fn keep_screens() {
    storage::keep_leaving();
    for live in broadcast::lives() {
        if let Some(text) = live.text_to_keep() {
            storage::keep_screen(live.tab, &text);
        }
    }
}

impl Live {
    /// Tells the engine which output nobody would see: only a terminal that is looked at does without
    /// it.
    pub(super) fn tell_lines(&self) {
        let shell = self.with_wants(|wants| wants.shell).flatten();
        let recording = self.recorder.borrow().is_some();
        let (Some(shell), true) = (shell, self.shown.get()) else {
            return;
        };
        self.with_provided(|provided| {
            let settings = &provided.settings;
            let all = recording || settings.screen_reader;
            let lines = (!all).then(|| settings.scrollback.saturating_add(MOST_ROWS));
            self.send(&Command::KeepLines { shell, lines });
        });
    }

    /// Fetches the part that makes text of a screen: when the page goes away it is too late.
    pub(super) fn prepare_to_keep(&self) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        let terminal = Rc::downgrade(&terminal);
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(terminal) = terminal.upgrade() {
                terminal.prepare_snapshot().await;
            }
        });
    }

    fn text_to_keep(&self) -> Option<String> {
        self.terminal()?.text_of_all(&KEPT_LINES, MAX_KEPT_BYTES)
    }

    /// Its shell did not come back after a reload: what was on its screen does, above a line that
    /// says why.
    pub(crate) fn shell_lost(&self, lost: Lost, kept: Option<&str>) {
        let Some(terminal) = self.terminal() else {
            return;
        };
        if let Some(kept) = kept {
            terminal.write_kept(kept);
        }
        if let Some(words) = words::lost(lost, place::moment) {
            terminal.rule(&words);
        }
        self.prepare_to_keep();
    }
}
