//! What a person does with tabs of the strip and the terminals in them.

use crate::state::connection::ConnectionId;
use crate::state::groups::{Group, GroupId};
use crate::state::layout::{Axis, MAX_PANES, Step, Toward, Tree};
use crate::state::tabs::{TabId, Tabs};

/// What else a person does with them, with a mouse above all.
#[derive(Clone, Debug)]
pub(crate) enum Arrangement {
    /// With the tab in front.
    Step(Step),
    /// Moves a divider of the tab in front to this share of the first part, in thousandths.
    Resize { second: TabId, ratio: u16 },
    /// Moves a terminal beside another one.
    Beside {
        tab: TabId,
        at: TabId,
        toward: Toward,
    },
    /// Makes a terminal a tab of its own.
    Own(TabId),
    /// Moves a tab of the strip to a place, counted from the left.
    Move { group: GroupId, place: usize },
    /// Begins to name a tab.
    Rename(GroupId),
    /// Ends it; `None` leaves the name as it is.
    Named {
        group: GroupId,
        name: Option<String>,
    },
}

impl Tabs {
    /// Does it.
    pub(crate) fn arrange(&mut self, arrangement: Arrangement) {
        match arrangement {
            Arrangement::Step(step) => self.step(step),
            Arrangement::Resize { second, ratio } => self.resize(second, ratio),
            Arrangement::Beside { tab, at, toward } => self.move_beside(tab, at, toward),
            Arrangement::Own(tab) => self.own_tab(tab),
            Arrangement::Move { group, place } => self.move_group(group, place),
            Arrangement::Rename(group) => self.renaming = Some(group),
            Arrangement::Named { group, name } => self.named(group, name.as_deref()),
        }
    }

    /// Does it with the tab in front.
    fn step(&mut self, step: Step) {
        let Some(group) = self.front_group() else {
            return;
        };
        let (id, focus) = (group.id, group.focus);
        match step {
            Step::Split(axis) => self.split(focus, axis),
            Step::Focus(toward) => {
                if let Some(next) = group.tree.places().neighbour(focus, toward) {
                    self.raise(next);
                }
            }
            Step::Swap(toward) => {
                if let Some(other) = group.tree.places().neighbour(focus, toward) {
                    self.groups.change(id, |group| {
                        group.tree = group.tree.clone().swap(focus, other);
                    });
                    self.sort();
                }
            }
            Step::Zoom => self.groups.change(id, |group| {
                group.zoomed = !group.zoomed && matches!(group.tree, Tree::Split(_));
            }),
            Step::OwnTab => self.own_tab(focus),
            Step::Join => {
                let place = self.groups.place(id).and_then(|place| place.checked_sub(1));
                let left = place.and_then(|place| self.groups.list().get(place));
                if let Some(at) = left.map(|left| left.focus) {
                    self.move_beside(focus, at, Toward::Right);
                }
            }
            Step::MoveTab(step) => {
                let place = self.groups.place(id);
                if let Some(place) = place.and_then(|place| place.checked_add_signed(step)) {
                    self.move_group(id, place);
                }
            }
            Step::Duplicate => self.duplicate(id),
            Step::Rename => self.renaming = Some(id),
        }
    }

    /// Puts a terminal of the same connection beside `at`, which gives half of its area away.
    fn split(&mut self, at: TabId, axis: Axis) {
        let Some(group) = self.groups.of(at) else {
            return;
        };
        let (id, full) = (group.id, group.tree.leaves().len() >= MAX_PANES);
        let connection = self.get(at).map(|tab| tab.connection.clone());
        let (Some(connection), false) = (connection, full) else {
            return;
        };
        let new = self.make(&connection, None);
        let toward = match axis {
            Axis::Right => Toward::Right,
            Axis::Down => Toward::Down,
        };
        self.groups.change(id, |group| {
            group.tree = group.tree.clone().split(at, new, toward);
            group.focus = new;
            group.zoomed = false;
        });
        self.sort();
    }

    /// Moves a divider of the tab in front. `ratio`: thousandths.
    fn resize(&mut self, second: TabId, ratio: u16) {
        if let Some(id) = self.front {
            self.groups
                .change(id, |group| group.tree.resize(second, ratio));
        }
    }

    /// Moves a terminal beside another one, in whatever tab that is.
    fn move_beside(&mut self, tab: TabId, at: TabId, toward: Toward) {
        let there = self.groups.of(at).map(|group| {
            let leaves = group.tree.leaves();
            (group.id, leaves.len() < MAX_PANES || leaves.contains(&tab))
        });
        let Some((id, true)) = there.filter(|_| tab != at) else {
            return;
        };
        self.groups.remove(tab);
        self.groups.change(id, |group| {
            group.tree = group.tree.clone().split(at, tab, toward);
            group.zoomed = false;
        });
        self.sort();
        self.raise(tab);
    }

    /// Makes a terminal a tab of its own, behind the one it was in.
    fn own_tab(&mut self, tab: TabId) {
        let Some(group) = self.groups.of(tab) else {
            return;
        };
        if group.tree == Tree::Leaf(tab) {
            return;
        }
        let place = self.groups.place(group.id).map(|place| place + 1);
        self.groups.remove(tab);
        self.groups.insert(place, Tree::Leaf(tab));
        self.sort();
        self.raise(tab);
    }

    /// Moves a tab of the strip to a place, counted from the left.
    fn move_group(&mut self, id: GroupId, place: usize) {
        self.groups.move_to(id, place);
        self.sort();
    }

    /// Ends the naming of a tab; `None` leaves its name as it is.
    fn named(&mut self, id: GroupId, name: Option<&str>) {
        self.renaming = None;
        if let Some(name) = name {
            self.groups.rename(id, name);
        }
    }

    /// Opens a tab with the same areas and new terminals on the same connections.
    fn duplicate(&mut self, id: GroupId) {
        let Some(group) = self.groups.get(id).cloned() else {
            return;
        };
        let place = self.groups.place(id).map(|place| place + 1);
        let connections: Vec<(TabId, ConnectionId)> = self
            .open
            .iter()
            .map(|tab| (tab.id, tab.connection.clone()))
            .collect();
        self.place_like(&group, place, |old| {
            let found = connections.iter().find(|(known, _)| *known == old);
            found.map(|(_, connection)| connection.clone())
        });
    }

    /// Opens a tab as `like` with new terminals, in front. `connection` says on what each one
    /// runs; one that runs on nothing is left out.
    pub(crate) fn place_like(
        &mut self,
        like: &Group,
        place: Option<usize>,
        connection: impl Fn(TabId) -> Option<ConnectionId>,
    ) {
        let mut tree = Some(like.tree.clone());
        for old in like.tree.leaves() {
            if connection(old).is_none() {
                tree = tree.and_then(|tree| tree.without(old));
            }
        }
        let Some(tree) = tree else { return };
        let mut focus = None;
        let tree = tree.map(&mut |old| {
            let Some(connection) = connection(old) else {
                return old;
            };
            let new = self.make(&connection, None);
            if old == like.focus {
                focus = Some(new);
            }
            new
        });
        let focus = focus.unwrap_or(tree.first());
        let id = self.groups.insert(place, tree);
        self.groups.change(id, |group| {
            group.focus = focus;
            group.name = like.name.clone();
        });
        self.front = Some(id);
        self.sort();
    }
}

#[cfg(test)]
mod tests;
