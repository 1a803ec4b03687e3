//! The question before several lines are typed into a shell that would run each at once.

use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html};

use crate::component::dialog::Dialog;
use crate::state::message::{button, terminal as words};
use crate::state::number;

/// What is to be pasted.
#[derive(PartialEq, Properties)]
pub(crate) struct PasteGuardProps {
    pub(crate) text: AttrValue,
    /// The host is one to be careful with.
    pub(crate) careful: bool,
    /// Whether to paste it.
    pub(crate) on_verdict: Callback<bool>,
}

/// Shows the text before it is pasted.
#[component]
pub(crate) fn PasteGuard(props: &PasteGuardProps) -> Html {
    let verdict = |paste: bool| props.on_verdict.reform(move |_: MouseEvent| paste);
    let lines = props.text.lines().count();
    html! {
        <Dialog title={words::PASTE_LINES.say()} class="paste-guard"
            on_cancel={props.on_verdict.reform(|()| false)}>
            <p>
                if props.careful {
                    <strong>{ words::PASTE_CARE.say() }{ " " }</strong>
                }
                { words::PASTE_RUNS.with(&[("n", &number::count(lines))]) }
            </p>
            <pre class="pasted" tabindex="0" aria-label={words::PASTE_TEXT.say()}>{ props.text.clone() }</pre>
            <div class="actions">
                <button type="button" autofocus=true onclick={verdict(false)}>{ button::CANCEL.say() }</button>
                <button type="button" class="primary" onclick={verdict(true)}>{ words::PASTE.say() }</button>
            </div>
        </Dialog>
    }
}
