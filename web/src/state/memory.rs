//! What a reload brings back: the tabs, how their terminals lie, and where each one led.

use serde::{Deserialize, Serialize};
use transom_protocol::{ShellId, Target};

use crate::state::groups::Group;
use crate::state::layout::{Axis, Tree};
use crate::state::tabs::{TabId, Tabs};
use crate::state::workspace::Workspace;

/// The sessions of a page, as they are kept for its reload. No secret is in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) connections: Vec<OldConnection>,
    /// From left to right.
    pub(crate) tabs: Vec<OldTab>,
    /// The place of the tab that was in front.
    pub(crate) front: usize,
}

/// Where a connection led.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OldConnection {
    pub(crate) id: String,
    pub(crate) target: Option<Target>,
    #[serde(default)]
    pub(crate) pinned: Option<String>,
}

/// A tab of the strip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OldTab {
    pub(crate) tree: OldTree,
    /// The terminal that had the keyboard.
    pub(crate) focus: u32,
    pub(crate) zoomed: bool,
    pub(crate) name: String,
}

/// How its terminals lay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OldTree {
    Pane(OldPane),
    Split {
        axis: Axis,
        ratio: u16,
        parts: Box<(OldTree, OldTree)>,
    },
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OldPane {
    /// Its [`TabId`] on the page that went; its screen is kept under it.
    pub(crate) tab: u32,
    pub(crate) connection: String,
    pub(crate) shell: Option<ShellId>,
    /// Its shell had ended.
    pub(crate) ended: bool,
    pub(crate) title: String,
}

impl Memory {
    /// What is there now.
    pub(crate) fn of(workspace: &Workspace) -> Self {
        let groups = workspace.tabs().groups().list().iter();
        Self::of_groups(workspace, &groups.collect::<Vec<_>>())
    }

    /// The tab in front alone.
    pub(crate) fn of_front(workspace: &Workspace) -> Self {
        let front = workspace.tabs().front_group();
        let mut memory = Self::of_groups(workspace, &front.into_iter().collect::<Vec<_>>());
        let shells = memory.shells();
        let shown = |id: &str| shells.iter().any(|(connection, _)| connection == id);
        memory.connections.retain(|old| shown(&old.id));
        memory
    }

    fn of_groups(workspace: &Workspace, groups: &[&Group]) -> Self {
        let tabs = workspace.tabs();
        let connections = workspace.connections().iter();
        let front = tabs.front_group().map(|front| front.id);
        let old = groups.iter().filter_map(|group| {
            Some(OldTab {
                tree: OldTree::of(&group.tree, tabs)?,
                focus: group.focus.0,
                zoomed: group.zoomed,
                name: group.name.to_string(),
            })
        });
        Self {
            connections: connections
                .map(|connection| OldConnection {
                    id: connection.id.0.to_string(),
                    target: connection.target.clone(),
                    pinned: connection.pinned.clone(),
                })
                .collect(),
            tabs: old.collect(),
            front: groups
                .iter()
                .position(|group| Some(group.id) == front)
                .unwrap_or(0),
        }
    }
}

impl Memory {
    /// The shells that were shown, each with its connection.
    pub(crate) fn shells(&self) -> Vec<(String, ShellId)> {
        let panes = self.tabs.iter().flat_map(|tab| tab.tree.panes());
        let shells = panes.filter_map(|pane| Some((pane.connection.clone(), pane.shell?)));
        shells.collect()
    }

    /// The same without the terminals that `is_shown` says are shown.
    pub(crate) fn without(mut self, is_shown: &impl Fn(&OldPane) -> bool) -> Self {
        let tabs = self.tabs.into_iter().filter_map(|old| {
            let tree = old.tree.without(is_shown)?;
            Some(OldTab { tree, ..old })
        });
        self.tabs = tabs.collect();
        self
    }
}

impl OldTree {
    fn panes(&self) -> Vec<&OldPane> {
        match self {
            Self::Pane(pane) => vec![pane],
            Self::Split { parts, .. } => [parts.0.panes(), parts.1.panes()].concat(),
        }
    }

    fn without(self, is_shown: &impl Fn(&OldPane) -> bool) -> Option<Self> {
        match self {
            Self::Pane(pane) => (!is_shown(&pane)).then_some(Self::Pane(pane)),
            Self::Split { axis, ratio, parts } => {
                let (first, second) = *parts;
                match (first.without(is_shown), second.without(is_shown)) {
                    (Some(first), Some(second)) => Some(Self::Split {
                        axis,
                        ratio,
                        parts: Box::new((first, second)),
                    }),
                    (first, second) => first.or(second),
                }
            }
        }
    }

    fn of(tree: &Tree, tabs: &Tabs) -> Option<Self> {
        Some(match tree {
            Tree::Leaf(id) => Self::Pane(OldPane::of(*id, tabs)?),
            Tree::Split(split) => {
                let (first, second) = split.parts();
                Self::Split {
                    axis: split.axis(),
                    ratio: split.ratio(),
                    parts: Box::new((Self::of(first, tabs)?, Self::of(second, tabs)?)),
                }
            }
        })
    }
}

impl OldPane {
    fn of(id: TabId, tabs: &Tabs) -> Option<Self> {
        let tab = tabs.get(id)?;
        Some(Self {
            tab: id.0,
            connection: tab.connection.0.to_string(),
            shell: tab.shell.or(tab.expects),
            ended: tab.ended.is_some(),
            title: tab.title.to_string(),
        })
    }
}
