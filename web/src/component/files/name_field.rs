//! A field for one name or path: Enter takes it, Esc leaves.

use web_sys::{FocusEvent, HtmlInputElement, KeyboardEvent, SubmitEvent};
use yew::{AttrValue, Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

/// What is asked for.
#[derive(PartialEq, Properties)]
pub(crate) struct NameFieldProps {
    pub(crate) label: AttrValue,
    /// What stands in it at first.
    pub(crate) value: AttrValue,
    /// `None` where the person leaves it.
    pub(crate) on_done: Callback<Option<String>>,
}

/// Asks for a name, with the keyboard in it.
#[component]
pub(crate) fn NameField(props: &NameFieldProps) -> Html {
    let node = use_node_ref();
    let (input, value) = (node.clone(), props.value.clone());
    use_effect_with((), move |()| {
        if let Some(input) = input.cast::<HtmlInputElement>() {
            input.set_value(&value);
            // An element on the page can take the focus.
            let _ = input.focus();
            // The name without its ending, which seldom changes.
            let end = value
                .rfind('.')
                .filter(|dot| *dot > 0 && !value.contains('/'));
            let end = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
            let end = u32::try_from(end.encode_utf16().count()).unwrap_or(u32::MAX);
            let _ = input.set_selection_range(0, end);
        }
    });
    let (done, input) = (props.on_done.clone(), node.clone());
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.cast::<HtmlInputElement>() {
            done.emit(Some(input.value()));
        }
    });
    let left = props.on_done.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        event.stop_propagation();
        if event.key() == "Escape" {
            event.prevent_default();
            left.emit(None);
        }
    });
    let onblur = props.on_done.reform(|_: FocusEvent| None);
    html! {
        <form class="name-field" {onsubmit}>
            <input ref={node} type="text" aria-label={props.label.clone()} autocomplete="off"
                autocapitalize="off" spellcheck="false" {onkeydown} {onblur} />
        </form>
    }
}
