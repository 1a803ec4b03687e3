//! The question that waits for a person, if there is one.

use transom_protocol::{Answer, HostKeyVerdict, Question};
use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::component::host_key::{ChangedHostKey, UnknownHostKey};
use crate::component::log_in::LogIn;
use crate::hook::{use_provided, when};
use crate::state::connection::{Asked, ConnectionId};

/// Which question, and whose.
#[derive(PartialEq, Properties)]
pub(crate) struct QuestionViewProps {
    pub(crate) connection: ConnectionId,
    pub(crate) host: AttrValue,
    pub(crate) asked: Asked,
}

/// Shows a question and sends its answer. Esc cancels.
#[component]
pub(crate) fn QuestionView(props: &QuestionViewProps) -> Html {
    let provided = use_provided();
    let (id, question) = (props.connection.clone(), props.asked.id);
    let on_answer = Callback::from(move |answer: Answer| {
        if let Some(provided) = &provided {
            provided.sessions.answer(&id, question, answer);
        }
    });
    let on_verdict = on_answer.reform(|verdict: HostKeyVerdict| Answer::HostKey { verdict });
    match &props.asked.question {
        Question::UnknownHostKey { offer } => html! {
            <UnknownHostKey key={question.0} offer={offer.clone()} {on_verdict} />
        },
        Question::ChangedHostKey { offer, known } => html! {
            <ChangedHostKey key={question.0} offer={offer.clone()} known={known.clone()}
                {on_verdict} />
        },
        other => {
            let onkeydown = when(&on_answer, |event: KeyboardEvent| {
                (event.key() == "Escape").then_some(Answer::Cancel)
            });
            html! {
                <div key={question.0} class="sheet" {onkeydown}>
                    <LogIn question={other.clone()} host={props.host.clone()} {on_answer} />
                </div>
            }
        }
    }
}
