//! Brings the output of shells to the terminals that show them, past the UI framework.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::Uint8Array;
use transom_protocol::ShellId;

/// One piece of a shell's output.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) bytes: Uint8Array,
    /// Offset of the byte after the last one, in bytes since the shell's output began.
    pub(crate) end: u64,
    /// Another terminal has answered what programs ask in it.
    pub(crate) replay: bool,
}

/// Takes the output of one shell.
pub(crate) type Screen = Rc<dyn Fn(Piece)>;

/// Who shows which shell of one connection.
///
/// Output of a shell that nobody shows yet waits here. The engine sends at most
/// [`transom_protocol::OUTPUT_WINDOW_BYTES`] beyond what was parsed, so it is bounded.
#[derive(Default)]
pub(crate) struct Screens {
    shown: RefCell<HashMap<ShellId, Slot>>,
}

#[derive(Default)]
struct Slot {
    screen: Option<Screen>,
    waiting: Vec<Piece>,
    /// It was hidden: what is still on its way is no part of what will be shown.
    deaf: bool,
}

impl Screens {
    /// Hands a piece to the shell's screen.
    pub(crate) fn write(&self, shell: ShellId, piece: Piece) {
        let screen = {
            let mut shown = self.shown.borrow_mut();
            let slot = shown.entry(shell).or_default();
            if slot.deaf {
                return;
            }
            let Some(screen) = &slot.screen else {
                slot.waiting.push(piece);
                return;
            };
            Rc::clone(screen)
        };
        screen(piece);
    }

    /// Shows a shell on `screen`, beginning with what waits for it.
    pub(crate) fn show(&self, shell: ShellId, screen: &Screen) {
        let waiting = {
            let mut shown = self.shown.borrow_mut();
            let slot = shown.entry(shell).or_default();
            slot.screen = Some(Rc::clone(screen));
            core::mem::take(&mut slot.waiting)
        };
        for piece in waiting {
            screen(piece);
        }
    }

    /// What comes now begins with the oldest byte that is kept.
    pub(crate) fn begin(&self, shell: ShellId) {
        self.shown.borrow_mut().entry(shell).or_default().deaf = false;
    }

    /// No longer shows it, until it is shown again and begins.
    pub(crate) fn hide(&self, shell: ShellId) {
        let hidden = Slot {
            deaf: true,
            ..Slot::default()
        };
        self.shown.borrow_mut().insert(shell, hidden);
    }
}
