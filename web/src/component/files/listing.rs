//! The entries of a folder as a grid. Only the rows in sight are on the page, so that a folder
//! may have a hundred thousand of them.

use web_sys::{Element, Event, HtmlElement, KeyboardEvent};
use yew::{
    Callback, Html, MouseEvent, NodeRef, Properties, component, html, use_callback,
    use_effect_with, use_node_ref, use_state_eq,
};

use super::desk::Desk;
use super::row::Row;
use crate::hook::listener::use_window_event;
use crate::service::place;
use crate::state::files::{Choice, Column, FolderAction, Move};
use crate::state::message::{Message, files as words};

/// Rows drawn above and below those in sight, so that scrolling finds them there.
const SPARE_ROWS: usize = 8;

/// Which folder.
#[derive(PartialEq, Properties)]
pub(crate) struct ListingProps {
    pub(crate) desk: Desk,
    /// The row whose name is being changed.
    pub(crate) renaming: Option<usize>,
    pub(crate) on_open: Callback<usize>,
}

/// Shows the rows in sight.
#[component]
pub(crate) fn Listing(props: &ListingProps) -> Html {
    let (node, desk) = (use_node_ref(), &props.desk);
    let folder = &desk.folder;
    // First row and number of rows in sight.
    let sight = use_state_eq(|| (0_usize, 40_usize));
    let measure = use_callback(
        (node.clone(), sight.setter()),
        |_: Event, (node, setter)| {
            if let Some(seen) = measured(node) {
                setter.set(seen);
            }
        },
    );
    use_window_event("resize", measure.clone());
    let (grid, cursor, setter) = (node.clone(), folder.cursor(), sight.setter());
    use_effect_with(
        (cursor, folder.path.clone(), folder.len()),
        move |(cursor, _, _)| {
            scroll_to(&grid, *cursor);
            if let Some(seen) = measured(&grid) {
                setter.set(seen);
            }
        },
    );
    let (top, seen) = *sight;
    let first = top.saturating_sub(SPARE_ROWS).min(folder.len());
    let end = (top + seen + SPARE_ROWS).min(folder.len());
    let prefix = format!("file-{}-", desk.files.connection().0);
    let rows = (first..end).filter_map(|row| {
        let entry = folder.row(row)?.clone();
        let id = format!("{prefix}{row}");
        Some(html! {
            <Row key={row} desk={desk.clone()} {row} {id} {entry} selected={folder.is_selected(row)}
                cursor={row == cursor} renaming={props.renaming == Some(row)}
                on_open={props.on_open.clone()} />
        })
    });
    let rows: Html = rows.collect();
    let active = (folder.len() > 0).then(|| format!("{prefix}{cursor}"));
    let heads = COLUMNS.map(|(column, name, sort, class)| head(desk, column, (name, sort), class));
    let onkeydown = on_key(props, &node);
    html! {
        <div ref={node} class="file-grid" role="grid" aria-label={words::FILES.say()} tabindex="0" data-region=""
            aria-multiselectable="true" aria-rowcount={(folder.len() + 1).to_string()}
            aria-colcount="5" aria-activedescendant={active} onscroll={measure}
            {onkeydown}>
            <div role="row" class="file-head" aria-rowindex="1">{ for heads }</div>
            <div role="presentation" class="file-rows">
                <Gap rows={first} />
                { rows }
                <Gap rows={folder.len() - end} />
            </div>
        </div>
    }
}

/// Each with its name, what its button does, and its class.
const COLUMNS: [(Column, Message, Message, &str); 5] = [
    (Column::Name, words::NAME, words::SORT_BY_NAME, "file-name"),
    (Column::Size, words::SIZE, words::SORT_BY_SIZE, "file-size"),
    (
        Column::Modified,
        words::MODIFIED,
        words::SORT_BY_MODIFIED,
        "file-time",
    ),
    (
        Column::Mode,
        words::PERMISSIONS,
        words::SORT_BY_PERMISSIONS,
        "file-mode",
    ),
    (
        Column::Owner,
        words::OWNER,
        words::SORT_BY_OWNER,
        "file-owner",
    ),
];

fn head(
    desk: &Desk,
    column: Column,
    (name, sort_by): (Message, Message),
    class: &'static str,
) -> Html {
    let (sorted, descending) = desk.folder.sort;
    let sort = (sorted == column).then_some(if descending {
        "descending"
    } else {
        "ascending"
    });
    let folder = desk.folder.dispatcher();
    let onclick =
        Callback::from(move |_: MouseEvent| folder.dispatch(FolderAction::Sorted(column)));
    html! {
        <div role="columnheader" class={class} aria-sort={sort}>
            <button type="button" class="sort" aria-label={sort_by.say()}
                {onclick}>
                { name.say() }
                <span aria-hidden="true">{ sort.map_or("", |_| if descending { " ↓" } else { " ↑" }) }</span>
            </button>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct GapProps {
    rows: usize,
}

/// The room of rows that are out of sight.
#[component]
fn Gap(props: &GapProps) -> Html {
    let node = use_node_ref();
    let gap = node.clone();
    use_effect_with(props.rows, move |rows| {
        if let Some(gap) = gap.cast::<HtmlElement>() {
            // The policy of the page takes styles from scripts, not from attributes.
            let height = format!("{}px", rows.saturating_mul(place::file_row_px()));
            let _ = gap.style().set_property("height", &height);
        }
    });
    html! { <div ref={node} role="presentation"></div> }
}

/// First row and number of rows in sight.
fn measured(node: &NodeRef) -> Option<(usize, usize)> {
    let grid = node.cast::<Element>()?;
    let height = place::file_row_px();
    let top = usize::try_from(grid.scroll_top()).ok()?;
    let seen = usize::try_from(grid.client_height()).ok()?;
    Some((top / height, seen / height + 1))
}

/// Brings a row into sight, below the head.
fn scroll_to(node: &NodeRef, row: usize) {
    let Some(grid) = node.cast::<Element>() else {
        return;
    };
    let height = i32::try_from(place::file_row_px()).unwrap_or_default();
    let top = i32::try_from(row)
        .unwrap_or_default()
        .saturating_mul(height);
    let seen = grid
        .client_height()
        .saturating_sub(height.saturating_mul(2));
    if top < grid.scroll_top() {
        grid.set_scroll_top(top);
    } else if top > grid.scroll_top().saturating_add(seen) {
        grid.set_scroll_top(top.saturating_sub(seen));
    }
}

/// The keys of the grid.
fn on_key(props: &ListingProps, node: &NodeRef) -> Callback<KeyboardEvent> {
    let (desk, on_open) = (props.desk.clone(), props.on_open.clone());
    let node = node.clone();
    Callback::from(move |event: KeyboardEvent| {
        // Keys of the buttons and fields inside are theirs.
        let grid = node.cast::<Element>();
        if event.target().as_ref() != grid.as_ref().map(AsRef::as_ref) {
            return;
        }
        let cursor = desk.folder.cursor();
        let choice = if event.shift_key() {
            Choice::Range
        } else {
            Choice::Only
        };
        let moved = |to| desk.folder.dispatch(FolderAction::Moved(to, choice));
        let control = event.ctrl_key() || event.meta_key();
        let key = event.key();
        match key.as_str() {
            "ArrowUp" if event.alt_key() => desk.up(),
            "ArrowDown" => moved(Move::By(1)),
            "ArrowUp" => moved(Move::By(-1)),
            "PageDown" => moved(Move::By(20)),
            "PageUp" => moved(Move::By(-20)),
            "Home" => moved(Move::First),
            "End" => moved(Move::Last),
            "Backspace" => desk.up(),
            " " if control => desk
                .folder
                .dispatch(FolderAction::Moved(Move::To(cursor), Choice::Toggle)),
            "Enter" | " " => on_open.emit(cursor),
            "a" if control => desk.folder.dispatch(FolderAction::AllSelected),
            "Escape" => desk.folder.dispatch(FolderAction::NoneSelected),
            "F2" => desk.renaming.set(Some(cursor)),
            "Delete" => desk.ask_delete(),
            _ if key.chars().count() == 1 && !control && !event.alt_key() => {
                desk.folder.dispatch(FolderAction::Typed(key));
            }
            _ => return,
        }
        event.prevent_default();
    })
}
