//! Asking for a private key: a file, or its text.

use transom_protocol::{Answer, Secret};
use web_sys::{HtmlInputElement, HtmlTextAreaElement, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_node_ref};

use crate::component::key_file::KeyFile;

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
            <p class="hint">{ "OpenSSH, PKCS#8, PEM or PuTTY (.ppk), encrypted or not. The key stays \
                in this browser, and from then on nobody can read it, you included: keep the file." }</p>
            <label class="choice">
                <input ref={choice} type="checkbox" />
                { "Can be exported again (kept encrypted in the vault)" }
            </label>
            if let Some(problem) = &props.problem {
                <p class="refusal" role="alert">{ problem.clone() }</p>
            }
            <KeyFile {on_answer} />
            <form {onsubmit}>
                <label class="field">
                    <span>{ "Private key" }</span>
                    <textarea ref={area} rows="6" autocomplete="off" autocapitalize="off"
                        spellcheck="false" placeholder="or paste it here" />
                </label>
                <menu>
                    <button type="button" {onclick}>{ "Cancel" }</button>
                    <button type="submit" class="primary">{ "Import" }</button>
                </menu>
            </form>
        </>
    }
}
