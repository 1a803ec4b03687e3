//! The tabs of the strip: each shows one terminal or several.

use yew::AttrValue;

use crate::state::layout::Tree;
use crate::state::tabs::TabId;

/// Longest name that a person may give a tab, in characters: more is cut off.
const MAX_NAME_CHARS: usize = 60;

/// Names one tab of the strip for as long as the page lives; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GroupId(pub(crate) u32);

/// One tab of the strip.
///
/// INVARIANT: `focus` is in `tree`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    pub(crate) tree: Tree,
    /// The terminal that has the keyboard when the tab is in front.
    pub(crate) focus: TabId,
    /// Only the focused terminal is shown.
    pub(crate) zoomed: bool,
    /// What a person calls it; empty where nobody named it.
    pub(crate) name: AttrValue,
}

/// All of them, from left to right.
///
/// INVARIANT: no terminal is in two of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Groups {
    list: Vec<Group>,
    next_id: u32,
}

impl Groups {
    /// From left to right.
    pub(crate) fn list(&self) -> &[Group] {
        &self.list
    }

    /// The one called `id`.
    pub(crate) fn get(&self, id: GroupId) -> Option<&Group> {
        self.list.iter().find(|group| group.id == id)
    }

    /// The one that shows a terminal.
    pub(crate) fn of(&self, tab: TabId) -> Option<&Group> {
        self.list.iter().find(|group| group.tree.holds(tab))
    }

    /// The place of a group, counted from the left.
    pub(crate) fn place(&self, id: GroupId) -> Option<usize> {
        self.list.iter().position(|group| group.id == id)
    }

    /// Adds one at `place`, or at the end.
    pub(crate) fn insert(&mut self, place: Option<usize>, tree: Tree) -> GroupId {
        let id = GroupId(self.next_id);
        self.next_id += 1;
        let focus = tree.first();
        let place = place.unwrap_or(self.list.len()).min(self.list.len());
        self.list.insert(
            place,
            Group {
                id,
                tree,
                focus,
                zoomed: false,
                name: AttrValue::default(),
            },
        );
        id
    }

    /// Changes one. What it holds afterwards decides who has the focus.
    pub(crate) fn change(&mut self, id: GroupId, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.list.iter_mut().find(|group| group.id == id) {
            change(group);
            if !group.tree.holds(group.focus) {
                group.focus = group.tree.first();
            }
        }
    }

    /// Takes a terminal out of its group; an empty group goes. The keyboard goes to the
    /// one that gets its area.
    pub(crate) fn remove(&mut self, tab: TabId) {
        let Some(place) = self.list.iter().position(|group| group.tree.holds(tab)) else {
            return;
        };
        let mut group = self.list.remove(place);
        let heir = group.tree.heir(tab);
        if let Some(tree) = group.tree.without(tab) {
            group.tree = tree;
            if group.focus == tab {
                group.focus = heir.unwrap_or(group.tree.first());
                group.zoomed = false;
            }
            self.list.insert(place, group);
        }
    }

    /// Moves one to a place, counted from the left.
    pub(crate) fn move_to(&mut self, id: GroupId, place: usize) {
        if let Some(here) = self.place(id) {
            let group = self.list.remove(here);
            self.list.insert(place.min(self.list.len()), group);
        }
    }

    /// Names one; an empty name is none.
    pub(crate) fn rename(&mut self, id: GroupId, name: &str) {
        let name: String = name.trim().chars().take(MAX_NAME_CHARS).collect();
        self.change(id, |group| group.name = AttrValue::from(name));
    }
}
