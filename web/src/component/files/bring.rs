//! The local file of an upload, brought again by the person.

use transom_protocol::{FilesErrorCode, Transfer, TransferState};
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, Html, MouseEvent, TargetCast, html};

use crate::service::files::Files;
use crate::service::kept;
use crate::state::message::files as words;

/// Whether only the person can bring the file: nobody has it, or it is another one by now.
pub(super) fn needs_file(state: &TransferState) -> bool {
    match state {
        TransferState::NeedsFile => true,
        TransferState::Failed { failure } => failure.code == FilesErrorCode::LocalChanged,
        _ => false,
    }
}

/// Takes the file of an upload anew.
pub(super) fn give(files: &Files, transfer: &Transfer) -> Html {
    let (giving, given) = (files.clone(), transfer.clone());
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(file) = input.files().and_then(|chosen| chosen.get(0)) {
            giving.give(&given, &file);
        }
    });
    html! {
        <>
            if files.has_handle(&transfer.id) { { allow_again(files, transfer) } }
            <label class="give"><span>{ words::CHOOSE_FILE.say() }</span>
                <input type="file" aria-label={words::FILE_FOR.with(&[("name", &transfer.local_name)])} {onchange} /></label>
        </>
    }
}

/// Takes the same file by its handle, after the browser has asked.
fn allow_again(files: &Files, transfer: &Transfer) -> Html {
    let (files, transfer) = (files.clone(), transfer.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let (files, transfer) = (files.clone(), transfer.clone());
        kept::reopen(&transfer.id.clone(), move |file| {
            files.give(&transfer, &file);
        });
    });
    html! { <button type="button" class="quiet" {onclick}>{ words::SAME_FILE.say() }</button> }
}
