//! Labels over what on the screen is worth copying; their letters choose.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_effect_with,
    use_node_ref, use_state,
};

use crate::state::message::terminal as words;

/// A label and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) label: String,
    pub(crate) text: String,
    /// From the left and the top of the pane, in CSS pixels.
    pub(crate) place: (f64, f64),
}

/// What to choose from.
#[derive(PartialEq, Properties)]
pub(crate) struct QuickSelectProps {
    pub(crate) choices: Vec<Choice>,
    /// The text, and whether to insert it instead of copying it; `None` if there is none.
    pub(crate) on_done: Callback<Option<(String, bool)>>,
}

/// Takes the keyboard until a label is typed, or Esc.
#[component]
pub(crate) fn QuickSelect(props: &QuickSelectProps) -> Html {
    let (node, typed) = (use_node_ref(), use_state(String::new));
    let (shown, choices) = (node.clone(), props.choices.clone());
    use_effect_with((), move |()| {
        let Some(list) = shown.cast::<HtmlElement>() else {
            return;
        };
        let labels = list.children();
        for (place, choice) in (0..).zip(&choices) {
            let label = labels
                .item(place)
                .and_then(|it| it.dyn_into::<HtmlElement>().ok());
            if let Some(label) = label {
                // The page's policy allows styles by script, not in attributes.
                let style = label.style();
                let _ = style.set_property("left", &format!("{}px", choice.place.0));
                let _ = style.set_property("top", &format!("{}px", choice.place.1));
            }
        }
        // An element on the page can take the focus.
        let _ = list.focus();
    });
    let onkeydown = keys(props, &typed);
    let fits = |label: &str| label.starts_with(typed.as_str());
    html! {
        <ul ref={node} class="quick-select" role="listbox" tabindex="-1"
            aria-label={words::QUICK.say()}
            {onkeydown}>
            { for props.choices.iter().map(|choice| {
                let (done, text) = (props.on_done.clone(), choice.text.clone());
                let onclick = Callback::from(move |event: MouseEvent| {
                    done.emit(Some((text.clone(), event.shift_key())));
                });
                let name = format!("{} {}", choice.label, choice.text);
                html! {
                    <li key={choice.label.clone()} role="option" aria-selected="false"
                        aria-label={name} hidden={!fits(&choice.label)} {onclick}>
                        { AttrValue::from(choice.label.clone()) }
                    </li>
                }
            }) }
        </ul>
    }
}

fn keys(props: &QuickSelectProps, typed: &yew::UseStateHandle<String>) -> Callback<KeyboardEvent> {
    let (choices, done) = (props.choices.clone(), props.on_done.clone());
    let typed = typed.clone();
    Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Shift" | "F6") {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        let Some(letter) = letter(&event) else {
            done.emit(None);
            return;
        };
        let now = format!("{}{letter}", *typed);
        if let Some(choice) = choices.iter().find(|choice| choice.label == now) {
            done.emit(Some((choice.text.clone(), event.shift_key())));
        } else if choices.iter().any(|choice| choice.label.starts_with(&now)) {
            typed.set(now);
        } else {
            done.emit(None);
        }
    })
}

/// The letter that was typed; on a keyboard without Latin ones, that of its place.
fn letter(event: &KeyboardEvent) -> Option<char> {
    let key = event.key().to_lowercase();
    let code = event.code();
    let by_place = code.strip_prefix("Key").unwrap_or_default().to_lowercase();
    let name = if key.len() == 1 && key.is_ascii() {
        key
    } else {
        by_place
    };
    name.chars().next().filter(char::is_ascii_lowercase)
}
