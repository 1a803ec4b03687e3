//! A file that somebody else changed meanwhile: both texts side by side, and the ways onward.

use std::rc::Rc;

use transom_protocol::RemotePath;
use web_sys::Element;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref};

use super::{Draft, Way};
use crate::service::editor::Editor;
use crate::state::file_edit::Editing;
use crate::state::file_text::decode;
use crate::state::message::editor as words;

/// What is there now.
#[derive(PartialEq, Properties)]
pub(super) struct ChangedProps {
    pub(super) draft: Draft,
    /// `None` where the file is gone.
    pub(super) theirs: Option<Rc<Vec<u8>>>,
}

/// Shows both, and asks.
#[component]
pub(super) fn Changed(props: &ChangedProps) -> Html {
    let node = use_node_ref();
    let draft = &props.draft;
    let theirs = props
        .theirs
        .as_ref()
        .and_then(|bytes| Some((Rc::clone(bytes), decode(bytes).ok()?)));
    let (shown, editor, path) = (node.clone(), draft.editor.clone(), draft.edit.path.clone());
    use_effect_with(props.theirs.clone(), move |theirs| {
        let text = theirs.as_ref().and_then(|bytes| decode(bytes).ok());
        let name = RemotePath::new(path.name()).shown();
        let parts = shown.cast::<Element>().zip(text).zip(editor.take());
        let opened =
            parts.map(|((element, (text, _)), mine)| Editor::compare(element, name, text, mine));
        move || drop(opened)
    });
    let readable = theirs.is_some();
    let reload = draft.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some((bytes, (text, form))) = &theirs {
            reload
                .edit
                .dispatch(Editing::Reloaded(Rc::clone(bytes), *form));
            reload.editor.replace(text);
            reload.editor.focus();
        }
    });
    let hint = match (&props.theirs, readable) {
        (None, _) => None,
        (Some(_), true) => Some(words::CHANGED_WAYS),
        (Some(_), false) => Some(words::CHANGED_NO_TEXT),
    };
    html! {
        <div class="editor-changed">
            if readable {
                <div class="editor-sides">
                    <span>{ words::THEIRS.say() }</span><span>{ words::MINE.say() }</span>
                </div>
                <div ref={node} class="editor-compared" />
            }
            if let Some(hint) = hint { <p class="hint">{ hint.say() }</p> }
            <div class="actions">
                if readable { <button type="button" {onclick}>{ words::RELOAD.say() }</button> }
                <button type="button" class="danger" onclick={draft.saving(Way::Over)}>{ words::REPLACE.say() }</button>
            </div>
        </div>
    }
}
