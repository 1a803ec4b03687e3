//! Uploads to the folder of a shell, until their paths are typed.

use transom_protocol::{RemotePath, ShellId, Transfer, TransferId, TransferState};
use yew::{Callback, Html, component, html, use_effect_with};

use crate::component::files::use_files;
use crate::hook::use_provided;
use crate::service::files::Files;
use crate::state::file_view::quoted;
use crate::state::file_words;
use crate::state::message::files as words;

/// Uploads that a shell waits for.
#[derive(Clone)]
pub(super) struct Waited {
    pub(super) files: Files,
    pub(super) shell: ShellId,
    pub(super) folder: RemotePath,
    /// With the folder that was dropped, where it is one.
    pub(super) uploads: Vec<(TransferId, Option<String>)>,
}

impl Waited {
    pub(super) fn view(self, on_end: Callback<()>) -> Html {
        html! { <DropProgress waited={self} {on_end} /> }
    }

    fn transfers(&self) -> Vec<Transfer> {
        let mut transfers = self.files.transfers();
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
        paths
            .iter()
            .flat_map(|path| [quoted(path), b" ".to_vec()].concat())
            .collect()
    }
}

impl PartialEq for Waited {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files && self.shell == other.shell && self.uploads == other.uploads
    }
}

#[derive(PartialEq, yew::Properties)]
struct DropProgressProps {
    waited: Waited,
    on_end: Callback<()>,
}

/// How far the uploads are; types the paths at their end.
#[component]
fn DropProgress(props: &DropProgressProps) -> Html {
    let waited = &props.waited;
    use_files(Some(&waited.files));
    let provided = use_provided();
    let transfers = waited.transfers();
    let all = transfers.len() == waited.uploads.len();
    let done = |transfer: &Transfer| matches!(transfer.state, TransferState::Done { .. });
    let whole = all && transfers.iter().all(done);
    let failed = transfers.iter().find_map(|transfer| match &transfer.state {
        TransferState::Failed { failure } => Some(failure.detail.clone()),
        _ => None,
    });
    let (ended, on_end) = (waited.clone(), props.on_end.clone());
    use_effect_with(whole, move |whole| {
        if let (true, Some(provided)) = (*whole, provided) {
            let words = ended.words(&ended.transfers());
            provided
                .sessions
                .type_bytes(ended.files.connection(), ended.shell, &words);
            on_end.emit(());
        }
    });
    let (some, total) = transfers.iter().fold((0, 0), |(some, total), each| {
        (some + each.done, total + each.total)
    });
    let words = failed.unwrap_or_else(|| {
        let folder = waited.folder.shown();
        let progress = file_words::progress(some, total, 0);
        words::UPLOADING.with(&[("folder", &folder), ("progress", &progress)])
    });
    let hide = props.on_end.reform(|_: yew::MouseEvent| ());
    html! {
        <div class="notice" role="status">
            <div class="notice-words"><span>{ words }</span></div>
            <button type="button" onclick={hide}>{ words::HIDE.say() }</button>
        </div>
    }
}
