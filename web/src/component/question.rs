//! The question that waits for a person, if there is one.

use transom_protocol::{Answer, HostKeyVerdict, Question, Secret};
use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, Properties, component, hook, html, use_effect_with};

use crate::component::agent::AgentQuestion;
use crate::component::host_key::{ChangedHostKey, UnknownHostKey};
use crate::component::log_in::LogIn;
use crate::hook::safe::SafeHandle;
use crate::hook::{Provided, use_provided, when};
use crate::state::connection::{Asked, ConnectionId};
use crate::state::safe::{Typed, is_unrefused, password_id};

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
    let answering = provided.clone();
    let on_answer = Callback::from(move |answer: Answer| {
        if let Some(provided) = &answering {
            provided.sessions.answer(&id, question, answer);
        }
    });
    let typed = typed(provided.as_ref(), props);
    let on_typed = use_typed(
        provided.map(|provided| provided.safe),
        typed.clone(),
        &props.asked,
    );
    let on_verdict = on_answer.reform(|verdict: HostKeyVerdict| Answer::HostKey { verdict });
    match &props.asked.question {
        Question::UnknownHostKey { offer } => html! {
            <UnknownHostKey key={question.0} offer={offer.clone()} {on_verdict} />
        },
        Question::ChangedHostKey { offer, known } => html! {
            <ChangedHostKey key={question.0} offer={offer.clone()} known={known.clone()}
                {on_verdict} />
        },
        Question::Agent { wish } => {
            let on_verdict = on_answer.reform(|verdict| Answer::Agent { verdict });
            html! { <AgentQuestion key={question.0} wish={wish.clone()} {on_verdict} /> }
        }
        other => {
            let onkeydown = when(&on_answer, |event: KeyboardEvent| {
                (event.key() == "Escape").then_some(Answer::Cancel)
            });
            html! {
                <div key={question.0} class="sheet" {onkeydown}>
                    <LogIn question={other.clone()} host={props.host.clone()} {on_answer}
                        saved={typed.map(|typed| AttrValue::from(typed.id))} {on_typed} />
                </div>
            }
        }
    }
}

/// Whose password a question asks for: the jump host's that is passed now, or the target's.
fn typed(provided: Option<&Provided>, props: &QuestionViewProps) -> Option<Typed> {
    let Question::Credential { user, .. } = &props.asked.question else {
        return None;
    };
    let connection = provided?.workspace.connection(&props.connection)?;
    let target = connection.hop.as_ref().or(connection.target.as_ref())?;
    Some(Typed {
        connection: props.connection.clone(),
        id: password_id(user, target),
    })
}

/// Notes what is typed, so that it can be saved after the log-in, and forgets it when the server
/// refuses it.
#[hook]
fn use_typed(safe: Option<SafeHandle>, typed: Option<Typed>, asked: &Asked) -> Callback<Secret> {
    let refused = match &asked.question {
        Question::Credential { refused, .. } => !is_unrefused(refused.as_ref()),
        _ => false,
    };
    let (dropping, gone) = (safe.clone(), typed.clone());
    use_effect_with((asked.id, refused), move |(_, refused)| {
        if let Some((safe, typed)) = dropping.zip(gone).filter(|_| *refused) {
            safe.drop_typed(typed);
        }
    });
    Callback::from(move |password: Secret| {
        if let Some((safe, typed)) = safe.as_ref().zip(typed.as_ref()) {
            safe.note(typed.clone(), password);
        }
    })
}
