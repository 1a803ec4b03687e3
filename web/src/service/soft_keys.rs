//! The bar of keys on a touch screen: which modifiers it holds, for all terminals of the page.

use core::cell::{Cell, RefCell};

use yew::Callback;

use crate::state::soft_key::{self, Held, Modifier};

/// What the bar shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) held: Held,
    /// Text is selected in the terminal.
    pub(crate) selected: bool,
}

thread_local! {
    static SHOWN: Cell<Shown> = Cell::default();
    /// The bar, while it is on the page.
    static BAR: RefCell<Option<Callback<Shown>>> = RefCell::default();
}

/// Tells `bar` what it shows from now on; `None` where there is no bar any more.
pub(crate) fn watch(bar: Option<Callback<Shown>>) {
    BAR.set(bar);
}

/// A modifier was tapped.
pub(crate) fn tap(modifier: Modifier) {
    let shown = SHOWN.get();
    show(Shown {
        held: shown.held.tapped(modifier),
        ..shown
    });
}

/// Takes the modifiers for one key.
pub(crate) fn take() -> Held {
    let shown = SHOWN.get();
    show(Shown {
        held: shown.held.used(),
        ..shown
    });
    shown.held
}

/// What was typed, with the modifiers that the bar holds.
pub(crate) fn modified(typed: Vec<u8>) -> Vec<u8> {
    match soft_key::modified(&typed, SHOWN.get().held) {
        Some(bytes) => {
            take();
            bytes
        }
        None => typed,
    }
}

/// Text is selected in a terminal, or no longer.
pub(crate) fn note_selection(selected: bool) {
    show(Shown {
        selected,
        ..SHOWN.get()
    });
}

fn show(next: Shown) {
    if SHOWN.replace(next) == next {
        return;
    }
    let bar = BAR.with_borrow(Clone::clone);
    if let Some(bar) = bar {
        bar.emit(next);
    }
}
