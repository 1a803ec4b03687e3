//! Questions in front of the folder: a new folder's name, whether to delete, permissions.

use transom_protocol::{FileEntry, FilesAnswer, FilesAsk, RemotePath};
use web_sys::{Event, HtmlInputElement, InputEvent, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_state_eq};

use super::desk::Desk;
use super::name_field::NameField;
use super::view::View;
use crate::component::dialog::Dialog;
use crate::state::file_words;

/// What stands before the folder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sheet {
    /// A name for a new folder is asked for.
    NewFolder,
    /// Whether to delete; the answer of the count, once it is there.
    Delete {
        paths: Vec<RemotePath>,
        counted: Option<FilesAnswer>,
    },
    /// Permissions and owner of entries.
    Permissions(Vec<FileEntry>),
    /// What is in a file.
    View(FileEntry),
}

/// Which question.
#[derive(PartialEq, Properties)]
pub(crate) struct SheetViewProps {
    pub(crate) desk: Desk,
    pub(crate) sheet: Sheet,
}

/// Asks it.
#[component]
pub(crate) fn SheetView(props: &SheetViewProps) -> Html {
    let desk = props.desk.clone();
    let close = desk.sheet.clone();
    let on_cancel = Callback::from(move |()| close.set(None));
    match &props.sheet {
        Sheet::NewFolder => {
            let on_done = Callback::from(move |name: Option<String>| {
                desk.sheet.set(None);
                if let Some(name) = name.filter(|name| !name.is_empty()) {
                    let path = desk.folder.path.join(name.as_bytes());
                    desk.act(FilesAsk::MakeFolder { path }, name.as_bytes());
                }
            });
            html! {
                <Dialog title="New folder" {on_cancel}>
                    <NameField label="Folder name" value="" {on_done} />
                    <p class="hint">{ "Enter makes it." }</p>
                </Dialog>
            }
        }
        Sheet::Delete { paths, counted } => delete(desk, paths, counted.as_ref(), on_cancel),
        Sheet::View(entry) => html! { <View {desk} entry={entry.clone()} {on_cancel} /> },
        Sheet::Permissions(entries) => html! {
            <Permissions {desk} entries={entries.clone()} {on_cancel} />
        },
    }
}

fn delete(
    desk: Desk,
    paths: &[RemotePath],
    counted: Option<&FilesAnswer>,
    on_cancel: Callback<()>,
) -> Html {
    let what = match paths {
        [one] => RemotePath::new(one.name()).shown(),
        many => format!("{} entries", many.len()),
    };
    let words = match counted {
        None => "Counting what is in it…".to_owned(),
        Some(FilesAnswer::Counted {
            files,
            folders,
            bytes,
            cut,
            ..
        }) => format!(
            "{}{} and {}, {}, will be gone for good.",
            if *cut { "At least " } else { "" },
            file_words::count(*files, "file"),
            file_words::count(*folders, "folder"),
            file_words::size(*bytes),
        ),
        Some(FilesAnswer::Failed { failure }) => failure.detail.clone(),
        Some(_) => String::new(),
    };
    let (keep, paths) = (on_cancel.clone(), paths.to_vec());
    let onclick = Callback::from(move |_: MouseEvent| {
        desk.sheet.set(None);
        desk.act(
            FilesAsk::Remove {
                paths: paths.clone(),
            },
            b"",
        );
    });
    html! {
        <Dialog title={format!("Delete {what}?")} {on_cancel}>
            <p role="status">{ words }</p>
            <div class="actions">
                <button type="button" autofocus={true} onclick={keep.reform(|_: MouseEvent| ())}>
                    { "Keep" }</button>
                <button type="button" class="danger" disabled={counted.is_none()} {onclick}>
                    { "Delete for good" }</button>
            </div>
        </Dialog>
    }
}

#[derive(PartialEq, Properties)]
struct PermissionsProps {
    desk: Desk,
    entries: Vec<FileEntry>,
    on_cancel: Callback<()>,
}

const WHO: [(&str, u32); 3] = [("Owner", 6), ("Group", 3), ("Others", 0)];
const MAY: [(&str, u32); 3] = [("read", 4), ("write", 2), ("execute", 1)];

/// Permissions as a matrix and as an octal number, and who owns it.
#[component]
fn Permissions(props: &PermissionsProps) -> Html {
    let first = props.entries.first();
    let mode = use_state_eq(|| first.and_then(|entry| entry.mode).unwrap_or(0o644) & 0o7777);
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let user = use_state_eq(|| number(first.and_then(|entry| entry.user)));
    let group = use_state_eq(|| number(first.and_then(|entry| entry.group)));
    let rows = WHO.map(|(who, shift)| {
        let boxes = MAY.map(|(may, bit)| {
            let bit = bit << shift;
            let (current, setter) = (*mode, mode.setter());
            let onchange = Callback::from(move |_: Event| setter.set(current ^ bit));
            html! {
                <td><input type="checkbox" aria-label={format!("{who} may {may}")}
                    checked={*mode & bit != 0} {onchange} /></td>
            }
        });
        html! { <tr><th scope="row">{ who }</th>{ for boxes }</tr> }
    });
    let setter = mode.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Ok(typed) = u32::from_str_radix(&input.value(), 8) {
            setter.set(typed & 0o7777);
        }
    });
    let title = match props.entries.as_slice() {
        [one] => format!("Permissions of {}", one.name.shown()),
        many => format!("Permissions of {} entries", many.len()),
    };
    let owner = user.parse().ok().zip(group.parse().ok());
    let owner = owner.filter(|owner| {
        props
            .entries
            .iter()
            .any(|entry| (entry.user, entry.group) != (Some(owner.0), Some(owner.1)))
    });
    let (desk, entries, chosen) = (props.desk.clone(), props.entries.clone(), *mode);
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        desk.sheet.set(None);
        for entry in &entries {
            let ask = FilesAsk::SetAttributes {
                path: desk.folder.path_of(entry),
                mode: Some(chosen),
                owner,
                modified: None,
            };
            desk.act(ask, b"");
        }
    });
    let field = |label: &'static str, value: &str, oninput: Callback<InputEvent>| {
        html! {
            <label class="field"><span>{ label }</span>
                <input type="text" inputmode="numeric" autocomplete="off" value={value.to_owned()} {oninput} />
            </label>
        }
    };
    let typed = |setter: yew::UseStateSetter<String>| {
        Callback::from(move |event: InputEvent| {
            setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <Dialog {title} on_cancel={props.on_cancel.clone()}>
            <form class="permissions" {onsubmit}>
                <table>
                    <thead><tr><td></td>{ for MAY.map(|(may, _)| html! { <th scope="col">{ may }</th> }) }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
                <div class="permission-numbers">
                    { field("Octal", &format!("{:04o}", *mode), oninput) }
                    { field("User number", &user, typed(user.setter())) }
                    { field("Group number", &group, typed(group.setter())) }
                </div>
                <div class="actions">
                    <button type="button" onclick={cancel}>{ "Cancel" }</button>
                    <button type="submit" class="primary">{ "Set permissions" }</button>
                </div>
            </form>
        </Dialog>
    }
}
