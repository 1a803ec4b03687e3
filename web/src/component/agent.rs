//! The question of a program on a server, which the agent is forwarded to.

use transom_protocol::{AgentDestination, AgentUse, AgentVerdict};
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::component::dialog::Dialog;
use crate::component::rich::rich;
use crate::state::message::log_in as words;

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
    let strong = |text: &str| html! { <strong>{ text.to_owned() }</strong> };
    let mut parts = vec![("from", strong(&wish.from)), ("key", strong(&wish.key))];
    let what = match &wish.user {
        Some(user) => {
            parts.push(("user", html! { user.clone() }));
            words::AGENT_LOG_IN
        }
        None => words::AGENT_SIGN,
    };
    html! {
        <Dialog title={words::AGENT.say()} class="host-key"
            on_cancel={on_verdict.reform(|()| AgentVerdict::Refuse)}>
            <p>{ rich(what, &parts) }</p>
            <dl>
                <dt>{ words::KEY.say() }</dt><dd><code>{ wish.fingerprint.clone() }</code></dd>
                <dt>{ words::WHERE_TO.say() }</dt><dd>{ destination(wish.to.as_ref()) }</dd>
            </dl>
            <p class="hint">
                { words::AGENT_HINT.say() }
            </p>
            // Refusing is the safe answer, so it comes first and takes the focus.
            <div class="actions">
                <button type="button" autofocus=true onclick={answer(AgentVerdict::Refuse)}>
                    { words::REFUSE.say() }
                </button>
                <button type="button" onclick={answer(AgentVerdict::TenMinutes)}>
                    { words::TEN_MINUTES.say() }
                </button>
                <button type="button" class="primary" onclick={answer(AgentVerdict::Once)}>
                    { words::ONCE.say() }
                </button>
            </div>
        </Dialog>
    }
}

fn destination(to: Option<&AgentDestination>) -> Html {
    let Some(to) = to else {
        return html! { words::UNPROVEN.say() };
    };
    let names = if to.names.is_empty() {
        words::UNKNOWN_SERVER.say().to_owned()
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
