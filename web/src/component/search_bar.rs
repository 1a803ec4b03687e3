//! Finding text in a terminal's output.

use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent, SubmitEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref,
    use_state,
};

use crate::component::icon::{Glyph, Icon};
use crate::hook::when;

/// Who searches.
#[derive(PartialEq, Properties)]
pub(crate) struct SearchBarProps {
    /// Finds a text, upwards if the second value says so.
    pub(crate) on_find: Callback<(String, bool), bool>,
    pub(crate) on_close: Callback<()>,
}

/// A text field with two directions. Enter finds the next, Esc closes.
#[component]
pub(crate) fn SearchBar(props: &SearchBarProps) -> Html {
    let node = use_node_ref();
    let found = use_state(|| true);
    let focused = node.clone();
    use_effect_with((), move |()| {
        if let Some(input) = focused.cast::<HtmlInputElement>() {
            // An element on the page can take the focus.
            let _ = input.focus();
        }
    });
    let find = {
        let (node, setter, on_find) = (node.clone(), found.setter(), props.on_find.clone());
        Callback::from(move |up: bool| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                let text = input.value();
                setter.set(text.is_empty() || on_find.emit((text, up)));
            }
        })
    };
    let onsubmit = find.reform(|event: SubmitEvent| {
        event.prevent_default();
        false
    });
    let onkeydown = when(&props.on_close, |event: KeyboardEvent| {
        (event.key() == "Escape").then_some(())
    });
    let button = |name: &'static str, glyph: Glyph, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="icon-button" aria-label={name} title={name} {onclick}>
                <Icon {glyph} />
            </button>
        }
    };
    html! {
        <form class="search" role="search" {onsubmit} {onkeydown}>
            <Icon glyph={Glyph::Search} />
            <input ref={node} type="text" aria-label="Find" placeholder="Find" autocomplete="off"
                spellcheck="false" oninput={find.reform(|_: InputEvent| false)} />
            <span class="said" role="status">{ if *found { "" } else { "Not found" } }</span>
            { button("Find previous", Glyph::Up, find.reform(|_| true)) }
            { button("Find next", Glyph::Down, find.reform(|_| false)) }
            { button("Close search", Glyph::Cross, props.on_close.reform(|_| ())) }
        </form>
    }
}
