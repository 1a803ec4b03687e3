//! Questions in front of the folder: a new folder's name, whether to delete, permissions.

use transom_protocol::{FileEntry, FilesAnswer, FilesAsk, RemotePath};
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use super::choices::ChoicesSheet;
use super::desk::Desk;
use super::editor::Editor;
use super::name_field::NameField;
use super::permissions::Permissions;
use super::view::View;
use crate::component::dialog::Dialog;
use crate::state::file_edit::Kept;
use crate::state::file_words;
use crate::state::message::{button, files as words};

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
    /// What is chosen for transfers.
    Choices,
    /// Permissions and owner of entries.
    Permissions(Vec<FileEntry>),
    /// What is in a file.
    View(FileEntry),
    /// A text that is edited; `kept` is what was not saved of it before.
    Edit {
        path: RemotePath,
        kept: Option<Kept>,
    },
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
                <Dialog title={words::NEW_FOLDER.say()} {on_cancel}>
                    <NameField label={words::FOLDER_NAME.say()} value="" {on_done} />
                    <p class="hint">{ words::ENTER_MAKES.say() }</p>
                </Dialog>
            }
        }
        Sheet::Choices => {
            html! { <ChoicesSheet files={desk.files.clone()} on_close={on_cancel} /> }
        }
        Sheet::Delete { paths, counted } => delete(desk, paths, counted.as_ref(), on_cancel),
        Sheet::View(entry) => html! { <View {desk} entry={entry.clone()} {on_cancel} /> },
        Sheet::Edit { path, kept } => html! {
            <Editor {desk} path={path.clone()} kept={kept.clone()} />
        },
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
        many => words::ENTRIES.counted(u64::try_from(many.len()).unwrap_or(0), &[]),
    };
    let words = match counted {
        None => words::COUNTING_CONTENT.say().to_owned(),
        Some(FilesAnswer::Counted {
            files,
            folders,
            bytes,
            cut,
            ..
        }) => {
            let message = if *cut {
                words::GONE_AT_LEAST
            } else {
                words::GONE
            };
            message.with(&[
                ("files", &words::COUNT_FILES.counted(*files, &[])),
                ("folders", &words::COUNT_FOLDERS.counted(*folders, &[])),
                ("size", &file_words::size(*bytes)),
            ])
        }
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
        <Dialog title={words::DELETE_WHAT.with(&[("name", &what)])} {on_cancel}>
            <p role="status">{ words }</p>
            <div class="actions">
                <button type="button" autofocus={true} onclick={keep.reform(|_: MouseEvent| ())}>
                    { button::KEEP.say() }</button>
                <button type="button" class="danger" disabled={counted.is_none()} {onclick}>
                    { words::DELETE_FOR_GOOD.say() }</button>
            </div>
        </Dialog>
    }
}
