//! The terminals of the tab in front, side by side, and what stands before the focused one.

mod bar;
mod divider;

use web_sys::Element;
use yew::{
    Callback, Html, NodeRef, Properties, classes, component, html, use_node_ref, use_state_eq,
};

use crate::component::cover::Cover;
use crate::component::files::FilesHost;
use crate::component::held::Held;
use crate::component::saved_password::SaveOffer;
use crate::component::terminal_notice::TerminalNotice;
use crate::component::terminal_pane::{Seat, TerminalPane};
use crate::hook::area::use_area;
use crate::hook::drag::Dragged;
use crate::hook::{Provided, use_provided};
use crate::state::connection::Connection;
use crate::state::groups::Group;
use crate::state::layout::{Area, Places, Toward};
use crate::state::tabs::{Arrangement, Tab, TabId};
use crate::state::workspace::{Action, Workspace};
pub(crate) use bar::PaneBar;
use divider::PaneDivider;
use transom_protocol::Phase;

/// Whether the sessions are in front.
#[derive(PartialEq, Properties)]
pub(crate) struct PanesProps {
    pub(crate) front: bool,
}

/// A terminal that is dragged, and where it would go.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moving {
    tab: TabId,
    beside: Option<(TabId, Toward)>,
}

/// Shows the terminals. All of the page's are here; those that are not seen are hidden.
#[component]
pub(crate) fn Panes(props: &PanesProps) -> Html {
    let (node, provided) = (use_node_ref(), use_provided());
    let moving = use_state_eq(|| None::<Moving>);
    let Some(provided) = provided else {
        return Html::default();
    };
    let workspace = &provided.workspace;
    let places = workspace.tabs().front_group().map(seen);
    let places = places.unwrap_or_default();
    let on_drag = {
        let (provided, node, places) = (provided.clone(), node.clone(), places.clone());
        let setter = moving.setter();
        Callback::from(move |(tab, dragged): (TabId, Dragged)| {
            setter.set(dragged_to(tab, dragged, &node, &places, &provided));
        })
    };
    let mut tabs: Vec<&Tab> = workspace.tabs().open().iter().collect();
    // In the order in which they were made: what moves on the screen must not move in the
    // document, where its terminal would lose the keyboard and its place.
    tabs.sort_by_key(|tab| tab.id.0);
    let panes = tabs.into_iter().filter_map(|tab| {
        let connection = workspace.connection(&tab.connection)?.clone();
        let covered = !tab.used || !connection.questions.is_empty();
        let settings = (*provided.settings).clone();
        let seat = seat(workspace, tab.id, &places, props.front);
        Some(html! {
            <TerminalPane key={tab.id.0} tab={tab.clone()} {connection} {seat} {covered}
                {settings} on_drag={on_drag.clone()} />
        })
    });
    // A list of its own: among other children Yew would match the panes by their place, and
    // take down a terminal whenever a tab comes or goes.
    let panes: Html = panes.collect();
    let dividers: Html = places
        .dividers
        .iter()
        .map(|divider| html! { <PaneDivider key={divider.second.0} divider={*divider} area={node.clone()} /> })
        .collect();
    let preview = moving.and_then(|moving| {
        let (at, toward) = moving.beside?;
        Some(places.of(at)?.half(toward))
    });
    html! {
        <div ref={node} class={classes!("panes", moving.is_some().then_some("moving"))}>
            { panes }
            if props.front { <div class="dividers">{ dividers }</div> }
            if let Some(area) = preview { <Preview {area} /> }
            if props.front { { over(&provided, &places) } }
            <FilesHost front={workspace.front().filter(|_| props.front).cloned()} />
        </div>
    }
}

/// Where everything is that is seen of a tab.
fn seen(group: &Group) -> Places {
    if group.zoomed {
        return Places {
            panes: vec![(group.focus, Area::WHOLE)],
            dividers: Vec::new(),
        };
    }
    group.tree.places()
}

fn seat(workspace: &Workspace, tab: TabId, places: &Places, front: bool) -> Seat {
    let tabs = workspace.tabs();
    let group = tabs.groups().of(tab);
    let leaves = group.map(|group| group.tree.leaves()).unwrap_or_default();
    let place = leaves.iter().position(|leaf| *leaf == tab);
    let area = places.of(tab);
    let focused = front && tabs.front().is_some_and(|front| front.id == tab);
    Seat {
        area: area
            .or(group.and_then(|group| seen(group).of(tab)))
            .unwrap_or(Area::WHOLE),
        seen: front && area.is_some(),
        focused,
        number: place.map_or(1, |place| place + 1),
        count: leaves.len().max(1),
        zoomed: group.is_some_and(|group| group.zoomed),
    }
}

/// Follows a drag; what it returns is drawn.
fn dragged_to(
    tab: TabId,
    dragged: Dragged,
    node: &NodeRef,
    places: &Places,
    provided: &Provided,
) -> Option<Moving> {
    let (x, y, drops) = match dragged {
        Dragged::Over { x, y } => (x, y, false),
        Dragged::Dropped { x, y } => (x, y, true),
        Dragged::Cancelled => return None,
    };
    let (x, y) = fraction(node, x, y)?;
    let beside = places.target(x, y).filter(|(at, _)| *at != tab);
    let arrangement = match beside {
        Some((at, toward)) => Some(Arrangement::Beside { tab, at, toward }),
        // On the strip of tabs.
        None if y < 0.0 => Some(Arrangement::Own(tab)),
        None => None,
    };
    if !drops {
        return Some(Moving { tab, beside });
    }
    if let Some(arrangement) = arrangement {
        provided.workspace.dispatch(Action::Arranged(arrangement));
    }
    None
}

/// A position in the window as fractions of an element.
pub(crate) fn fraction(node: &NodeRef, x: i32, y: i32) -> Option<(f64, f64)> {
    let rect = node.cast::<Element>()?.get_bounding_client_rect();
    let (width, height) = (rect.width(), rect.height());
    (width > 0.0 && height > 0.0).then(|| {
        (
            (f64::from(x) - rect.left()) / width,
            (f64::from(y) - rect.top()) / height,
        )
    })
}

#[derive(PartialEq, Properties)]
struct PreviewProps {
    area: Area,
}

/// Where a dragged terminal would go.
#[component]
fn Preview(props: &PreviewProps) -> Html {
    let node = use_node_ref();
    use_area(&node, props.area);
    html! { <div ref={node} class="pane-preview" aria-hidden="true"></div> }
}

/// What stands before the focused terminal.
fn over(provided: &Provided, places: &Places) -> Html {
    let workspace = &provided.workspace;
    let front = workspace.tabs().front();
    let Some((tab, connection)) =
        front.and_then(|tab| Some((tab, workspace.connection(&tab.connection)?)))
    else {
        return Html::default();
    };
    let area = places.of(tab.id).unwrap_or(Area::WHOLE);
    let shared = places.panes.len() > 1;
    html! { <Over tab={tab.clone()} connection={connection.clone()} {area} {shared}
    others={workspace.tabs().of(&tab.connection).any(|tab| tab.used)} /> }
}

#[derive(PartialEq, Properties)]
struct OverProps {
    tab: Tab,
    connection: Connection,
    area: Area,
    /// There is a bar above the terminal.
    shared: bool,
    /// A shell runs or ran on the connection.
    others: bool,
}

#[component]
fn Over(props: &OverProps) -> Html {
    let node = use_node_ref();
    use_area(&node, props.area);
    let OverProps {
        tab, connection, ..
    } = props;
    // Another shell on an open connection is there in a moment, without questions.
    let opens =
        props.others && connection.phase == Phase::Open && connection.shell_refused.is_none();
    let inner = if tab.used {
        html! {
            <>
                <Held connection={connection.clone()} />
                <SaveOffer connection={connection.clone()} />
                <TerminalNotice connection={connection.clone()} tab={tab.clone()} />
            </>
        }
    } else if opens {
        Html::default()
    } else {
        html! { <Cover connection={connection.clone()} tab={tab.id} /> }
    };
    html! {
        <div ref={node} class={classes!("over-pane", props.shared.then_some("shared"))}>
            { inner }
        </div>
    }
}
