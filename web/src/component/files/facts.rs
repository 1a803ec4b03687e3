//! What the server tells of entries when it is asked: how much there is, and a checksum.

use transom_protocol::{AskId, EntryKind, FileEntry, FilesAnswer, FilesAsk};
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_mut_ref,
    use_state_eq,
};

use super::desk::Desk;
use crate::service::files::Reply;
use crate::state::file_words;
use crate::state::message::files as words;

/// Of what.
#[derive(PartialEq, Properties)]
pub(crate) struct FactsProps {
    pub(crate) desk: Desk,
    pub(crate) entries: Vec<FileEntry>,
}

/// Asks for them, and shows the answer.
#[component]
pub(crate) fn Facts(props: &FactsProps) -> Html {
    let words = use_state_eq(String::new);
    let asked = use_mut_ref(|| None::<AskId>);
    let files = props.desk.files.clone();
    let waiting = asked.clone();
    // Nobody waits for the answer when the dialog is closed.
    use_effect_with((), move |()| {
        move || {
            if let Some(ask) = waiting.borrow_mut().take() {
                files.drop_ask(ask);
            }
        }
    });
    let ask = |ask: FilesAsk, begun: &'static str| {
        let (files, asked, setter) = (props.desk.files.clone(), asked.clone(), words.setter());
        Callback::from(move |_: MouseEvent| {
            if let Some(old) = asked.borrow_mut().take() {
                files.drop_ask(old);
            }
            setter.set(begun.to_owned());
            let told = setter.clone();
            let on_reply = Callback::from(move |reply: Reply| told.set(answer(reply.answer)));
            let id = files.ask(ask.clone(), on_reply);
            asked.borrow_mut().replace(id);
        })
    };
    let paths: Vec<_> = props
        .entries
        .iter()
        .map(|entry| props.desk.folder.path_of(entry))
        .collect();
    let file = match props.entries.as_slice() {
        [one] if matches!(one.kind, EntryKind::File | EntryKind::Link) => paths.first().cloned(),
        _ => None,
    };
    let count = ask(FilesAsk::Count { paths }, words::COUNTING.say());
    html! {
        <div class="file-facts">
            <button type="button" class="quiet" onclick={count}>{ words::DISK_USAGE.say() }</button>
            if let Some(path) = file {
                <button type="button" class="quiet" onclick={ask(FilesAsk::Checksum { path }, words::COMPUTING.say())}>
                    { "SHA-256" }</button>
            }
            <p role="status" class="hint"><bdi>{ (*words).clone() }</bdi></p>
        </div>
    }
}

fn answer(answer: FilesAnswer) -> String {
    match answer {
        FilesAnswer::Counted {
            files,
            folders,
            bytes,
            cut,
            ..
        } => {
            let message = if cut {
                words::USED_AT_LEAST
            } else {
                words::USED
            };
            message.with(&[
                ("size", &file_words::size(bytes)),
                ("files", &words::COUNT_FILES.counted(files, &[])),
                ("folders", &words::COUNT_FOLDERS.counted(folders, &[])),
            ])
        }
        FilesAnswer::Checksum { sha256 } => sha256,
        FilesAnswer::Failed { failure } => failure.detail,
        _ => String::new(),
    }
}
