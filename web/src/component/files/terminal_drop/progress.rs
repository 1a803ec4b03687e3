//! Uploads to the folder of a shell, until their paths are typed; and how they are taken back.

use gloo_timers::callback::Timeout;
use transom_protocol::{
    FilesAnswer, FilesAsk, FilesCommand, RemotePath, Transfer, TransferId, TransferState,
};
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state_eq};

use super::Dropped;
use crate::component::files::use_files;
use crate::hook::use_provided;
use crate::service::files::Reply;
use crate::service::pane::focus_front;
use crate::state::file_view::quoted_all;
use crate::state::file_words;
use crate::state::message::files as words;
use crate::state::transfer_list::is_whole;

/// How long uploads that are whole can be taken back, in milliseconds: long enough to read where they went, and to
/// find the button by a keyboard.
const UNDO_FOR_MS: u32 = 60_000;

/// Uploads that a shell waits for.
#[derive(Clone)]
pub(super) struct Waited {
    pub(super) dropped: Dropped,
    pub(super) folder: RemotePath,
    /// With the folder that was dropped, where it is one.
    pub(super) uploads: Vec<(TransferId, Option<String>)>,
    /// Nobody has agreed to the folder.
    pub(super) can_undo: bool,
}

impl Waited {
    pub(super) fn view(self, on_end: Callback<Option<Dropped>>) -> Html {
        let key = (self.uploads.first()).map_or_else(String::new, |(id, _)| id.0.clone());
        html! { <DropProgress {key} waited={self} {on_end} /> }
    }

    fn transfers(&self) -> Vec<Transfer> {
        let mut transfers = self.dropped.files.transfers();
        transfers.retain(|transfer| self.uploads.iter().any(|(id, _)| *id == transfer.id));
        transfers
    }

    /// What is typed when all is there: each path once.
    fn words(&self, transfers: &[Transfer]) -> Vec<u8> {
        let mut paths = Vec::new();
        for (id, top) in &self.uploads {
            let path = match top {
                Some(top) => Some(self.folder.join(top.as_bytes())),
                None => (transfers.iter().find(|transfer| transfer.id == *id))
                    .map(|transfer| transfer.path.clone()),
            };
            if let Some(path) = path.filter(|path| !paths.contains(path)) {
                paths.push(path);
            }
        }
        quoted_all(&paths)
    }

    /// Stops the uploads and removes what is whole of them; then hears what could not be.
    fn take_back(&self, on_done: Callback<Option<String>>) {
        let files = &self.dropped.files;
        let whole = self.transfers().into_iter();
        let whole = whole.filter(is_whole).map(|transfer| transfer.path);
        let paths: Vec<RemotePath> = whole.collect();
        for (transfer, _) in &self.uploads {
            let transfer = transfer.clone();
            files.command(FilesCommand::Cancel { transfer }, None);
        }
        if paths.is_empty() {
            return on_done.emit(None);
        }
        let on_reply = Callback::from(move |reply: Reply| {
            on_done.emit(match reply.answer {
                FilesAnswer::Failed { failure } => Some(failure.detail),
                FilesAnswer::Counted { mut failures, .. } => {
                    failures.pop().map(|failure| failure.detail)
                }
                _ => None,
            });
        });
        files.ask(FilesAsk::Remove { paths }, on_reply);
    }
}

impl PartialEq for Waited {
    fn eq(&self, other: &Self) -> bool {
        self.uploads == other.uploads
    }
}

#[derive(PartialEq, yew::Properties)]
struct DropProgressProps {
    waited: Waited,
    /// With what is to be asked about anew.
    on_end: Callback<Option<Dropped>>,
}

/// How far the uploads are; types the paths at their end.
#[component]
fn DropProgress(props: &DropProgressProps) -> Html {
    let waited = &props.waited;
    let files = &waited.dropped.files;
    use_files(Some(files));
    let provided = use_provided();
    let left = use_state_eq(|| None::<String>);
    let transfers = waited.transfers();
    let all = transfers.len() == waited.uploads.len();
    let whole = all && transfers.iter().all(is_whole);
    let failed = transfers.iter().find_map(|transfer| match &transfer.state {
        TransferState::Failed { failure } => Some(failure.detail.clone()),
        _ => None,
    });
    let (agreed, on_end) = (waited.clone(), props.on_end.clone());
    // Who lets it stand has agreed.
    let end = Callback::from(move |()| {
        agreed.dropped.files.agree(&agreed.folder);
        on_end.emit(None);
    });
    let (ended, on_whole) = (waited.clone(), end.clone());
    use_effect_with(whole, move |whole| {
        let mut undo = None;
        if let (true, Some(provided)) = (*whole, provided) {
            let words = ended.words(&ended.transfers());
            let Dropped { files, shell, .. } = &ended.dropped;
            (provided.sessions).type_bytes(files.connection(), *shell, &words);
            if ended.can_undo {
                undo = Some(Timeout::new(UNDO_FOR_MS, move || on_whole.emit(())));
            } else {
                on_whole.emit(());
            }
        }
        move || drop(undo)
    });
    // The button that had the keyboard goes.
    let hide = end.reform(|_: MouseEvent| focus_front());
    let takes_back = |ask_again: bool| {
        let (waited, on_end, left) = (waited.clone(), props.on_end.clone(), left.setter());
        Callback::from(move |_: MouseEvent| {
            focus_front();
            let again = ask_again.then(|| waited.dropped.clone());
            let (on_end, left) = (on_end.clone(), left.clone());
            waited.take_back(Callback::from(move |words: Option<String>| match words {
                Some(words) => left.set(Some(words)),
                None => on_end.emit(again.clone()),
            }));
        })
    };
    let can_undo = waited.can_undo && left.is_none();
    html! {
        <div class="notice" role="status">
            <div class="notice-words"><span>{ told(waited, &transfers, (*left).clone().or(failed)) }</span></div>
            if can_undo {
                <button type="button" onclick={takes_back(false)}>{ words::UNDO.say() }</button>
                <button type="button" onclick={takes_back(true)}>{ words::OTHER_FOLDER.say() }</button>
            }
            <button type="button" onclick={hide}>{ words::HIDE.say() }</button>
        </div>
    }
}

/// What went wrong, or how far it is.
fn told(waited: &Waited, transfers: &[Transfer], failed: Option<String>) -> String {
    let folder = waited.folder.shown();
    let (some, total) = transfers.iter().fold((0, 0), |(some, total), each| {
        (some + each.done, total + each.total)
    });
    if let Some(failed) = failed {
        failed
    } else if !transfers.is_empty() && transfers.iter().all(is_whole) {
        words::UPLOADED.with(&[("folder", &folder)])
    } else {
        let progress = file_words::progress(some, total, 0);
        words::UPLOADING.with(&[("folder", &folder), ("progress", &progress)])
    }
}
