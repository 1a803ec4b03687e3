//! A text file in the hands of a person: saved whole, and never over what somebody else wrote.

mod changed;
mod guard;
mod leave;
mod page;

use std::rc::Rc;

use transom_protocol::RemotePath;
use web_sys::HtmlElement;
use yew::{
    Callback, Html, MouseEvent, Properties, UseReducerHandle, component, html, use_effect_with,
    use_memo, use_node_ref, use_reducer,
};

use super::desk::Desk;
use super::use_files;
use crate::service::editor;
use crate::state::file_edit::{Edit, Editing, Kept, Step};
use crate::state::file_text::encode;
use crate::state::message::{button, editor as words};
use changed::Changed;
use guard::{use_keys, use_stranding, use_unsaved};
use leave::Leave;
use page::{Page, outcome};

/// Which file.
#[derive(PartialEq, Properties)]
pub(crate) struct EditorProps {
    pub(crate) desk: Desk,
    pub(crate) path: RemotePath,
    /// What was not saved of it before.
    pub(crate) kept: Option<Kept>,
}

/// A text with everything that acts on it.
#[derive(Clone, PartialEq)]
struct Draft {
    desk: Desk,
    edit: UseReducerHandle<Edit>,
    editor: editor::Editor,
}

impl Draft {
    /// Saves the text; see [`Way`]. `then` hears what came of it, after the screen.
    fn save(&self, way: Way, then: Callback<Editing>) {
        let text = self.editor.take();
        let Some(text) = text.filter(|_| self.edit.step != Step::Saving) else {
            return;
        };
        self.edit.dispatch(Editing::Begun);
        let text = Rc::new(encode(&text, self.edit.form));
        let (edit, editor, desk) = (
            self.edit.dispatcher(),
            self.editor.clone(),
            self.desk.clone(),
        );
        let on_step = Callback::from(move |step: Editing| {
            let saved = matches!(step, Editing::Saved(..));
            edit.dispatch(step.clone());
            if saved {
                editor.saved();
                desk.refresh(b"");
            }
            then.emit(step);
        });
        let (files, path) = (&self.desk.files, self.edit.path.clone());
        match way {
            Way::Careful => files.save(path, Some(Rc::clone(&self.edit.base)), text, on_step),
            Way::Over => files.save(path, None, text, on_step),
            Way::Copy => files.save_copy(path, 2, text, on_step),
        }
    }

    /// Leaves the text, after a question where it is not saved.
    fn close(&self) {
        if self.edit.unsaved {
            self.edit.dispatch(Editing::Leaving(true));
        } else {
            self.desk.sheet.set(None);
        }
    }

    fn saving(&self, way: Way) -> Callback<MouseEvent> {
        let draft = self.clone();
        Callback::from(move |_: MouseEvent| draft.save(way, Callback::noop()))
    }
}

/// How a text is saved.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Only over what was read.
    Careful,
    /// Over whatever is there.
    Over,
    /// Beside it.
    Copy,
}

/// Edits a text.
#[component]
pub(crate) fn Editor(props: &EditorProps) -> Html {
    use_files(Some(&props.desk.files));
    let (path, kept) = (props.path.clone(), props.kept.clone());
    let begun = kept.is_some();
    let edit = use_reducer(move || match kept {
        Some(kept) => Edit::again(&kept),
        None => Edit::of(path),
    });
    let editor = use_memo((), |()| editor::Editor::default());
    let draft = Draft {
        desk: props.desk.clone(),
        edit: edit.clone(),
        editor: (*editor).clone(),
    };
    let (files, step) = (props.desk.files.clone(), edit.dispatcher());
    use_effect_with(props.path.clone(), move |path| {
        if !begun {
            files.edit(path, &Callback::from(move |read| step.dispatch(read)));
        }
    });
    use_unsaved(&draft);
    use_stranding(&draft);
    let panel = use_node_ref();
    use_keys(&panel, &draft);
    let close = use_node_ref();
    let left = close.clone();
    let on_leave = Callback::from(move |()| {
        if let Some(button) = left.cast::<HtmlElement>() {
            // A button on the page can take the focus.
            let _ = button.focus();
        }
    });
    let title = RemotePath::new(edit.path.name()).shown();
    let onclick = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| draft.close())
    };
    html! {
        <div ref={panel} class="editor" role="dialog" aria-label={title.clone()}>
            <header><h2>{ title }</h2>{ outcome(&edit, props.desk.files.has_stopped()) }</header>
            if edit.text.is_some() { <Page draft={draft.clone()} {on_leave} /> }
            if let Step::Changed(theirs) = &edit.step {
                <Changed draft={draft.clone()} theirs={theirs.clone()} />
            }
            <div class="actions">
                <button ref={close} type="button" {onclick}>{ button::CLOSE.say() }</button>
                if edit.text.is_some() {
                    <button type="button" onclick={draft.saving(Way::Copy)}>{ words::SAVE_COPY.say() }</button>
                    <button type="button" class="primary" onclick={draft.saving(Way::Careful)}>{ button::SAVE.say() }</button>
                }
            </div>
            if edit.leaving { <Leave draft={draft.clone()} /> }
        </div>
    }
}
