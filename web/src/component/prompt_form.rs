//! A form of text fields that answers with all of them.

use transom_protocol::{Echo, Secret};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, Properties, TargetCast, component, html, use_effect_with,
    use_node_ref,
};

use crate::state::message::log_in as words;

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name: ours or the server's, safe to show.
    pub(crate) label: AttrValue,
    pub(crate) echo: Echo,
    /// What the browser's password manager may fill in.
    pub(crate) autocomplete: &'static str,
}

/// What the form needs to know.
#[derive(PartialEq, Properties)]
pub(crate) struct PromptFormProps {
    /// At least one.
    pub(crate) fields: Vec<Field>,
    /// The user who logs in, for the browser's password manager.
    #[prop_or_default]
    pub(crate) user: Option<AttrValue>,
    /// The texts, in the order of the fields. They stay in the elements until then: never in
    /// component state, never in storage.
    pub(crate) on_submit: Callback<Vec<Secret>>,
}

/// Asks for texts. The first field has the focus; Enter continues.
#[component]
pub(crate) fn PromptForm(props: &PromptFormProps) -> Html {
    let form = use_node_ref();
    let shown = form.clone();
    use_effect_with(props.fields.clone(), move |_| {
        let first = shown
            .cast::<HtmlElement>()
            .and_then(|form| form.query_selector("input:not([hidden])").ok().flatten());
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            // An element on the page can take the focus.
            let _ = first.focus();
        }
    });
    let count = props.fields.len();
    let onsubmit = props.on_submit.reform(move |event: SubmitEvent| {
        event.prevent_default();
        take_texts(&event.target_unchecked_into(), count)
    });
    let fields = props.fields.iter().enumerate().map(|(place, field)| {
        let kind = match field.echo {
            Echo::Shown => "text",
            Echo::Hidden => "password",
        };
        html! {
            <label key={format!("{place}:{}", field.label)} class="field">
                <span>{ field.label.clone() }</span>
                <input type={kind} name={format!("answer-{place}")}
                    autocomplete={field.autocomplete} autocapitalize="off" spellcheck="false" />
            </label>
        }
    });
    html! {
        <form ref={form} class="prompts" {onsubmit}>
            if let Some(user) = &props.user {
                <input type="text" name="username" autocomplete="username" value={user} hidden=true
                    readonly=true />
            }
            { for fields }
            <button type="submit" class="primary">{ words::CONTINUE.say() }</button>
        </form>
    }
}

/// Takes what was typed and empties the fields.
fn take_texts(form: &HtmlFormElement, count: usize) -> Vec<Secret> {
    (0..count)
        .map(|place| {
            let selector = format!("[name=answer-{place}]");
            let input = form.query_selector(&selector).ok().flatten();
            let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
            else {
                return Secret::new("");
            };
            let text = input.value();
            input.set_value("");
            Secret::new(text)
        })
        .collect()
}
