//! Asking for a private key: a file, or its text.

use transom_protocol::{Answer, Secret};
use web_sys::{HtmlInputElement, HtmlTextAreaElement, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_node_ref};

use crate::component::key_file::KeyFile;
use crate::state::message::{button, keys as words};

/// What a person gave.
pub(super) struct Given {
    pub(super) name: String,
    pub(super) text: Secret,
    /// It is to be kept so that it can be exported again.
    pub(super) exportable: bool,
}

#[derive(PartialEq, Properties)]
pub(super) struct AskingProps {
    /// What was wrong with the one before.
    pub(super) problem: Option<String>,
    pub(super) on_text: Callback<Given>,
    pub(super) close: Callback<()>,
}

/// Asks for the file or its text.
#[component]
pub(super) fn Asking(props: &AskingProps) -> Html {
    let (area, choice) = (use_node_ref(), use_node_ref());
    let chosen = choice.clone();
    let exportable = move || {
        let choice = chosen.cast::<HtmlInputElement>();
        choice.is_some_and(|choice| choice.checked())
    };
    let pasted = exportable.clone();
    let onsubmit = {
        let (area, on_text) = (area.clone(), props.on_text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(area) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = Secret::new(area.value());
            area.set_value("");
            on_text.emit(Given {
                name: String::new(),
                text,
                exportable: pasted(),
            });
        })
    };
    let on_answer = props.on_text.reform(move |answer: Answer| {
        let (name, text) = match answer {
            Answer::KeyFile { name, text } => (name, text),
            _ => (String::new(), Secret::new("")),
        };
        Given {
            name,
            text,
            exportable: exportable(),
        }
    });
    let onclick = props.close.reform(|_: MouseEvent| ());
    html! {
        <>
            <p class="hint">{ words::IMPORT_WHAT.say() }</p>
            <label class="choice">
                <input ref={choice} type="checkbox" />
                { words::EXPORTABLE_AGAIN.say() }
            </label>
            if let Some(problem) = &props.problem {
                <p class="refusal" role="alert">{ problem.clone() }</p>
            }
            <KeyFile {on_answer} />
            <form {onsubmit}>
                <label class="field">
                    <span>{ words::PRIVATE.say() }</span>
                    <textarea ref={area} rows="6" autocomplete="off" autocapitalize="off"
                        spellcheck="false" placeholder={words::PASTE_HERE.say()} />
                </label>
                <menu>
                    <button type="button" {onclick}>{ button::CANCEL.say() }</button>
                    <button type="submit" class="primary">{ words::IMPORT.say() }</button>
                </menu>
            </form>
        </>
    }
}
