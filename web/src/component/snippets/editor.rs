//! The form of a snippet.

use web_sys::{HtmlInputElement, HtmlTextAreaElement, SubmitEvent};
use yew::{
    Callback, Event, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html,
    use_node_ref, use_state,
};

use crate::state::message::{button, snippets as words};
use crate::state::snippets::{MAX_TEXT_BYTES, Snippet};

#[derive(PartialEq, Properties)]
pub(super) struct EditorProps {
    pub(super) snippet: Snippet,
    pub(super) on_save: Callback<Snippet>,
    pub(super) on_back: Callback<()>,
}

/// Asks for name and text.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let snippet = &props.snippet;
    // Yew gives a field the value of each drawing, and the terminal behind may be drawn at any time.
    let (name, enter) = (
        use_state(|| snippet.name.clone()),
        use_state(|| snippet.enter),
    );
    let text = use_node_ref();
    let onsubmit = {
        let (name, text, enter) = ((*name).clone(), text.clone(), *enter);
        let (snippet, on_save) = (snippet.clone(), props.on_save.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let typed = text.cast::<HtmlTextAreaElement>().map(|area| area.value());
            let typed = typed.unwrap_or_default();
            let named = name.trim().to_owned();
            let begin: String = typed.trim().chars().take(40).collect();
            on_save.emit(Snippet {
                name: if named.is_empty() { begin } else { named },
                text: typed,
                enter,
                ..snippet.clone()
            });
        })
    };
    let setter = name.setter();
    let oninput = Callback::from(move |event: InputEvent| {
        setter.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    let setter = enter.setter();
    let onchange = Callback::from(move |event: Event| {
        setter.set(event.target_unchecked_into::<HtmlInputElement>().checked());
    });
    html! {
        <form class="snippet-form" {onsubmit}>
            <label class="field">
                <span>{ words::NAME.say() }</span>
                <input type="text" value={(*name).clone()} maxlength="80"
                    autocomplete="off" autofocus=true {oninput} />
            </label>
            <label class="field">
                <span>{ button::TEXT.say() }</span>
                <textarea ref={text} rows="5" required=true spellcheck="false"
                    maxlength={MAX_TEXT_BYTES.to_string()} defaultvalue={snippet.text.clone()} />
                <span class="hint">{ words::ASKED.say() }</span>
            </label>
            <label class="choice">
                <input type="checkbox" checked={*enter} {onchange} />
                { words::ENTER.say() }
            </label>
            <div class="actions">
                <button type="button" onclick={props.on_back.reform(|_: MouseEvent| ())}>
                    { button::BACK.say() }
                </button>
                <button type="submit" class="primary">{ button::SAVE.say() }</button>
            </div>
        </form>
    }
}
