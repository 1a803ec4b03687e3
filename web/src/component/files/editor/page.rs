//! The text itself, and how it stands.

use transom_protocol::{FilesErrorCode, RemotePath, WrittenInPlace};
use web_sys::Element;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

use super::Draft;
use crate::service::editor::Told;
use crate::state::file_edit::{Edit, Editing, Step};
use crate::state::file_text::{EDITED_BYTES, NoText};
use crate::state::file_words;
use crate::state::message::{Message, editor as words};

/// Whose text.
#[derive(PartialEq, Properties)]
pub(super) struct PageProps {
    pub(super) draft: Draft,
    /// Esc was pressed in it.
    pub(super) on_leave: Callback<()>,
}

/// Shows it, once.
#[component]
pub(super) fn Page(props: &PageProps) -> Html {
    let node = use_node_ref();
    let draft = &props.draft;
    let hint = format!("editor-hint-{}", draft.desk.files.connection().0);
    let (shown, described) = (node.clone(), hint.clone());
    let (editor, text) = (draft.editor.clone(), draft.edit.text.clone());
    let kept = draft.edit.kept.clone();
    let name = RemotePath::new(draft.edit.path.name()).shown();
    let (typed, failed) = (draft.edit.dispatcher(), draft.edit.dispatcher());
    let told = Told {
        changed: Callback::from(move |unsaved| typed.dispatch(Editing::Typed(unsaved))),
        leave: props.on_leave.clone(),
        failed: Callback::from(move |()| failed.dispatch(Editing::NoEditor)),
    };
    use_effect_with((), move |()| {
        let element = shown.cast::<Element>().zip(text);
        let opened = element
            .map(|(element, text)| editor.open(element, name, (text, kept, described), told));
        move || drop(opened)
    });
    html! {
        <>
            <div ref={node} class="editor-text" />
            <p id={hint} class="hint">{ words::HINT.say() }</p>
        </>
    }
}

/// Says how it stands.
///
/// - `stopped`: the engine of the connection has stopped.
pub(super) fn outcome(edit: &Edit, stopped: bool) -> Html {
    let bad = |words: String| html! { <p class="refusal" role="alert">{ words }</p> };
    let good = |words: String| html! { <p class="hint" role="status">{ words }</p> };
    match &edit.step {
        Step::Reading => good(words::READING.say().to_owned()),
        _ if stopped && edit.unsaved => bad(words::CRASHED.say().to_owned()),
        Step::Open if edit.unsaved => good(words::UNSAVED.say().to_owned()),
        Step::Open => good(String::new()),
        Step::Saving => good(words::SAVING.say().to_owned()),
        Step::Saved(None, None) => good(words::SAVED.say().to_owned()),
        Step::Saved(None, Some(why)) => good(words::IN_PLACE.with(&[("why", reason(*why).say())])),
        Step::Saved(Some(path), _) => {
            let name = RemotePath::new(path.name()).shown();
            good(words::SAVED_AS.with(&[("name", &name)]))
        }
        Step::Changed(Some(_)) => bad(words::CHANGED.say().to_owned()),
        Step::Changed(None) => bad(words::GONE.say().to_owned()),
        Step::Failed(_) if edit.is_lost() => bad(words::LOST.say().to_owned()),
        Step::Failed(failure) => {
            let message = match failure.code {
                FilesErrorCode::Denied => words::DENIED,
                _ => words::NOT_SAVED,
            };
            bad(message.with(&[("why", &failure.detail)]))
        }
        Step::Unreadable(why) => bad(words::UNREADABLE.with(&[("why", why)])),
        Step::NoEditor => bad(words::NO_EDITOR.say().to_owned()),
        Step::NoText(reason) => bad(refusal(*reason)),
    }
}

/// Why a file was overwritten in place.
fn reason(why: WrittenInPlace) -> Message {
    match why {
        WrittenInPlace::Folder => words::NO_NEW_FILES,
        WrittenInPlace::Owner => words::OTHER_OWNER,
        WrittenInPlace::Links => words::OTHER_NAMES,
        WrittenInPlace::Name => words::NAME_HELD,
    }
}

fn refusal(reason: NoText) -> String {
    match reason {
        NoText::Binary => words::BINARY.say().to_owned(),
        NoText::Wide => words::WIDE.say().to_owned(),
        NoText::OtherEncoding => words::OTHER_ENCODING.say().to_owned(),
        NoText::TooLarge(size) => words::TOO_LARGE.with(&[
            ("size", &file_words::size(size)),
            ("most", &file_words::size(EDITED_BYTES.into())),
        ]),
    }
}
