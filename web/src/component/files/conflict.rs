//! The question about a name that is taken.

use transom_protocol::{Conflict, FileEntry, FilesAnswer, FilesAsk, RemotePath, Transfer};
use web_sys::{Event, HtmlInputElement};
use yew::{
    Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_effect_with,
    use_state, use_state_eq,
};

use super::transfers::{is_conflict, settle};
use crate::component::dialog::Dialog;
use crate::service::files::{Files, Reply};
use crate::service::place;
use crate::state::file_words;
use crate::state::message::{Message, files as words};
use crate::state::number;

/// Which upload.
#[derive(PartialEq, Properties)]
pub(crate) struct ConflictSheetProps {
    pub(crate) files: Files,
    pub(crate) transfer: Transfer,
    /// How many uploads wait for an answer, this one included.
    pub(crate) conflicts: usize,
}

const CHOICES: [(Message, Conflict); 5] = [
    (words::SKIP, Conflict::Skip),
    (words::KEEP_BOTH, Conflict::KeepBoth),
    (words::RESUME, Conflict::Resume),
    (words::NEWER_ONLY, Conflict::ReplaceOlder),
    (words::REPLACE, Conflict::Replace),
];

/// Shows both files and asks which one stays.
#[component]
pub(crate) fn ConflictSheet(props: &ConflictSheetProps) -> Html {
    let there = use_state(|| None::<FileEntry>);
    let for_all = use_state_eq(|| false);
    let (files, setter) = (props.files.clone(), there.setter());
    use_effect_with(props.transfer.path.clone(), move |path| {
        let on_reply = Callback::from(move |reply: Reply| {
            if let FilesAnswer::Entry { entry } = reply.answer {
                setter.set(Some(entry));
            }
        });
        files.ask(FilesAsk::Stat { path: path.clone() }, on_reply);
    });
    // Only a shorter file can be the beginning of this one.
    let shorter = (there.as_ref()).is_some_and(|entry| entry.size < props.transfer.total);
    let fits = |choice: &(Message, Conflict)| choice.1 != Conflict::Resume || shorter;
    let buttons = CHOICES.into_iter().filter(fits).map(|(name, conflict)| {
        let (files, transfer, all) = (props.files.clone(), props.transfer.clone(), *for_all);
        let onclick = Callback::from(move |_: MouseEvent| {
            if all {
                let waiting = files.transfers().into_iter().filter(is_conflict);
                waiting.for_each(|each| settle(&files, &each, conflict));
            } else {
                settle(&files, &transfer, conflict);
            }
        });
        let first = conflict == Conflict::Skip;
        html! { <button type="button" autofocus={first} {onclick}>{ name.say() }</button> }
    });
    let buttons: Vec<Html> = buttons.collect();
    let setter = for_all.setter();
    let onchange = Callback::from(move |event: Event| {
        setter.set(event.target_unchecked_into::<HtmlInputElement>().checked());
    });
    let (files, transfer) = (props.files.clone(), props.transfer.clone());
    let on_cancel = Callback::from(move |()| settle(&files, &transfer, Conflict::Skip));
    let name = RemotePath::new(props.transfer.path.name()).shown();
    let local = props.files.local_file(&props.transfer.id);
    html! {
        <Dialog title={words::IS_THERE.with(&[("name", &name)])} {on_cancel}>
            <div class="compare">
                { side(words::ON_SERVER.say(), there.as_ref().map(|entry| entry.size),
                    there.as_ref().and_then(|entry| entry.modified).map(|seconds| f64::from(seconds) * 1000.0)) }
                { side(words::YOUR_FILE.say(), Some(props.transfer.total), local.map(|file| file.last_modified())) }
            </div>
            if props.conflicts > 1 {
                <label class="check">
                    <input type="checkbox" checked={*for_all} {onchange} />
                    <span>{ words::SAME_FOR_ALL.with(&[("n", &number::count(props.conflicts))]) }</span>
                </label>
            }
            <div class="actions">{ for buttons }</div>
        </Dialog>
    }
}

fn side(title: &'static str, size: Option<u64>, modified: Option<f64>) -> Html {
    html! {
        <section>
            <h3>{ title }</h3>
            <p>{ size.map_or_else(String::new, file_words::size) }</p>
            <p class="hint">{ modified.map_or_else(String::new, place::moment) }</p>
        </section>
    }
}
