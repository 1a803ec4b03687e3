//! Whether to leave a text that is not saved.

use transom_protocol::RemotePath;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use super::{Draft, Way};
use crate::component::dialog::Dialog;
use crate::state::file_edit::Editing;
use crate::state::message::{button, editor as words};

/// Whose text.
#[derive(PartialEq, Properties)]
pub(super) struct LeaveProps {
    pub(super) draft: Draft,
}

/// Asks; what loses nothing comes first.
#[component]
pub(super) fn Leave(props: &LeaveProps) -> Html {
    let draft = props.draft.clone();
    let name = RemotePath::new(draft.edit.path.name()).shown();
    let (edit, editor) = (draft.edit.dispatcher(), draft.editor.clone());
    let stay = Callback::from(move |()| {
        edit.dispatch(Editing::Leaving(false));
        editor.focus();
    });
    let sheet = draft.desk.sheet.clone();
    let discard = Callback::from(move |_: MouseEvent| sheet.set(None));
    let (sheet, edit) = (draft.desk.sheet.clone(), draft.edit.dispatcher());
    let save = Callback::from(move |_: MouseEvent| {
        edit.dispatch(Editing::Leaving(false));
        let sheet = sheet.clone();
        let then = Callback::from(move |step: Editing| {
            if matches!(step, Editing::Saved(..)) {
                sheet.set(None);
            }
        });
        draft.save(Way::Careful, then);
    });
    html! {
        <Dialog title={words::LEAVE.say()} on_cancel={stay.clone()}>
            <p>{ words::LEAVE_WHAT.with(&[("name", &name)]) }</p>
            <div class="actions">
                <button type="button" autofocus={true} onclick={stay.reform(|_: MouseEvent| ())}>
                    { words::KEEP.say() }</button>
                <button type="button" class="danger" onclick={discard}>{ words::DISCARD.say() }</button>
                <button type="button" class="primary" onclick={save}>{ button::SAVE.say() }</button>
            </div>
        </Dialog>
    }
}
