//! Asks whether a host may fill the clipboard (OSC 52).

use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html};

use crate::component::rich::rich;
use crate::state::choice::Consent;
use crate::state::message::{button, terminal as words};

/// Characters of the text that are shown: enough to know it.
const SHOWN_CHARS: usize = 200;

/// Who wants what.
#[derive(PartialEq, Properties)]
pub(crate) struct ClipboardGuardProps {
    pub(crate) host: AttrValue,
    pub(crate) text: AttrValue,
    /// The answer, and whether it holds for this host from now on.
    pub(crate) on_answer: Callback<(Consent, bool)>,
}

/// A strip at the pane's foot; work goes on beside it.
#[component]
pub(crate) fn ClipboardGuard(props: &ClipboardGuardProps) -> Html {
    let answer = |consent: Consent, always: bool| {
        props
            .on_answer
            .reform(move |_: MouseEvent| (consent, always))
    };
    let mut shown: String = props.text.chars().take(SHOWN_CHARS).collect();
    if shown.len() < props.text.len() {
        shown.push('…');
    }
    html! {
        <section class="clipboard-guard" aria-label={words::CLIPBOARD.say()}>
            <p role="status">
                { rich(words::CLIPBOARD_WANTS, &[("host", html! { <bdi>{ props.host.clone() }</bdi> })]) }
            </p>
            <pre tabindex="0" aria-label={words::CLIPBOARD_TEXT.say()}>{ shown }</pre>
            <div class="actions">
                <button type="button" onclick={answer(Consent::Deny, false)}>{ button::NOT_NOW.say() }</button>
                <button type="button" onclick={answer(Consent::Deny, true)}>
                    { words::CLIPBOARD_NEVER.say() }
                </button>
                <button type="button" onclick={answer(Consent::Allow, true)}>
                    { words::CLIPBOARD_ALWAYS.say() }
                </button>
                <button type="button" class="primary" onclick={answer(Consent::Allow, false)}>
                    { words::CLIPBOARD_ONCE.say() }
                </button>
            </div>
        </section>
    }
}
