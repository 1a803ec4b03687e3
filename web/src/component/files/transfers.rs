//! The transfers of a connection, below its files. Hidden while there are none.

use transom_protocol::{
    Conflict, Direction, FilesCommand, FilesErrorCode, RemotePath, Transfer, TransferState,
};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state_eq};

use super::bring::{give, needs_file};
use super::conflict::ConflictSheet;
use super::desk::Desk;
use super::use_files;
use crate::component::icon::{Glyph, Icon};
use crate::service::files::Files;
use crate::service::local;
use crate::state::file_words;
use crate::state::message::{button, files as words};
use crate::state::number;
use crate::state::transfer_list::{can_rest, is_kept};

/// Rows that are drawn; the others are counted.
const SHOWN: usize = 100;

/// Whose transfers.
#[derive(PartialEq, Properties)]
pub(crate) struct TransfersProps {
    pub(crate) desk: Desk,
}

/// Shows the transfers and what can be done with them.
#[component]
pub(crate) fn Transfers(props: &TransfersProps) -> Html {
    let files = &props.desk.files;
    use_files(Some(files));
    let folded = use_state_eq(|| false);
    let transfers = files.transfers();
    if transfers.is_empty() {
        return Html::default();
    }
    let asked = transfers
        .iter()
        .find(|transfer| is_conflict(transfer))
        .cloned();
    let conflicts = transfers
        .iter()
        .filter(|transfer| is_conflict(transfer))
        .count();
    // What moves or needs somebody comes first.
    let mut shown: Vec<&Transfer> = transfers.iter().collect();
    shown.sort_by_key(|transfer| rank(transfer));
    let more = shown.len().saturating_sub(SHOWN);
    let rows: Html = shown
        .into_iter()
        .take(SHOWN)
        .map(|transfer| row(files, transfer))
        .collect();
    let (setter, fold) = (folded.setter(), !*folded);
    let onclick = Callback::from(move |_: MouseEvent| setter.set(fold));
    html! {
        <section class="transfers" aria-label={words::TRANSFERS.say()} data-region="">
            <header>
                <button type="button" class="quiet" aria-expanded={fold.to_string()} {onclick}>
                    <Icon glyph={if *folded { Glyph::Up } else { Glyph::Down }} />{ words::TRANSFERS.say() }
                </button>
                <span class="hint" role="status">{ summary(&transfers) }</span>
                <span class="transfer-all">{ for all(files, &transfers) }</span>
            </header>
            if !*folded {
                <ul>{ rows }</ul>
                if more > 0 { <p class="hint">{ words::MORE.with(&[("n", &number::count(more))]) }</p> }
            }
            if let Some(transfer) = asked {
                <ConflictSheet key={transfer.id.0.clone()} files={files.clone()} transfer={transfer.clone()} {conflicts} />
            }
        </section>
    }
}

/// Whether a person must say what happens to a name that is taken.
pub(super) fn is_conflict(transfer: &Transfer) -> bool {
    matches!(&transfer.state, TransferState::Failed { failure }
        if failure.code == FilesErrorCode::Exists && transfer.direction == Direction::Upload)
}

fn rank(transfer: &Transfer) -> u8 {
    match transfer.state {
        TransferState::Failed { .. } | TransferState::NeedsFile => 0,
        TransferState::Moving | TransferState::Verifying => 1,
        TransferState::Paused => 2,
        TransferState::Queued => 3,
        TransferState::Done { .. } | TransferState::Skipped => 4,
    }
}

/// All of them together.
fn summary(transfers: &[Transfer]) -> String {
    let active = transfers.iter().filter(|transfer| rank(transfer) < 4);
    let (mut count, mut done, mut total, mut rate) = (0, 0, 0, 0);
    for transfer in active {
        count += 1;
        done += transfer.done;
        total += transfer.total;
        rate += file_words::rate(transfer);
    }
    if count == 0 {
        words::ALL_FINISHED.counted(u64::try_from(transfers.len()).unwrap_or(0), &[])
    } else {
        words::OPEN.with(&[
            ("count", &number::count(count)),
            ("progress", &file_words::progress(done, total, rate)),
        ])
    }
}

type Fits = fn(&TransferState) -> bool;

fn is_failed(state: &TransferState) -> bool {
    matches!(state, TransferState::Failed { .. })
}

fn is_paused(state: &TransferState) -> bool {
    matches!(state, TransferState::Paused)
}

fn is_active(state: &TransferState) -> bool {
    matches!(
        state,
        TransferState::Moving | TransferState::Queued | TransferState::Verifying
    )
}

fn is_over(state: &TransferState) -> bool {
    matches!(state, TransferState::Done { .. } | TransferState::Skipped)
}

/// Buttons for all transfers of a kind.
fn all(files: &Files, transfers: &[Transfer]) -> Vec<Html> {
    let kinds: [(&str, Fits, Act); 4] = [
        (words::PAUSE_ALL.say(), is_active, Act::Pause),
        (words::RESUME_ALL.say(), is_paused, Act::Continue),
        (words::RETRY_FAILED.say(), is_failed, Act::Continue),
        (words::CLEAR_FINISHED.say(), is_over, Act::Cancel),
    ];
    let buttons = kinds.into_iter().filter_map(|(name, fits, act)| {
        let ids: Vec<Transfer> = transfers
            .iter()
            .filter(|transfer| fits(&transfer.state) && act.fits(transfer))
            .cloned()
            .collect();
        if ids.is_empty() {
            return None;
        }
        let files = files.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            for transfer in &ids {
                files.command(act.on(transfer), None);
            }
        });
        Some(html! { <button type="button" class="quiet" {onclick}>{ name }</button> })
    });
    buttons.collect()
}

/// What a person does with a transfer.
#[derive(Clone, Copy)]
enum Act {
    Pause,
    Continue,
    Cancel,
}

impl Act {
    /// Whether it can be done to a transfer together with others.
    fn fits(self, transfer: &Transfer) -> bool {
        !is_conflict(transfer) && (!matches!(self, Self::Pause) || can_rest(transfer))
    }

    fn on(self, transfer: &Transfer) -> FilesCommand {
        let transfer = transfer.id.clone();
        match self {
            Self::Pause => FilesCommand::Pause { transfer },
            Self::Continue => FilesCommand::Continue {
                transfer,
                conflict: None,
            },
            Self::Cancel => FilesCommand::Cancel { transfer },
        }
    }
}

fn row(files: &Files, transfer: &Transfer) -> Html {
    let name = RemotePath::new(transfer.path.name()).shown();
    let state = &transfer.state;
    let button = |word: &'static str, glyph: Glyph, act: Act| {
        let (files, command) = (files.clone(), act.on(transfer));
        let onclick = Callback::from(move |_: MouseEvent| files.command(command.clone(), None));
        html! {
            <button type="button" class="icon-button" aria-label={word} title={format!("{word} {name}")}
                {onclick}><Icon {glyph} /></button>
        }
    };
    let (glyph, total) = match transfer.direction {
        Direction::Upload => (Glyph::Upload, transfer.total.max(1)),
        Direction::Download => (Glyph::Download, transfer.total.max(1)),
    };
    let asks = is_conflict(transfer);
    let told = if asks {
        words::NEEDS_ANSWER.say().to_owned()
    } else {
        file_words::transfer(transfer)
    };
    let done = if is_over(state) { total } else { transfer.done };
    html! {
        <li key={transfer.id.0.clone()} class={if is_failed(state) && !asks { "transfer failed" } else { "transfer" }}>
            <Icon {glyph} />
            <bdi class="transfer-name">{ name.clone() }</bdi>
            <progress aria-label={name.clone()} max={total.to_string()} value={done.to_string()}></progress>
            <span class="transfer-state">{ told }</span>
            <span class="transfer-actions">
                if is_active(state) && can_rest(transfer) { { button(words::PAUSE.say(), Glyph::Pause, Act::Pause) } }
                if is_paused(state) { { button(words::RESUME.say(), Glyph::Play, Act::Continue) } }
                if is_failed(state) && !asks { { button(words::RETRY.say(), Glyph::Refresh, Act::Continue) } }
                if needs_file(state) { { give(files, transfer) } }
                if is_kept(transfer) { { save(transfer) } }
                { button(if is_over(state) { words::CLEAR.say() } else { button::CANCEL.say() }, Glyph::Cross, Act::Cancel) }
            </span>
        </li>
    }
}

/// Hands a download over once more.
fn save(transfer: &Transfer) -> Html {
    let (id, name) = (transfer.id.clone(), transfer.local_name.clone());
    let onclick = Callback::from(move |_: MouseEvent| local::save(&id, &name));
    html! { <button type="button" class="quiet" {onclick}>{ words::SAVE_AGAIN.say() }</button> }
}

/// Answers a conflict.
pub(super) fn settle(files: &Files, transfer: &Transfer, conflict: Conflict) {
    let transfer = transfer.id.clone();
    let conflict = Some(conflict);
    files.command(FilesCommand::Continue { transfer, conflict }, None);
}
