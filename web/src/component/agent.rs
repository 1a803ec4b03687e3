//! The question of a program on a server, which the agent is forwarded to.

use transom_protocol::{AgentDestination, AgentUse, AgentVerdict};
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::component::dialog::Dialog;

/// What is wanted.
#[derive(PartialEq, Properties)]
pub(crate) struct AgentQuestionProps {
    pub(crate) wish: AgentUse,
    pub(crate) on_verdict: Callback<AgentVerdict>,
}

/// Asks whether a program may use a key.
#[component]
pub(crate) fn AgentQuestion(props: &AgentQuestionProps) -> Html {
    let AgentQuestionProps { wish, on_verdict } = props;
    let answer = |verdict| on_verdict.reform(move |_: MouseEvent| verdict);
    let what = match &wish.user {
        Some(user) => format!(" wants to log in as {user} with your key "),
        None => " wants something signed that is no log-in, with your key ".to_owned(),
    };
    html! {
        <Dialog title="Use of a key" class="host-key"
            on_cancel={on_verdict.reform(|()| AgentVerdict::Refuse)}>
            <p>
                { "A program on " }<strong>{ wish.from.clone() }</strong>{ what }
                <strong>{ wish.key.clone() }</strong>{ "." }
            </p>
            <dl>
                <dt>{ "Key" }</dt><dd><code>{ wish.fingerprint.clone() }</code></dd>
                <dt>{ "Where to" }</dt><dd>{ destination(wish.to.as_ref()) }</dd>
            </dl>
            <p class="hint">
                { "Allow it only if you have just begun that yourself: whoever is root there can ask, too." }
            </p>
            // Refusing is the safe answer, so it comes first and takes the focus.
            <div class="actions">
                <button type="button" autofocus=true onclick={answer(AgentVerdict::Refuse)}>
                    { "Refuse" }
                </button>
                <button type="button" onclick={answer(AgentVerdict::TenMinutes)}>
                    { "Allow for ten minutes" }
                </button>
                <button type="button" class="primary" onclick={answer(AgentVerdict::Once)}>
                    { "Allow once" }
                </button>
            </div>
        </Dialog>
    }
}

fn destination(to: Option<&AgentDestination>) -> Html {
    let Some(to) = to else {
        return html! { "The program did not prove where to." };
    };
    let names = if to.names.is_empty() {
        "a server that this browser does not know".to_owned()
    } else {
        to.names.join(", ")
    };
    html! {
        <>
            { names }<br />
            { format!("{} ", to.kind) }<code>{ to.fingerprint.clone() }</code>
        </>
    }
}
