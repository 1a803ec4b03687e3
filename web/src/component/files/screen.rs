//! The screen of one connection's files.

use core::cell::RefCell;
use std::rc::Rc;

use transom_protocol::{FilesAnswer, FilesAsk, RemotePath};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Element, Event, HtmlElement};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, classes, component, hook, html,
    use_effect_with, use_memo, use_node_ref, use_reducer_eq, use_state, use_state_eq,
};

use super::desk::{Desk, Here};
use super::drag::is_of_rows;
use super::listing::Listing;
use super::path_bar::PathBar;
use super::sheet::{Sheet, SheetView};
use super::stranded::use_stranded;
use super::toolbar::Toolbar;
use super::transfers::Transfers;
use super::use_files;
use crate::hook::use_provided;
use crate::service::files::{Files, Reply};
use crate::service::kept::Server;
use crate::service::local::Local;
use crate::service::place;
use crate::state::file_words;
use crate::state::files::{Folder, arrived};
use crate::state::message::files as words;
use crate::state::number;

/// Whose files.
#[derive(PartialEq, Properties)]
pub(crate) struct ScreenProps {
    pub(crate) files: Files,
    /// It is in sight.
    pub(crate) front: bool,
}

/// Shows a folder, and the transfers below it.
#[component]
pub(crate) fn Screen(props: &ScreenProps) -> Html {
    use_files(Some(&props.files));
    let folder = use_reducer_eq(Folder::default);
    let sheet = use_state(|| None::<Sheet>);
    let notice = use_state(|| None::<AttrValue>);
    let renaming = use_state_eq(|| None::<usize>);
    let dragged = use_state_eq(|| false);
    let local = use_memo((), |()| Local::fetch());
    let here = use_memo((), |()| Rc::<RefCell<Here>>::default());
    let server = use_server(&props.files);
    let desk = Desk {
        files: props.files.clone(),
        folder,
        sheet: sheet.setter(),
        notice: notice.setter(),
        renaming: renaming.setter(),
        local: (*local).clone(),
        server,
        here: (*here).clone(),
    };
    let first = desk.clone();
    use_effect_with((), move |()| first.go(RemotePath::from("~"), b""));
    let node = use_node_ref();
    let shown = node.clone();
    let editing = matches!(*sheet, Some(Sheet::Edit { .. }));
    use_stranded(&desk, props.front && sheet.is_none());
    use_effect_with(props.front && !editing, move |front| {
        let grid = shown.cast::<Element>();
        let grid = grid.and_then(|shown| shown.query_selector("[role=grid]").ok().flatten());
        if let (true, Some(grid)) = (
            *front,
            grid.and_then(|grid| grid.dyn_into::<HtmlElement>().ok()),
        ) {
            // An element on the page can take the focus.
            let _ = grid.focus();
        }
    });
    let again = desk.clone();
    let brought = arrived(&desk.folder.path, &desk.files.transfers());
    use_effect_with(brought, move |brought| {
        if brought.is_some_and(|count| count > 0) {
            again.refresh(b"");
        }
    });
    let opened = desk.clone();
    let on_open = Callback::from(move |row: usize| opened.open(row));
    let over = dragged.setter();
    let ondragover = Callback::from(move |event: DragEvent| {
        if is_of_rows(&event) {
            return;
        }
        event.prevent_default();
        over.set(true);
    });
    let left = dragged.setter();
    let ondragleave = Callback::from(move |_: DragEvent| left.set(false));
    let (dropped, over) = (desk.clone(), dragged.setter());
    let ondrop = Callback::from(move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(data) = event.data_transfer().filter(|_| !is_of_rows(&event)) {
            dropped.upload_dropped(&data);
        }
    });
    let pasted = desk.clone();
    let onpaste = Callback::from(move |event: Event| {
        // What is pasted into a field is text, also where a picture of it comes along.
        if place::is_for_text(&event) {
            return;
        }
        let event = event.dyn_into::<ClipboardEvent>().ok();
        let data = event.as_ref().and_then(ClipboardEvent::clipboard_data);
        if let (Some(event), Some(data)) = (event, data)
            && data.files().is_some_and(|files| files.length() > 0)
        {
            event.prevent_default();
            pasted.upload_dropped(&data);
        }
    });
    let dismiss = notice.setter();
    html! {
        <section ref={node} data-drop={words::DROP_HERE.say()} class={classes!("files", dragged.then_some("dragged"), (!props.front).then_some("away"))}
            aria-label={words::OF_THE_SERVER.say()} {ondragover} {ondragleave} {ondrop} {onpaste}>
            <PathBar desk={desk.clone()} />
            <Toolbar desk={desk.clone()} />
            if let Some(words) = (*notice).clone() {
                <p class="file-notice" role="alert">
                    <span>{ words }</span>
                    <button type="button" class="quiet"
                        onclick={Callback::from(move |_: MouseEvent| dismiss.set(None))}>{ words::DISMISS.say() }</button>
                </p>
            }
            <Listing desk={desk.clone()} renaming={*renaming} {on_open} />
            { below(&desk) }
            <Transfers desk={desk.clone()} />
            if let Some(sheet) = (*sheet).clone() { <SheetView desk={desk.clone()} {sheet} /> }
        </section>
    }
}

/// What uploads go to. As soon as it is known, what is kept of earlier pages goes on.
#[hook]
fn use_server(files: &Files) -> Option<Rc<Server>> {
    let provided = use_provided();
    let id = files.connection();
    let address = provided.and_then(|provided| {
        let target = provided.workspace.connection(id)?.target.clone();
        target.map(|target| target.to_string())
    });
    let server = use_memo((address, id.clone()), |(address, id)| {
        address.clone().map(|address| {
            Rc::new(Server {
                address,
                connection: id.0.to_string(),
            })
        })
    });
    let files = files.clone();
    use_effect_with((*server).clone(), move |server| {
        if let Some(server) = server {
            files.recall((**server).clone());
        }
    });
    (*server).clone()
}

/// What stands under the list: that there is nothing, why not, or how much.
fn below(desk: &Desk) -> Html {
    let folder = &desk.folder;
    if let Some(failure) = &folder.failure {
        return html! { <p class="file-note refusal" role="alert">{ failure.detail.clone() }</p> };
    }
    let chosen: u64 = folder.selected().map(|entry| entry.size).sum();
    let count = folder.selected().count();
    let entries = u64::try_from(folder.len()).unwrap_or(u64::MAX);
    let words = match (folder.asked, folder.len()) {
        (Some(_), _) => words::READING_FOLDER.say().to_owned(),
        (None, 0) if folder.path.bytes().is_empty() => words::ASKING_HOME.say().to_owned(),
        (None, 0) => words::EMPTY.say().to_owned(),
        _ if count > 0 => words::CHOSEN.with(&[
            ("count", &number::count(count)),
            ("all", &number::whole(entries)),
            ("size", &file_words::size(chosen)),
        ]),
        _ if folder.cut => words::CUT.with(&[("n", &number::whole(entries))]),
        _ => words::ENTRIES.counted(entries, &[]),
    };
    html! {
        <p class="file-note">
            <span role="status">{ words }</span>
            <Space desk={desk.clone()} />
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct SpaceProps {
    desk: Desk,
}

/// Room on the disk.
#[component]
fn Space(props: &SpaceProps) -> Html {
    let words = use_state_eq(String::new);
    let (files, setter) = (props.desk.files.clone(), words.setter());
    // Asked again when the folder was read again.
    let key = (
        props.desk.folder.path.clone(),
        props.desk.folder.asked.is_none(),
    );
    use_effect_with(key, move |(path, ready)| {
        let ask = ready.then(|| {
            let on_reply = Callback::from(move |reply: Reply| {
                setter.set(match reply.answer {
                    FilesAnswer::Space { available, total } => {
                        let some = file_words::size(available);
                        words::FREE.with(&[("some", &some), ("all", &file_words::size(total))])
                    }
                    _ => String::new(),
                });
            });
            files.ask(FilesAsk::Space { path: path.clone() }, on_reply)
        });
        move || {
            if let Some(ask) = ask {
                files.drop_ask(ask);
            }
        }
    });
    html! { <span class="file-space">{ (*words).clone() }</span> }
}
