//! The places of a snippet, to be filled in.

use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_effect_with,
    use_node_ref, use_state,
};

use crate::state::message::{button, snippets as words};
use crate::state::snippets::{Snippet, filled, places};

#[derive(PartialEq, Properties)]
pub(super) struct FillerProps {
    pub(super) snippet: Snippet,
    /// The whole text.
    pub(super) on_fill: Callback<String>,
    pub(super) on_back: Callback<()>,
}

/// Asks for each place, and shows what will be typed.
#[component]
pub(super) fn Filler(props: &FillerProps) -> Html {
    let values = use_state(|| {
        let names = places(&props.snippet.text).into_iter();
        let values: Vec<_> = names.map(|name| (name, String::new())).collect();
        values
    });
    let form = use_node_ref();
    let begun = form.clone();
    use_effect_with((), move |()| {
        let first = begun
            .cast::<web_sys::Element>()
            .and_then(|form| form.query_selector("input").ok().flatten());
        let first = first.map(wasm_bindgen::JsCast::unchecked_into::<HtmlInputElement>);
        if let Some(first) = first {
            // An element on the page can take the focus.
            let _ = first.focus();
        }
    });
    let text = filled(&props.snippet.text, &values);
    let onsubmit = {
        let (text, on_fill) = (text.clone(), props.on_fill.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_fill.emit(text.clone());
        })
    };
    let fields = values.iter().enumerate().map(|(place, (name, value))| {
        let (now, setter) = ((*values).clone(), values.setter());
        let oninput = Callback::from(move |event: InputEvent| {
            let mut next = now.clone();
            if let Some((_, value)) = next.get_mut(place) {
                *value = event.target_unchecked_into::<HtmlInputElement>().value();
            }
            setter.set(next);
        });
        html! {
            <label key={name.clone()} class="field">
                <bdi>{ name.clone() }</bdi>
                <input type="text" value={value.clone()} autocomplete="off"
                    autocapitalize="off" spellcheck="false" {oninput} />
            </label>
        }
    });
    html! {
        <form ref={form} class="snippet-form" {onsubmit}>
            { for fields }
            <pre class="pasted" tabindex="0" aria-label={words::TO_INSERT.say()}>{ text }</pre>
            <div class="actions">
                <button type="button" onclick={props.on_back.reform(|_: MouseEvent| ())}>
                    { button::BACK.say() }
                </button>
                <button type="submit" class="primary">{ words::INSERT.say() }</button>
            </div>
        </form>
    }
}
