//! Input for several terminals at once.

use core::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use transom_protocol::Environment;
use yew::Callback;

use crate::service::pane::Live;
use crate::state::broadcast::is_answer;
use crate::state::tabs::TabId;
use crate::state::workspace::Action;

thread_local! {
    /// The panes of this page.
    static LIVES: RefCell<HashMap<TabId, Weak<Live>>> = RefCell::default();
    /// A text is being pasted into each of them, so that none gives it on.
    static PASTING: Cell<bool> = const { Cell::new(false) };
}

/// All panes of this page.
pub(super) fn lives() -> Vec<Rc<Live>> {
    LIVES.with_borrow(|lives| lives.values().filter_map(Weak::upgrade).collect())
}

impl Live {
    /// Others can reach this pane from now on.
    pub(super) fn join(&self) {
        LIVES.with_borrow_mut(|lives| lives.insert(self.tab, Weak::clone(&self.me)));
    }

    /// Nobody reaches it any more.
    pub(super) fn part(&self) {
        LIVES.with_borrow_mut(|lives| lives.remove(&self.tab));
    }

    /// The other panes that hear what is typed here; none while nothing is broadcast.
    fn others(&self) -> Vec<Rc<Self>> {
        let ids = self.with_wants(|wants| {
            let tabs = wants.provided.as_ref()?.workspace.tabs().clone();
            tabs.get(self.tab).filter(|tab| tab.broadcast)?;
            let heard = tabs
                .open()
                .iter()
                .filter(|tab| tab.broadcast && tab.ended.is_none());
            Some(heard.map(|tab| tab.id).collect::<Vec<_>>())
        });
        let ids = ids.flatten().unwrap_or_default();
        let others = ids.into_iter().filter(|id| *id != self.tab);
        LIVES.with_borrow(|lives| others.filter_map(|id| lives.get(&id)?.upgrade()).collect())
    }

    /// Types what was typed here into the others.
    pub(super) fn broadcast(&self, bytes: &[u8]) {
        if PASTING.get() || is_answer(bytes) {
            return;
        }
        for other in self.others() {
            other.typed_alone(bytes);
        }
    }

    /// Pastes into this terminal and the others, each with the brackets that its program asked
    /// for.
    pub(super) fn paste_everywhere(&self, text: &str) {
        let others = self.others();
        let before = PASTING.replace(true);
        if let Some(terminal) = self.terminal() {
            terminal.paste(text);
        }
        for terminal in others.iter().filter_map(|other| other.terminal()) {
            terminal.paste(text);
        }
        PASTING.set(before);
    }

    /// Whether every program that hears a pasted text can tell it from typing, and whether one
    /// of the hosts is to be careful with.
    pub(super) fn paste_risk(&self) -> (bool, bool) {
        let mut all = self.others();
        all.extend(self.me.upgrade());
        let brackets = all.iter().all(|live| {
            let terminal = live.terminal();
            terminal.is_some_and(|terminal| terminal.brackets_paste())
        });
        (brackets, all.iter().any(|live| live.is_production()))
    }

    fn is_production(&self) -> bool {
        let production = self.with_wants(|wants| {
            let saved = wants.saved.as_ref();
            saved.is_some_and(|host| host.environment == Environment::Production)
        });
        production == Some(true)
    }

    /// Begins to broadcast to the chosen terminals, or leaves all as it is.
    pub(crate) fn broadcaster(&self) -> Callback<Option<Vec<TabId>>> {
        self.callback(|live, chosen: Option<Vec<TabId>>| {
            live.with_wants(|wants| wants.broadcasting.set(false));
            if let Some(tabs) = chosen {
                live.tell_broadcast(tabs);
            }
            live.focus();
        })
    }

    /// Leaves this terminal out.
    pub(crate) fn broadcast_leaver(&self) -> Callback<()> {
        self.callback(|live, ()| {
            let rest: Vec<_> = live.others().iter().map(|other| other.tab).collect();
            // One terminal alone is none to broadcast to.
            live.tell_broadcast(if rest.len() > 1 { rest } else { Vec::new() });
            live.focus();
        })
    }

    /// Ends it for all.
    pub(crate) fn broadcast_stopper(&self) -> Callback<()> {
        self.callback(|live, ()| {
            live.tell_broadcast(Vec::new());
            live.focus();
        })
    }

    fn tell_broadcast(&self, tabs: Vec<TabId>) {
        self.with_provided(|provided| {
            provided.workspace.dispatch(Action::BroadcastTo(tabs));
        });
    }
}
