//! Rows that are dragged: into another folder, onto a terminal, out of the window.

use transom_protocol::{FilesAnswer, FilesAsk, RemotePath};
use web_sys::{DataTransfer, DragEvent};
use yew::{Callback, UseStateSetter};

use super::desk::Desk;
use crate::service::files::Reply;
use crate::service::place;
use crate::state::file_view::{drag_text, quoted_all};
use crate::state::files::{Choice, FolderAction, Move, moved_into, moves_into};
use crate::state::message::files as words;

/// What dragged rows are to the terminals of their server: see [`drag_text`]. Other programs do not know it.
pub(super) const PATHS: &str = "application/x-transom-paths";

impl Desk {
    /// Begins to drag a row, with all that is chosen where it is.
    pub(super) fn drag(&self, row: usize, event: &DragEvent) {
        let folder = &self.folder;
        let Some(entry) = folder.row(row).filter(|entry| entry.named) else {
            return event.prevent_default();
        };
        let mut paths = vec![folder.path_of(entry)];
        if folder.is_selected(row) {
            paths = folder.selected_paths();
        } else {
            folder.dispatch(FolderAction::Moved(Move::To(row), Choice::Only));
        }
        if let Some(data) = event.data_transfer() {
            let text = drag_text(&self.files.connection().0, &paths);
            // What cannot be set is not there for others; this page knows it all the same.
            let _ = data.set_data(PATHS, &text);
            let _ = data.set_data("text/plain", &String::from_utf8_lossy(&quoted_all(&paths)));
            data.set_effect_allowed("copyMove");
        }
        self.files.drag(paths);
    }

    /// Whether what is dragged can be moved into a folder. Then it may be dropped there.
    pub(super) fn takes(&self, folder: &RemotePath, event: &DragEvent) -> bool {
        let any = || (self.files.dragged().iter()).any(|path| moves_into(path, folder));
        let moves = is_of_rows(event) && any();
        if moves {
            event.prevent_default();
            event.stop_propagation();
            if let Some(data) = event.data_transfer() {
                data.set_drop_effect("move");
            }
        }
        moves
    }

    /// Moves what is dragged into a folder.
    pub(super) fn move_into(&self, folder: &RemotePath) {
        let moves = moved_into(&self.files.dragged(), folder);
        let count = u64::try_from(moves.len()).unwrap_or(u64::MAX);
        self.notice.set(None);
        let last = moves.len().saturating_sub(1);
        for (place, (from, to)) in moves.into_iter().enumerate() {
            let (desk, folder) = (self.clone(), folder.clone());
            let on_reply = Callback::from(move |reply: Reply| {
                let failed = matches!(reply.answer, FilesAnswer::Failed { .. });
                desk.tell(reply.answer);
                // Answers come in the order of the asks.
                if place == last {
                    if !failed {
                        let to = folder.shown();
                        let words = words::MOVED.counted(count, &[("folder", &to)]);
                        desk.notice.set(Some(words.into()));
                    }
                    desk.refresh(b"");
                }
            });
            let replace = false;
            let ask = FilesAsk::Rename { from, to, replace };
            self.files.ask(ask, on_reply);
        }
    }

    /// Ends a drag. Where it ended outside of the window, and nobody there took it, the rows are downloaded: a
    /// page cannot put files where they are dropped.
    pub(super) fn drag_ended(&self, event: &DragEvent) {
        let dragged = self.files.drag(Vec::new());
        let effect = event.data_transfer().map(|data| data.drop_effect());
        let taken = effect.is_none_or(|effect| effect != "none");
        let out = !place::is_in_window(event.client_x(), event.client_y());
        if out && !taken && !dragged.is_empty() {
            self.download();
            self.notice.set(Some(words::DROPPED_OUT.say().into()));
        }
    }
}

/// Whether rows are dragged, and not files of this machine.
pub(super) fn is_of_rows(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| holds(&data, PATHS))
}

/// Whether something is dragged in this form.
pub(super) fn holds(data: &DataTransfer, form: &str) -> bool {
    let forms = data.types();
    forms
        .iter()
        .any(|each| each.as_string().as_deref() == Some(form))
}

/// What a folder listens to, so that rows may be dropped on it; nothing by default.
#[derive(Default)]
pub(super) struct Goal {
    pub(super) ondragover: Option<Callback<DragEvent>>,
    pub(super) ondragleave: Option<Callback<DragEvent>>,
    pub(super) ondrop: Option<Callback<DragEvent>>,
}

/// Lets rows be dropped on a folder; `over` tells whether they are above it.
pub(super) fn goal(desk: &Desk, folder: &RemotePath, over: UseStateSetter<bool>) -> Goal {
    let (above, left, end) = (over.clone(), over.clone(), over);
    let (taking, moving) = (desk.clone(), desk.clone());
    let (here, there) = (folder.clone(), folder.clone());
    Goal {
        ondragover: Some(Callback::from(move |event: DragEvent| {
            above.set(taking.takes(&here, &event));
        })),
        ondragleave: Some(Callback::from(move |_: DragEvent| left.set(false))),
        ondrop: Some(Callback::from(move |event: DragEvent| {
            end.set(false);
            if moving.takes(&there, &event) {
                moving.move_into(&there);
            }
        })),
    }
}
