//! The strip of tabs over all connections.

mod entry;

use transom_protocol::Phase;
use web_sys::Element;
use yew::{
    Callback, Html, MouseEvent, NodeRef, component, html, use_effect_with, use_node_ref,
    use_state_eq,
};

use crate::component::files::FilesButton;
use crate::component::icon::{Glyph, Icon};
use crate::component::move_button::MoveButton;
use crate::component::pane_switch::PaneSwitch;
use crate::hook::drag::Dragged;
use crate::hook::{Provided, use_keys, use_provided};
use crate::service::pane;
use crate::state::groups::GroupId;
use crate::state::key_map::KeyMap;
use crate::state::key_press::Chord;
use crate::state::layout::{Axis, Step};
use crate::state::message::{Message, tabs as words};
use crate::state::tabs::Arrangement;
use crate::state::workspace::Action;
use entry::Entry;

/// Shows the tabs.
#[component]
pub(crate) fn TabStrip() -> Html {
    let (node, provided) = (use_node_ref(), use_provided());
    let gap = use_state_eq(|| None::<usize>);
    let tabs = provided.as_ref().map(|provided| provided.workspace.tabs());
    let front = tabs
        .and_then(|tabs| tabs.front_group())
        .map(|group| group.id);
    let strip = node.clone();
    use_effect_with(front, move |_| {
        let front = strip
            .cast::<Element>()
            .and_then(|strip| strip.query_selector(".tab.front").ok().flatten());
        if let Some(front) = front {
            front.scroll_into_view();
        }
    });
    let keys = use_keys(provided.as_ref());
    let Some(provided) = provided else {
        return Html::default();
    };
    let on_drag = {
        let (provided, node, gap) = (provided.clone(), node.clone(), gap.setter());
        Callback::from(move |(group, dragged): (GroupId, Dragged)| {
            gap.set(dragged_to(group, dragged, &node, &provided));
        })
    };
    html! {
        <div class="tab-strip" data-region="">
            <ul ref={node} class="tabs" aria-label={words::SESSIONS.say()}>
                { entries(&provided, *gap, &on_drag) }
            </ul>
            { buttons(&provided, &keys) }
        </div>
    }
}

/// The tabs, from left to right.
fn entries(
    provided: &Provided,
    gap: Option<usize>,
    on_drag: &Callback<(GroupId, Dragged)>,
) -> Html {
    let workspace = &provided.workspace;
    let tabs = workspace.tabs();
    let front = tabs.front_group().map(|group| group.id);
    let groups = tabs.groups().list().iter().enumerate();
    let entries = groups.filter_map(|(place, group)| {
        let tab = tabs.get(group.focus)?;
        let connection = workspace.connection(&tab.connection)?.clone();
        let bell = tabs
            .open()
            .iter()
            .any(|tab| tab.bell && group.tree.holds(tab.id));
        Some(html! {
            <Entry key={group.id.0} group={group.clone()} tab={tab.clone()} {connection} {bell}
                front={front == Some(group.id)} renaming={tabs.renaming() == Some(group.id)}
                gap={gap == Some(place)} on_drag={on_drag.clone()} />
        })
    });
    entries.collect()
}

fn buttons(provided: &Provided, keys: &KeyMap) -> Html {
    let front = provided.workspace.front();
    let can_add = front.is_some_and(|connection| connection.phase == Phase::Open);
    let panes = provided.workspace.tabs().front_group();
    let panes = panes.map(|group| (group.tree.leaves(), group.focus));
    let add = {
        let provided = provided.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(front) = provided.workspace.front() {
                let id = front.id.clone();
                provided.workspace.dispatch(Action::TabAdded(id));
            }
        })
    };
    let split = |axis: Axis, name: Message, glyph: Glyph| {
        let chord = Chord::Arrange(Step::Split(axis));
        let onclick = Callback::from(move |_: MouseEvent| pane::press(chord));
        html! {
            <button type="button" class="icon-button split" aria-label={name.say()}
                title={keys.hint(name.say(), chord)} disabled={!can_add} {onclick}>
                <Icon {glyph} />
            </button>
        }
    };
    let palette = provided.palette.setter();
    let commands = Callback::from(move |_: MouseEvent| palette.set(true));
    html! {
        <>
            if let Some((leaves, focus)) = panes.filter(|(leaves, _)| leaves.len() > 1) {
                <PaneSwitch {leaves} {focus} />
            }
            <button type="button" class="icon-button new-tab" aria-label={words::NEW.say()}
                title={keys.hint(words::NEW_HINT.say(), Chord::NewTab)} disabled={!can_add}
                onclick={add}>
                <Icon glyph={Glyph::Plus} />
            </button>
            { split(Axis::Right, words::SPLIT_RIGHT, Glyph::SplitRight) }
            { split(Axis::Down, words::SPLIT_DOWN, Glyph::SplitDown) }
            <MoveButton />
            <FilesButton />
            <button type="button" class="icon-button" aria-label={words::COMMANDS.say()}
                title={keys.hint(words::COMMANDS.say(), Chord::Palette)} onclick={commands}>
                <Icon glyph={Glyph::Command} />
            </button>
        </>
    }
}

/// Follows the drag of a tab; what it returns is the place that a gap shows.
fn dragged_to(
    group: GroupId,
    dragged: Dragged,
    strip: &NodeRef,
    provided: &Provided,
) -> Option<usize> {
    let (x, drops) = match dragged {
        Dragged::Over { x, .. } => (x, false),
        Dragged::Dropped { x, .. } => (x, true),
        Dragged::Cancelled => return None,
    };
    let groups = provided.workspace.tabs().groups();
    let (here, gap) = (groups.place(group)?, place_at(strip, x)?);
    if !drops {
        return Some(gap);
    }
    // Its own place is free once it moves.
    let place = if gap > here { gap - 1 } else { gap };
    let arrangement = Arrangement::Move { group, place };
    provided.workspace.dispatch(Action::Arranged(arrangement));
    None
}

/// Between which tabs a position is: how many have their middle on its left.
fn place_at(strip: &NodeRef, x: i32) -> Option<usize> {
    let tabs = strip.cast::<Element>()?.children();
    let tabs = (0..tabs.length()).filter_map(|place| tabs.item(place));
    let left = tabs.filter(|tab| {
        let rect = tab.get_bounding_client_rect();
        rect.left() + rect.width() / 2.0 < f64::from(x)
    });
    Some(left.count())
}
