//! Files that are dropped on a terminal.

mod progress;

use transom_protocol::{Conflict, FilesAnswer, FilesAsk, RemotePath, ShellId};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event};
use yew::{Callback, Html, UseStateSetter, component, html, use_callback, use_memo, use_state};

use super::drag::{PATHS, holds};
use super::name_field::NameField;
use crate::component::dialog::Dialog;
use crate::hook::listener::use_window_event;
use crate::hook::{Provided, use_provided};
use crate::service::files::{Files, Reply};
use crate::service::local::Local;
use crate::state::file_view::dragged_words;
use crate::state::files::is_folder;
use crate::state::message::files as words;
use progress::Waited;

/// What was dropped, and where.
#[derive(Clone)]
struct Dropped {
    files: Files,
    shell: ShellId,
    what: Vec<(String, web_sys::File)>,
    /// A folder that could not be reached.
    missed: Option<RemotePath>,
    /// What the shell told of its folder was taken, without a question.
    told: bool,
}

/// Takes files that are dropped on a terminal: uploads them into the folder that its shell is in, asks where it
/// has not said that, and types their paths, quoted, once they are there. Any output can say that a shell is
/// somewhere, so a folder that no person has agreed to can be taken back. Rows of the server's own files are
/// only typed.
#[component]
pub(super) fn TerminalDrop() -> Html {
    let provided = use_provided();
    let local = use_memo((), |()| Local::fetch());
    let dropped = use_state(|| None::<Dropped>);
    let waited = use_state(|| None::<Waited>);
    let on_over = use_callback((), |event: Event, ()| {
        if let Some(event) = on_terminal(event) {
            event.prevent_default();
        }
    });
    use_window_event("dragover", on_over);
    let (setter, begun) = (dropped.setter(), waited.setter());
    let on_drop = Callback::from(move |event: Event| {
        let (Some(event), Some((files, shell))) = (on_terminal(event), target(provided.as_ref()))
        else {
            return;
        };
        event.prevent_default();
        let Some(data) = event.data_transfer() else {
            return;
        };
        if !holds(&data, "Files") {
            let text = data.get_data(PATHS).unwrap_or_default();
            let words = dragged_words(&text, &files.connection().0);
            if let (Some(words), Some(provided)) = (words, &provided) {
                (provided.sessions).type_bytes(files.connection(), shell, &words);
            }
            return;
        }
        let (setter, begun) = (setter.clone(), begun.clone());
        local.collect(&data, move |what| {
            let folder = files.folder_of(shell).filter(|_| !what.is_empty());
            let dropped = Dropped {
                files,
                shell,
                what,
                missed: None,
                told: folder.is_some(),
            };
            match folder {
                Some(folder) => begin(&dropped, folder, begun, setter),
                None => setter.set(Some(dropped)),
            }
        });
    });
    use_window_event("drop", on_drop);
    let asking = (*dropped)
        .clone()
        .filter(|dropped| !dropped.what.is_empty());
    let question = asking.map(|asked| {
        let (close, begun) = (dropped.setter(), waited.setter());
        let leave = close.clone();
        let missed = asked.missed.as_ref().map(RemotePath::shown);
        let missed = missed.map(|folder| words::NO_UPLOAD_FOLDER.with(&[("folder", &folder)]));
        let count = u64::try_from(asked.what.len()).unwrap_or(0);
        let files = words::COUNT_FILES.counted(count, &[]);
        let on_done = Callback::from(move |folder: Option<String>| {
            close.set(None);
            if let Some(folder) = folder {
                let path = RemotePath::new(folder);
                let asked = Dropped {
                    told: false,
                    ..asked.clone()
                };
                begin(&asked, path, begun.clone(), close.clone());
            }
        });
        html! {
            <Dialog title={words::UPLOAD_FILES.with(&[("files", &files)])} on_cancel={Callback::from(move |()| leave.set(None))}>
                if let Some(missed) = missed { <p class="refusal" role="alert">{ missed }</p> }
                <NameField label={words::UPLOAD_FOLDER.say()} value="~" {on_done} />
                <p class="hint">{ words::ENTER_UPLOADS.say() }</p>
            </Dialog>
        }
    });
    let progress = (*waited).clone().map(|waited_for| {
        let (setter, ask) = (waited.setter(), dropped.setter());
        let on_end = Callback::from(move |again: Option<Dropped>| {
            setter.set(None);
            ask.set(again);
        });
        waited_for.view(on_end)
    });
    html! { <>{ question }{ progress }</> }
}

/// The event, where it drags files, or rows of a list, over a terminal.
fn on_terminal(event: Event) -> Option<DragEvent> {
    let event: DragEvent = event.dyn_into().ok()?;
    let element: Element = event.target()?.dyn_into().ok()?;
    element.closest(".terminal-region").ok().flatten()?;
    let data = event.data_transfer()?;
    (holds(&data, "Files") || holds(&data, PATHS)).then_some(event)
}

/// The shell in front.
fn target(provided: Option<&Provided>) -> Option<(Files, ShellId)> {
    let provided = provided?;
    let tab = provided.workspace.tabs().front()?;
    Some((provided.sessions.files(&tab.connection)?, tab.shell?))
}

/// Begins the uploads, as soon as the folder's whole path is known and it is one. Where it is not, a person is
/// asked for another one.
fn begin(
    dropped: &Dropped,
    path: RemotePath,
    begun: UseStateSetter<Option<Waited>>,
    ask: UseStateSetter<Option<Dropped>>,
) {
    let (again, wanted) = (dropped.clone(), path.clone());
    let miss = Callback::from(move |()| {
        let missed = Some(wanted.clone());
        ask.set(Some(Dropped {
            missed,
            ..again.clone()
        }));
    });
    let dropped_here = dropped.clone();
    let on_path = Callback::from(move |reply: Reply| {
        let FilesAnswer::Path { path } = reply.answer else {
            return miss.emit(());
        };
        let (dropped, miss, begun) = (dropped_here.clone(), miss.clone(), begun.clone());
        let folder = path.clone();
        let on_entry = Callback::from(move |reply: Reply| match reply.answer {
            FilesAnswer::Entry { entry } if is_folder(&entry) => {
                begun.set(Some(upload(dropped.clone(), folder.clone())));
            }
            _ => miss.emit(()),
        });
        let stat = FilesAsk::Stat { path };
        dropped_here.files.ask(stat, on_entry);
    });
    dropped.files.ask(FilesAsk::Resolve { path }, on_path);
}

/// Begins the uploads into a folder that is there.
fn upload(dropped: Dropped, folder: RemotePath) -> Waited {
    let files = &dropped.files;
    if !dropped.told {
        files.agree(&folder);
    }
    let uploads = (dropped.what.iter()).map(|(name, file)| {
        let target = folder.join(name.as_bytes());
        let id = files.upload(file.clone(), target, Conflict::KeepBoth);
        (id, name.split_once('/').map(|(top, _)| top.to_owned()))
    });
    Waited {
        uploads: uploads.collect(),
        can_undo: !files.is_agreed(&folder),
        dropped,
        folder,
    }
}
