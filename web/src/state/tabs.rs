//! The terminals of the page, in which tabs of the strip they are, and which one is in front.
//!
//! A [`Tab`] is one terminal. A [`Group`] is what the strip shows as one tab: a terminal, or
//! several side by side.

mod arrange;
mod restored;

use transom_protocol::{ExitStatus, ShellId};
use yew::AttrValue;

use crate::state::connection::ConnectionId;
use crate::state::groups::{Group, GroupId, Groups};
use crate::state::layout::Tree;
use crate::state::osc::Progress;
pub(crate) use arrange::Arrangement;
pub(crate) use restored::{Left, Lost};

/// Names one terminal for as long as the page lives; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TabId(pub(crate) u32);

/// One terminal on the page.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "none depends on another")]
pub(crate) struct Tab {
    pub(crate) id: TabId,
    pub(crate) connection: ConnectionId,
    /// The shell it shows; `None` until the server has opened one.
    pub(crate) shell: Option<ShellId>,
    /// How its shell ended; `None` while it runs or before there is one.
    pub(crate) ended: Option<ExitStatus>,
    /// What the shell calls itself, already safe to show; may be empty.
    pub(crate) title: AttrValue,
    /// It rang while another tab was in front.
    pub(crate) bell: bool,
    /// How far a program in it says it is.
    pub(crate) progress: Progress,
    /// What is typed in one such tab goes to all of them.
    pub(crate) broadcast: bool,
    /// It is being recorded.
    pub(crate) taped: bool,
    /// It has shown a shell, so there may be scrollback to keep in sight.
    pub(crate) used: bool,
    /// Counts the wishes for a shell, so that a pane knows to ask again.
    pub(crate) asks: u32,
    /// The shell that it showed before a reload, and waits for.
    pub(crate) expects: Option<ShellId>,
    /// Why that did not come back.
    pub(crate) lost: Option<Lost>,
    /// What was on its screen before a reload, for as long as there is nothing newer.
    pub(crate) kept: Option<AttrValue>,
}

/// The open terminals, in the order of the strip, and within a tab of it in that of its tree.
///
/// INVARIANT: each terminal is in exactly one group. `front` is `None` exactly when `open` is
/// empty, and otherwise names a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tabs {
    open: Vec<Tab>,
    groups: Groups,
    front: Option<GroupId>,
    /// The tab of the strip that a person is naming.
    renaming: Option<GroupId>,
    next_id: u32,
    /// When the page was left that was here before, in milliseconds since 1970.
    left_ms: f64,
}

impl Tabs {
    /// The terminals from left to right.
    pub(crate) fn open(&self) -> &[Tab] {
        &self.open
    }

    /// The terminal in front: the one that has the keyboard.
    pub(crate) fn front(&self) -> Option<&Tab> {
        self.get(self.front_group()?.focus)
    }

    /// The tabs of the strip.
    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The tab of the strip that is in front.
    pub(crate) fn front_group(&self) -> Option<&Group> {
        self.groups.get(self.front?)
    }

    /// The tab of the strip that a person is naming.
    pub(crate) fn renaming(&self) -> Option<GroupId> {
        self.renaming
    }

    /// The tab called `id`.
    pub(crate) fn get(&self, id: TabId) -> Option<&Tab> {
        self.open.iter().find(|tab| tab.id == id)
    }

    /// The tabs of a connection.
    pub(crate) fn of<'a>(&'a self, connection: &'a ConnectionId) -> impl Iterator<Item = &'a Tab> {
        self.open
            .iter()
            .filter(move |tab| tab.connection == *connection)
    }

    /// The neighbour of the front tab, `step` places to the right, around the ends.
    pub(crate) fn neighbour(&self, step: isize) -> Option<TabId> {
        let groups = self.groups.list();
        let length = isize::try_from(groups.len()).ok()?;
        let here = self.groups.place(self.front?)?;
        let there = (isize::try_from(here).ok()? + step).rem_euclid(length);
        let there = usize::try_from(there).ok()?;
        groups.get(there).map(|group| group.focus)
    }

    /// The tab of a number, from 1 on the left; `None` also where there is only one, as there is
    /// nothing to choose.
    pub(crate) fn numbered(&self, number: usize) -> Option<TabId> {
        let groups = self.groups.list();
        let group = groups.get(number.checked_sub(1)?)?;
        (groups.len() > 1).then_some(group.focus)
    }

    /// Adds a tab behind the others of its connection, in front only if there is no other.
    pub(crate) fn add(&mut self, connection: &ConnectionId, shell: Option<ShellId>) -> TabId {
        let mut groups = self.groups.list().iter();
        let of_it = |group: &Group| self.of(connection).any(|tab| group.tree.holds(tab.id));
        let place = groups.rposition(of_it).map(|place| place + 1);
        let id = self.make(connection, shell);
        let group = self.groups.insert(place, Tree::Leaf(id));
        self.front.get_or_insert(group);
        self.sort();
        id
    }

    /// Makes a terminal that is in no group yet.
    fn make(&mut self, connection: &ConnectionId, shell: Option<ShellId>) -> TabId {
        let id = TabId(self.next_id);
        self.next_id += 1;
        self.open.push(Tab {
            id,
            connection: connection.clone(),
            shell,
            ended: None,
            title: AttrValue::default(),
            bell: false,
            progress: Progress::Idle,
            broadcast: false,
            taped: false,
            used: shell.is_some(),
            asks: 0,
            expects: None,
            lost: None,
            kept: None,
        });
        id
    }

    /// Brings a terminal to the front, and gives it the keyboard.
    pub(crate) fn raise(&mut self, id: TabId) {
        let Some(group) = self.groups.of(id).map(|group| group.id) else {
            return;
        };
        if let Some(tab) = self.get_mut(id) {
            tab.bell = false;
        }
        self.groups.change(group, |group| {
            if group.focus != id {
                group.zoomed = false;
            }
            group.focus = id;
        });
        self.front = Some(group);
    }

    /// Closes a terminal; one beside it gets the keyboard.
    pub(crate) fn close(&mut self, id: TabId) {
        let place = self
            .groups
            .of(id)
            .and_then(|group| self.groups.place(group.id));
        self.open.retain(|tab| tab.id != id);
        self.groups.remove(id);
        if self.front_group().is_none() {
            let groups = self.groups.list();
            let next = place.and_then(|place| groups.get(place)).or(groups.last());
            self.front = next.map(|group| group.id);
        }
        let left = self.open.iter().filter(|tab| tab.broadcast);
        let left: Vec<TabId> = left.map(|tab| tab.id).collect();
        self.broadcast_to(&left);
    }

    /// Shows a shell that opened: in the tab that waits for it, in the first tab of its connection
    /// that waits for any, or in a new one.
    pub(crate) fn opened(&mut self, connection: &ConnectionId, shell: ShellId, yours: bool) {
        let shown = self.of(connection).any(|tab| tab.shell == Some(shell));
        if shown {
            return;
        }
        let expected = self.expects(connection, shell);
        let waits = |tab: &Tab| match tab.expects {
            Some(wanted) => wanted == shell,
            None => !expected && yours && tab.shell.is_none() && tab.ended.is_none(),
        };
        let mut open = self.open.iter_mut();
        let waiting = open.find(|tab| tab.connection == *connection && waits(tab));
        if let Some(tab) = waiting {
            tab.shell = Some(shell);
            tab.ended = None;
            tab.used = true;
            (tab.expects, tab.kept) = (None, None);
        } else {
            let id = self.add(connection, Some(shell));
            if yours {
                self.raise(id);
            }
        }
    }

    /// Changes the tab that shows a shell, and says whether there is one.
    pub(crate) fn with_shell(
        &mut self,
        connection: &ConnectionId,
        shell: ShellId,
        change: impl FnOnce(&mut Tab, bool),
    ) {
        let front = self.front().map(|tab| tab.id);
        let tab = self
            .open
            .iter_mut()
            .find(|tab| tab.connection == *connection && tab.shell == Some(shell));
        if let Some(tab) = tab {
            let is_front = front == Some(tab.id);
            change(tab, is_front);
        }
    }

    /// Frees a tab from its ended shell, so that it waits for another one.
    pub(crate) fn await_shell(&mut self, id: TabId) {
        if let Some(tab) = self.get_mut(id) {
            tab.shell = None;
            tab.ended = None;
            (tab.lost, tab.kept) = (None, None);
            tab.asks += 1;
        }
    }

    /// Notes that the shells of a connection are gone without a word.
    pub(crate) fn lost(&mut self, connection: &ConnectionId) {
        for tab in &mut self.open {
            if tab.connection == *connection && tab.shell.is_some() {
                tab.ended.get_or_insert(ExitStatus::Unknown);
            }
        }
    }

    /// Notes whether a tab is recorded.
    pub(crate) fn tape(&mut self, id: TabId, on: bool) {
        if let Some(tab) = self.get_mut(id) {
            tab.taped = on;
        }
    }

    /// Chooses the tabs that hear what is typed in one of them; at least two, or none.
    pub(crate) fn broadcast_to(&mut self, chosen: &[TabId]) {
        for tab in &mut self.open {
            tab.broadcast = chosen.len() > 1 && chosen.contains(&tab.id);
        }
    }

    /// Puts the terminals into the order in which they are seen.
    fn sort(&mut self) {
        let groups = self.groups.list().iter();
        let order: Vec<TabId> = groups.flat_map(|group| group.tree.leaves()).collect();
        let place = |tab: &Tab| order.iter().position(|id| *id == tab.id);
        self.open.sort_by_key(place);
    }

    fn get_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.open.iter_mut().find(|tab| tab.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(name: &'static str) -> ConnectionId {
        ConnectionId(AttrValue::Static(name))
    }

    #[test]
    fn closing_the_front_tab_raises_its_neighbour() {
        let mut tabs = Tabs::default();
        let ids: Vec<_> = (0..3)
            .map(|shell| tabs.add(&connection("a"), Some(ShellId(shell))))
            .collect();
        tabs.raise(ids[1]);
        tabs.close(ids[1]);
        assert_eq!(tabs.front().unwrap().id, ids[2]);
        tabs.close(ids[2]);
        tabs.close(ids[0]);
        assert!(tabs.front().is_none());
    }

    #[test]
    fn a_shell_of_ours_fills_the_tab_that_waits_for_it() {
        let mut tabs = Tabs::default();
        let waiting = tabs.add(&connection("a"), None);
        tabs.opened(&connection("a"), ShellId(7), true);
        assert_eq!(tabs.get(waiting).unwrap().shell, Some(ShellId(7)));
        assert_eq!(tabs.open().len(), 1);
    }

    #[test]
    fn a_shell_of_another_page_opens_behind() {
        let mut tabs = Tabs::default();
        let waiting = tabs.add(&connection("a"), None);
        tabs.opened(&connection("a"), ShellId(7), false);
        assert_eq!(tabs.front().unwrap().id, waiting);
        assert_eq!(tabs.open().len(), 2);
    }

    #[test]
    fn tabs_of_one_connection_stand_together() {
        let mut tabs = Tabs::default();
        tabs.add(&connection("a"), None);
        tabs.add(&connection("b"), None);
        tabs.add(&connection("a"), Some(ShellId(1)));
        let order: Vec<_> = tabs
            .open()
            .iter()
            .map(|tab| tab.connection.0.as_str())
            .collect();
        assert_eq!(order, ["a", "a", "b"]);
    }

    #[test]
    fn nothing_is_broadcast_to_one_tab_alone() {
        let mut tabs = Tabs::default();
        let ids: Vec<_> = (0..3)
            .map(|shell| tabs.add(&connection("a"), Some(ShellId(shell))))
            .collect();
        tabs.broadcast_to(&ids[..2]);
        let on = |tabs: &Tabs| tabs.open().iter().filter(|tab| tab.broadcast).count();
        assert_eq!(on(&tabs), 2);
        tabs.close(ids[2]);
        assert_eq!(on(&tabs), 2);
        tabs.close(ids[0]);
        assert_eq!(on(&tabs), 0);
    }

    #[test]
    fn a_number_leads_to_a_tab_where_there_is_a_choice() {
        let mut tabs = Tabs::default();
        let first = tabs.add(&connection("a"), None);
        assert_eq!(tabs.numbered(1), None);
        let last = tabs.add(&connection("b"), None);
        assert_eq!(tabs.numbered(1), Some(first));
        assert_eq!(tabs.numbered(2), Some(last));
        assert_eq!((tabs.numbered(0), tabs.numbered(3)), (None, None));
    }

    #[test]
    fn the_next_tab_of_the_last_is_the_first() {
        let mut tabs = Tabs::default();
        let first = tabs.add(&connection("a"), None);
        let last = tabs.add(&connection("b"), None);
        tabs.raise(last);
        assert_eq!(tabs.neighbour(1), Some(first));
        assert_eq!(tabs.neighbour(-1), Some(first));
    }
}
