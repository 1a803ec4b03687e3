//! What can be done with the folder and with what is chosen in it.

use web_sys::{Event, HtmlInputElement};
use yew::{
    Callback, Html, MouseEvent, NodeRef, Properties, TargetCast, component, html, use_node_ref,
};

use super::desk::Desk;
use super::sheet::Sheet;
use super::terminal_at::use_terminal_at;
use crate::component::icon::{Glyph, Icon};
use crate::service::{clipboard, local};
use crate::state::files::FolderAction;
use crate::state::message::{button, files as words, terminal};

/// Whose folder.
#[derive(PartialEq, Properties)]
pub(crate) struct ToolbarProps {
    pub(crate) desk: Desk,
}

/// The buttons above the list.
#[component]
pub(crate) fn Toolbar(props: &ToolbarProps) -> Html {
    let desk = &props.desk;
    let (input, folder_input) = (use_node_ref(), use_node_ref());
    let on_upload = chooses(
        desk,
        (&input, local::keeps_handles()),
        Desk::upload_by_handle,
    );
    let on_folder = chooses(
        desk,
        (&folder_input, local::picks()),
        Desk::upload_folder_by_handle,
    );
    let uploading = desk.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(files) = input.files() {
            uploading.upload_chosen(&files);
        }
        // The same file can be chosen again.
        input.set_value("");
    });
    let (at, here) = (
        use_terminal_at(desk.files.connection()),
        desk.folder.path.clone(),
    );
    let at_here = at.reform(move |_: MouseEvent| here.clone());
    let chosen = desk.folder.selected().count();
    let does = |work: fn(&Desk)| {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| work(&desk))
    };
    let button = |name: &'static str, glyph: Glyph, disabled: bool, work: fn(&Desk)| {
        html! {
            <button type="button" title={name} {disabled} onclick={does(work)}>
                <Icon {glyph} /><span class="tool-name">{ name }</span>
            </button>
        }
    };
    let none = chosen == 0;
    let unknown = desk.folder.path.bytes().is_empty();
    let hidden = desk.folder.hidden;
    html! {
        <div class="toolbar" role="toolbar" aria-label={words::FILES.say()}>
            <input ref={input} type="file" multiple={true} hidden={true} aria-label={words::TO_UPLOAD.say()}
                onchange={onchange.clone()} />
            <input ref={folder_input} type="file" webkitdirectory={true} hidden={true} aria-label={words::FOLDER_TO_UPLOAD.say()}
                {onchange} />
            <button type="button" class="primary" disabled={unknown} onclick={on_upload}>
                <Icon glyph={Glyph::Upload} /><span>{ words::UPLOAD.say() }</span>
            </button>
            <button type="button" title={words::UPLOAD_A_FOLDER.say()} disabled={unknown} onclick={on_folder}>
                <Icon glyph={Glyph::Folder} /><span class="tool-name">{ words::UPLOAD_A_FOLDER.say() }</span>
            </button>
            { button(button::DOWNLOAD.say(), Glyph::Download, none, Desk::download) }
            if local::picks() { { button(words::DOWNLOAD_TO.say(), Glyph::Download, none, Desk::download_into) } }
            { button(words::NEW_FOLDER.say(), Glyph::Plus, unknown, |desk| desk.sheet.set(Some(Sheet::NewFolder))) }
            { button(button::EDIT.say(), Glyph::File, desk.editable().is_none(), Desk::edit) }
            { button(button::RENAME.say(), Glyph::Pencil, chosen != 1, Desk::begin_rename) }
            { button(button::DELETE.say(), Glyph::Trash, none, Desk::ask_delete) }
            { button(words::PERMISSIONS.say(), Glyph::Lock, none, Desk::ask_permissions) }
            { button(words::COPY_PATH.say(), Glyph::Copy, false, copy_path) }
            <button type="button" title={words::TERMINAL_HERE.say()} onclick={at_here}>
                <Icon glyph={Glyph::Terminal} /><span class="tool-name">{ words::TERMINAL_HERE.say() }</span>
            </button>
            <span class="toolbar-end">
                <button type="button" class="icon-button" aria-label={words::PARENT.say()}
                    title={words::PARENT_KEY.say()} onclick={does(Desk::up)}>
                    <Icon glyph={Glyph::Up} />
                </button>
                <button type="button" class="icon-button" aria-label={words::CHOICES.say()}
                    title={words::CHOICES.say()} onclick={does(|desk| desk.sheet.set(Some(Sheet::Choices)))}>
                    <Icon glyph={Glyph::Gear} />
                </button>
                <button type="button" class="icon-button" aria-label={words::READ_AGAIN.say()} title={words::READ_AGAIN.say()}
                    onclick={does(|desk| desk.refresh(b""))}><Icon glyph={Glyph::Refresh} /></button>
                <button type="button" class="icon-button" aria-label={words::HIDDEN.say()}
                    title={words::HIDDEN.say()} aria-pressed={hidden.to_string()}
                    onclick={does(|desk| desk.folder.dispatch(FolderAction::HiddenToggled))}>
                    <Icon glyph={Glyph::Eye} />
                </button>
            </span>
        </div>
    }
}

/// Lets the person choose what goes up: by handles where the browser gives them, else by a field.
fn chooses(
    desk: &Desk,
    (input, by_handle): (&NodeRef, bool),
    choose: fn(&Desk),
) -> Callback<MouseEvent> {
    let (desk, input) = (desk.clone(), input.clone());
    Callback::from(move |_: MouseEvent| {
        if by_handle {
            choose(&desk);
        } else if let Some(input) = input.cast::<HtmlInputElement>() {
            input.click();
        }
    })
}

/// Copies the paths of what is chosen, or of the folder.
fn copy_path(desk: &Desk) {
    let mut paths = desk.folder.selected_paths();
    if paths.is_empty() {
        paths.push(desk.folder.path.clone());
    }
    let lines: Vec<String> = paths
        .iter()
        .map(|path| path.text().map_or_else(|| path.shown(), str::to_owned))
        .collect();
    let notice = desk.notice.clone();
    let on_done = Callback::from(move |copied: bool| {
        notice.set((!copied).then(|| terminal::COPY_BLOCKED.say().into()));
    });
    clipboard::copy(&lines.join("\n"), on_done);
}
