//! What a reload brings back: the tabs, how their terminals lie, and where each one led.

use serde::{Deserialize, Serialize};
use transom_protocol::{ShellId, Target};

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
        let tabs = workspace.tabs();
        let connections = workspace.connections().iter();
        let groups = tabs.groups().list();
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

impl OldTree {
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
