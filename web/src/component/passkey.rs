//! A key that an authenticator holds, at a log-in: it is asked at once, and again if that failed.

use transom_protocol::Answer;
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, UseStateSetter, component, html,
    use_effect_with, use_state,
};

use crate::service::passkey;
use crate::state::message::{button, log_in as words};
use crate::state::words::passkey_problem;

/// Which key, and what it is to sign.
#[derive(PartialEq, Properties)]
pub(crate) struct PasskeyProps {
    pub(crate) name: AttrValue,
    pub(crate) credential: Vec<u8>,
    pub(crate) party: AttrValue,
    pub(crate) challenge: Vec<u8>,
    pub(crate) on_answer: Callback<Answer>,
}

/// Asks for a touch; offers to try again, and to go on without the key.
#[component]
pub(crate) fn PasskeyTouch(props: &PasskeyProps) -> Html {
    let problem = use_state(|| None::<String>);
    let ask = asking(props, problem.setter());
    let first = ask.clone();
    use_effect_with((), move |()| first.emit(()));
    let without = props.on_answer.reform(|_: MouseEvent| Answer::WithoutKey);
    html! {
        <>
            <h2>{ words::USE_PASSKEY.with(&[("name", &props.name)]) }</h2>
            if let Some(problem) = &*problem {
                <p class="refusal" role="alert">{ problem.clone() }</p>
            } else {
                <p role="status">{ words::TOUCH.say() }</p>
            }
            <div class="actions">
                if problem.is_some() {
                    <button type="button" class="primary"
                        onclick={ask.reform(|_: MouseEvent| ())}>{ button::TRY_AGAIN.say() }</button>
                }
                <button type="button" onclick={without}>{ words::WITHOUT.say() }</button>
            </div>
        </>
    }
}

/// Asks the authenticator, and answers or tells what was the matter.
fn asking(props: &PasskeyProps, setter: UseStateSetter<Option<String>>) -> Callback<()> {
    let (credential, challenge) = (props.credential.clone(), props.challenge.clone());
    let (party, on_answer) = (props.party.clone(), props.on_answer.clone());
    Callback::from(move |()| {
        setter.set(None);
        let (credential, challenge) = (credential.clone(), challenge.clone());
        let (party, on_answer, setter) = (party.clone(), on_answer.clone(), setter.clone());
        wasm_bindgen_futures::spawn_local(async move {
            match passkey::sign(&credential, &party, &challenge).await {
                Ok(answer) => on_answer.emit(answer),
                Err(failure) => setter.set(Some(passkey_problem(&failure.name, &party))),
            }
        });
    })
}
