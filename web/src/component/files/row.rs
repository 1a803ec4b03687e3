//! One entry of a folder.

use transom_protocol::{EntryKind, FileEntry, FilesAnswer, FilesAsk};
use web_sys::DragEvent;
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, classes, component, html, use_effect_with,
    use_state, use_state_eq,
};

use super::desk::Desk;
use super::drag::{Goal, goal};
use super::name_field::NameField;
use crate::component::icon::{Glyph, Icon};
use crate::service::files::Reply;
use crate::service::place;
use crate::state::file_words;
use crate::state::files::{Choice, FolderAction, Move, is_folder};
use crate::state::message::files as words;

/// Which row.
#[derive(PartialEq, Properties)]
pub(crate) struct RowProps {
    pub(crate) desk: Desk,
    pub(crate) row: usize,
    pub(crate) id: AttrValue,
    pub(crate) entry: FileEntry,
    pub(crate) selected: bool,
    pub(crate) cursor: bool,
    pub(crate) renaming: bool,
    pub(crate) on_open: Callback<usize>,
}

/// Shows an entry; a click chooses it, two open it.
#[component]
pub(crate) fn Row(props: &RowProps) -> Html {
    let (entry, row) = (&props.entry, props.row);
    let desk = props.desk.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        let choice = match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
            (true, _) => Choice::Range,
            (_, true) => Choice::Toggle,
            _ => Choice::Only,
        };
        desk.folder
            .dispatch(FolderAction::Moved(Move::To(row), choice));
    });
    let (dragged, ended) = (props.desk.clone(), props.desk.clone());
    let ondragstart = Callback::from(move |event: DragEvent| dragged.drag(row, &event));
    let ondragend = Callback::from(move |event: DragEvent| ended.drag_ended(&event));
    let over = use_state_eq(|| false);
    let goal = (is_folder(entry) && entry.named).then(|| {
        goal(
            &props.desk,
            &props.desk.folder.path_of(entry),
            over.setter(),
        )
    });
    let Goal {
        ondragover,
        ondragleave,
        ondrop,
    } = goal.unwrap_or_default();
    let ondblclick = props.on_open.reform(move |_: MouseEvent| row);
    let shown = entry.name.shown();
    let size = if entry.kind == EntryKind::File {
        file_words::size(entry.size)
    } else {
        String::new()
    };
    let modified = entry
        .modified
        .map(|seconds| place::moment(f64::from(seconds) * 1000.0));
    html! {
        <div role="row" id={props.id.clone()} aria-rowindex={(row + 2).to_string()}
            aria-selected={props.selected.to_string()} aria-label={shown.clone()}
            class={classes!("file-row", is_folder(entry).then_some("folder"), props.selected.then_some("selected"), props.cursor.then_some("cursor"), over.then_some("over"))}
            draggable={(!props.renaming).to_string()} {ondragstart} {ondragend} {ondragover} {ondragleave} {ondrop}
            {onclick} {ondblclick}>
            <div role="gridcell" class="file-name">
                <Icon glyph={glyph(entry)} />
                if props.renaming {
                    { rename_field(props) }
                } else {
                    <bdi class="file-text">{ shown.clone() }</bdi>
                }
                if entry.kind == EntryKind::Link { <LinkTarget desk={props.desk.clone()} entry={entry.clone()} /> }
            </div>
            <div role="gridcell" class="file-size">{ size }</div>
            <div role="gridcell" class="file-time">{ modified }</div>
            <div role="gridcell" class="file-mode">{ file_words::mode(entry) }</div>
            <div role="gridcell" class="file-owner">{ file_words::owner(entry) }</div>
        </div>
    }
}

fn glyph(entry: &FileEntry) -> Glyph {
    if is_folder(entry) {
        Glyph::Folder
    } else if entry.kind == EntryKind::Link {
        Glyph::Link
    } else {
        Glyph::File
    }
}

fn rename_field(props: &RowProps) -> Html {
    let (desk, entry) = (props.desk.clone(), props.entry.clone());
    let on_done = Callback::from(move |name: Option<String>| match name {
        Some(name) => desk.rename(&entry, &name),
        None => desk.renaming.set(None),
    });
    // What is not text cannot be typed; a new name begins with what is shown.
    let value = props
        .entry
        .name
        .text()
        .map_or_else(|| props.entry.name.shown(), str::to_owned);
    html! { <NameField label={words::NEW_NAME.say()} {value} {on_done} /> }
}

#[derive(PartialEq, Properties)]
struct LinkTargetProps {
    desk: Desk,
    entry: FileEntry,
}

/// Where a link leads, asked for when it comes into sight.
#[component]
fn LinkTarget(props: &LinkTargetProps) -> Html {
    let target = use_state(String::new);
    let (files, setter) = (props.desk.files.clone(), target.setter());
    let path = props.desk.folder.path_of(&props.entry);
    use_effect_with(path, move |path| {
        let on_reply = Callback::from(move |reply: Reply| {
            if let FilesAnswer::Path { path } = reply.answer {
                setter.set(path.shown());
            }
        });
        let ask = files.ask(FilesAsk::ReadLink { path: path.clone() }, on_reply);
        move || files.drop_ask(ask)
    });
    let broken = props.entry.target_kind.is_none();
    html! {
        <span class={classes!("link-to", broken.then_some("broken"))}>
            { "→ " }<bdi>{ (*target).clone() }</bdi>
        </span>
    }
}
