//! The shell of a pane: its output comes here, and it is asked for, begun and ended.

use std::rc::{Rc, Weak};

use transom_protocol::{Command, ExitStatus, ShellId, TerminalSize};

use crate::service::pane::Live;
use crate::service::screens::{Piece, Screen};
use crate::service::{place, storage};
use crate::state::words;

/// What a shell gets when nothing could be measured: the size that terminals always had.
pub(super) const UNMEASURED: TerminalSize = TerminalSize {
    columns: 80,
    rows: 24,
    width_px: 0,
    height_px: 0,
};

impl Live {
    /// Shows a shell from its first kept byte.
    pub(crate) fn show(&self, shell: Option<ShellId>) {
        let (Some(shell), Some(terminal)) = (shell, self.terminal()) else {
            return;
        };
        terminal.begin_shell();
        let (target, me) = (Rc::downgrade(&terminal), Weak::clone(&self.me));
        let screen: Screen = Rc::new(move |piece: Piece| {
            if let (Some(live), false) = (me.upgrade(), piece.replay) {
                live.record(&piece.bytes);
            }
            if let Some(terminal) = target.upgrade() {
                terminal.write(&piece.bytes, piece.end, piece.replay);
            }
        });
        self.shown.set(true);
        self.with_provided(|provided| {
            provided.sessions.show(&self.connection, shell, &screen);
        });
        self.tell_size();
        self.tell_lines();
        self.prepare_to_keep();
        if self.asked.take() {
            self.start_up(shell);
        }
    }

    /// Types the saved host's start-up command into a new shell. One that was there before, as
    /// after a reload, has had it.
    fn start_up(&self, shell: ShellId) {
        let line = self.with_wants(|wants| wants.saved.as_ref()?.startup.clone());
        let Some(line) = line.flatten() else { return };
        let bytes = format!("{}\r", line.trim_end()).into_bytes();
        self.with_provided(|provided| {
            provided
                .sessions
                .type_bytes(&self.connection, shell, &bytes);
        });
    }

    /// No longer shows it.
    pub(crate) fn hide(&self, shell: ShellId) {
        self.with_provided(|provided| provided.sessions.hide(&self.connection, shell));
    }

    /// Asks the engine for a shell of this terminal's size.
    pub(crate) fn ask_for_shell(&self) {
        self.fit();
        let size = self.size.get().unwrap_or(UNMEASURED);
        self.asked.set(true);
        self.send(&Command::OpenShell { size });
        storage::keep_size(size);
    }

    /// The shell has ended: a line is drawn under what it wrote.
    pub(crate) fn shell_ended(&self, status: &ExitStatus) {
        self.stop_recording(Some(status));
        self.rule(&words::ended(status));
    }

    /// Draws a line under what the shell wrote.
    pub(super) fn rule(&self, words: &str) {
        if let (Some(terminal), true) = (self.terminal(), self.shown.get()) {
            terminal.rule(&format!("{words} · {}", place::time_of_day()));
        }
    }
}
