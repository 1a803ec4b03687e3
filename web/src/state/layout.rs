//! How the terminals of one tab share its area: a binary tree. Plain values, no pixel: the page
//! turns fractions into lengths.

mod place;

use serde::{Deserialize, Serialize};

use crate::state::tabs::TabId;
pub(crate) use place::{Area, Divider, Places};

/// The smallest part of a split, in thousandths: less is no terminal any more.
pub(crate) const LEAST: u16 = 100;

/// Both halves alike, in thousandths.
const HALF: u16 = 500;

/// Most terminals in one tab. Each is a channel of its own, and OpenSSH's server gives ten to a
/// connection (`MaxSessions`); the rest leaves room for terminals of other hosts.
pub(crate) const MAX_PANES: usize = 16;

/// Where the second part of a split lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Axis {
    Right,
    Down,
}

/// A way over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toward {
    Left,
    Right,
    Up,
    Down,
}

impl Toward {
    /// The axis of a split that puts something there, and whether it comes first.
    pub(crate) const fn axis(self) -> (Axis, bool) {
        match self {
            Self::Left => (Axis::Right, true),
            Self::Right => (Axis::Right, false),
            Self::Up => (Axis::Down, true),
            Self::Down => (Axis::Down, false),
        }
    }
}

/// What a person does with the tab in front and its terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Puts a new terminal beside the focused one.
    Split(Axis),
    /// Gives the keyboard to the next terminal that way.
    Focus(Toward),
    /// Changes places with the next terminal that way.
    Swap(Toward),
    /// Gives the focused terminal the whole tab, or its part again.
    Zoom,
    /// Makes the focused terminal a tab of its own.
    OwnTab,
    /// Moves the focused terminal into the tab on the left.
    Join,
    /// Moves the tab this many places to the right.
    MoveTab(isize),
    /// Opens a tab with the same terminals on the same connections.
    Duplicate,
    /// Begins to name the tab.
    Rename,
}

/// A terminal, or an area that two parts share.
///
/// INVARIANT: no terminal is in it twice, and every ratio is from [`LEAST`] to 1000 − [`LEAST`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    Leaf(TabId),
    Split(Box<Split>),
}

/// Two parts of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    axis: Axis,
    /// The share of the first part, in thousandths.
    ratio: u16,
    first: Tree,
    second: Tree,
}

impl Tree {
    /// Two parts; the ratio is brought into its bounds.
    pub(crate) fn pair(axis: Axis, ratio: u16, first: Self, second: Self) -> Self {
        let ratio = ratio.clamp(LEAST, 1000 - LEAST);
        Self::Split(Box::new(Split {
            axis,
            ratio,
            first,
            second,
        }))
    }

    /// The terminals, first parts first.
    pub(crate) fn leaves(&self) -> Vec<TabId> {
        match self {
            Self::Leaf(id) => vec![*id],
            Self::Split(split) => {
                let mut leaves = split.first.leaves();
                leaves.extend(split.second.leaves());
                leaves
            }
        }
    }

    /// Whether `id` is in it.
    pub(crate) fn holds(&self, id: TabId) -> bool {
        match self {
            Self::Leaf(leaf) => *leaf == id,
            Self::Split(split) => split.first.holds(id) || split.second.holds(id),
        }
    }

    /// The first terminal.
    pub(crate) fn first(&self) -> TabId {
        match self {
            Self::Leaf(id) => *id,
            Self::Split(split) => split.first.first(),
        }
    }

    /// Puts `new` beside `at`, which gives half of its area away. Does nothing where `new` is in
    /// the tree already.
    pub(crate) fn split(self, at: TabId, new: TabId, toward: Toward) -> Self {
        if self.holds(new) {
            return self;
        }
        self.change(at, &|leaf| {
            let (axis, before) = toward.axis();
            let (leaf, new) = (Self::Leaf(leaf), Self::Leaf(new));
            let (first, second) = if before { (new, leaf) } else { (leaf, new) };
            Self::pair(axis, HALF, first, second)
        })
    }

    /// Takes `id` out; its sibling gets the area. `None` where nothing is left.
    pub(crate) fn without(self, id: TabId) -> Option<Self> {
        match self {
            Self::Leaf(leaf) => (leaf != id).then_some(Self::Leaf(leaf)),
            Self::Split(split) => {
                let Split {
                    axis,
                    ratio,
                    first,
                    second,
                } = *split;
                Some(match (first.without(id), second.without(id)) {
                    (Some(first), Some(second)) => Self::pair(axis, ratio, first, second),
                    (Some(left), None) | (None, Some(left)) => left,
                    (None, None) => return None,
                })
            }
        }
    }

    /// The first terminal of the part that gets the area of `id` once that is taken out.
    pub(crate) fn heir(&self, id: TabId) -> Option<TabId> {
        let Self::Split(split) = self else {
            return None;
        };
        let (first, second) = split.parts();
        let sibling = if *first == Self::Leaf(id) {
            second.first()
        } else if *second == Self::Leaf(id) {
            first.first()
        } else {
            return first.heir(id).or_else(|| second.heir(id));
        };
        Some(sibling)
    }

    /// Lets two terminals change places.
    pub(crate) fn swap(self, one: TabId, other: TabId) -> Self {
        self.map(&mut |id| match id {
            id if id == one => other,
            id if id == other => one,
            id => id,
        })
    }

    /// The same areas for the terminals that `name` gives.
    pub(crate) fn map(self, name: &mut impl FnMut(TabId) -> TabId) -> Self {
        match self {
            Self::Leaf(id) => Self::Leaf(name(id)),
            Self::Split(split) => {
                let first = split.first.map(name);
                let second = split.second.map(name);
                Self::pair(split.axis, split.ratio, first, second)
            }
        }
    }

    /// Moves the divider before the part that begins with `second`. `ratio`: thousandths.
    pub(crate) fn resize(&mut self, second: TabId, ratio: u16) {
        if let Self::Split(split) = self {
            if split.second.first() == second {
                split.ratio = ratio.clamp(LEAST, 1000 - LEAST);
            } else {
                split.first.resize(second, ratio);
                split.second.resize(second, ratio);
            }
        }
    }

    fn change(self, at: TabId, with: &impl Fn(TabId) -> Self) -> Self {
        match self {
            Self::Leaf(leaf) if leaf == at => with(leaf),
            Self::Leaf(leaf) => Self::Leaf(leaf),
            Self::Split(split) => {
                let first = split.first.change(at, with);
                let second = split.second.change(at, with);
                Self::pair(split.axis, split.ratio, first, second)
            }
        }
    }
}

impl Split {
    /// Where the second part lies.
    pub(crate) const fn axis(&self) -> Axis {
        self.axis
    }

    /// The share of the first part, in thousandths.
    pub(crate) const fn ratio(&self) -> u16 {
        self.ratio
    }

    /// Both parts.
    pub(crate) const fn parts(&self) -> (&Tree, &Tree) {
        (&self.first, &self.second)
    }
}

#[cfg(test)]
mod tests;
