//! The form of a snippet.

use web_sys::{HtmlInputElement, HtmlTextAreaElement, SubmitEvent};
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_node_ref};

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
    let (name, text, enter) = (use_node_ref(), use_node_ref(), use_node_ref());
    let snippet = &props.snippet;
    let onsubmit = {
        let (name, text, enter) = (name.clone(), text.clone(), enter.clone());
        let (snippet, on_save) = (snippet.clone(), props.on_save.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = name.cast::<HtmlInputElement>().map(|input| input.value());
            let typed = text.cast::<HtmlTextAreaElement>().map(|area| area.value());
            let typed = typed.unwrap_or_default();
            let named = value.unwrap_or_default().trim().to_owned();
            let begin: String = typed.trim().chars().take(40).collect();
            on_save.emit(Snippet {
                name: if named.is_empty() { begin } else { named },
                text: typed,
                enter: enter
                    .cast::<HtmlInputElement>()
                    .is_some_and(|input| input.checked()),
                ..snippet.clone()
            });
        })
    };
    html! {
        <form class="snippet-form" {onsubmit}>
            <label class="field">
                <span>{ words::NAME.say() }</span>
                <input ref={name} type="text" value={snippet.name.clone()} maxlength="80"
                    autocomplete="off" autofocus=true />
            </label>
            <label class="field">
                <span>{ button::TEXT.say() }</span>
                <textarea ref={text} rows="5" required=true spellcheck="false"
                    maxlength={MAX_TEXT_BYTES.to_string()} defaultvalue={snippet.text.clone()} />
                <span class="hint">{ words::ASKED.say() }</span>
            </label>
            <label class="choice">
                <input ref={enter} type="checkbox" checked={snippet.enter} />
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
