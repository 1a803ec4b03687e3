//! A text file in the hands of a person: saved whole, and never over what somebody else wrote.

use transom_protocol::{FileMark, FilesAnswer, FilesAsk, FilesErrorCode, RemotePath};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_effect_with,
    use_node_ref, use_state,
};

use super::desk::Desk;
use crate::service::files::Reply;
use crate::state::file_view::{Seen, editable};
use crate::state::message::{button, files as words};

/// Which file.
#[derive(PartialEq, Properties)]
pub(crate) struct EditorProps {
    pub(crate) desk: Desk,
    pub(crate) path: RemotePath,
    /// What was read of it: all.
    pub(crate) seen: Seen,
    pub(crate) on_close: Callback<()>,
}

/// How saving went.
#[derive(Clone, PartialEq)]
enum Save {
    Open,
    Saving,
    Saved,
    /// Somebody changed the file since.
    Changed,
    Failed(AttrValue),
}

/// Edits a text. Ctrl+S saves.
#[component]
pub(crate) fn Editor(props: &EditorProps) -> Html {
    let node = use_node_ref();
    let save = use_state(|| Save::Open);
    let mark = use_state(|| props.seen.mark);
    let (text, carriage) = editable(&props.seen.bytes).unwrap_or_default();
    let area = node.clone();
    use_effect_with((), move |()| {
        if let Some(area) = area.cast::<HtmlTextAreaElement>() {
            area.set_value(&text);
            // An element on the page can take the focus.
            let _ = area.focus();
            let _ = area.set_selection_range(0, 0);
        }
    });
    let write = {
        let (desk, path, node) = (props.desk.clone(), props.path.clone(), node.clone());
        let (setter, marked) = (save.setter(), mark.setter());
        Callback::from(move |expected: Option<FileMark>| {
            let Some(area) = node.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = area.value();
            let text = if carriage {
                text.replace('\n', "\r\n")
            } else {
                text
            };
            setter.set(Save::Saving);
            let (setter, marked, again) = (setter.clone(), marked.clone(), desk.clone());
            let on_reply = Callback::from(move |reply: Reply| match reply.answer {
                FilesAnswer::Entry { entry } => {
                    let modified = entry.modified.unwrap_or_default();
                    marked.set(Some(FileMark {
                        size: entry.size,
                        modified,
                    }));
                    setter.set(Save::Saved);
                    again.refresh(b"");
                }
                FilesAnswer::Failed { failure } if failure.code == FilesErrorCode::Changed => {
                    setter.set(Save::Changed);
                }
                FilesAnswer::Failed { failure } => setter.set(Save::Failed(failure.detail.into())),
                _ => setter.set(Save::Open),
            });
            let path = path.clone();
            desk.files.write(
                FilesAsk::Write { path, expected },
                text.as_bytes(),
                on_reply,
            );
        })
    };
    let saving = *save == Save::Saving;
    let expected = *mark;
    let by_key = write.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "s" {
            event.prevent_default();
            by_key.emit(expected);
        }
    });
    let words: AttrValue = match &*save {
        Save::Open | Save::Saving => "".into(),
        Save::Saved => words::SAVED.say().into(),
        Save::Changed => words::CHANGED_MEANWHILE.say().into(),
        Save::Failed(words) => words.clone(),
    };
    let over = write.reform(|_: MouseEvent| None);
    let onclick = write.reform(move |_: MouseEvent| expected);
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <>
            <textarea ref={node} class="file-content" aria-label={button::TEXT.say()} spellcheck="false"
                autocapitalize="off" {onkeydown} />
            <p role="status" class={if matches!(*save, Save::Changed | Save::Failed(_)) { "refusal" } else { "hint" }}>
                { words }
            </p>
            <div class="actions">
                <button type="button" onclick={close}>{ button::CLOSE.say() }</button>
                if *save == Save::Changed {
                    <button type="button" class="danger" onclick={over}>{ words::REPLACE_ANYWAY.say() }</button>
                }
                <button type="button" class="primary" disabled={saving} {onclick}>{ button::SAVE.say() }</button>
            </div>
        </>
    }
}
