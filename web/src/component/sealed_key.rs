//! A key of the vault at a log-in: used while the vault is open, or after it was opened.

use transom_protocol::{Answer, Secret};
use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html, use_effect_with};

use crate::hook::use_provided;
use crate::state::message::{button, log_in as words};
use crate::state::safe::Lock;

/// Which key.
#[derive(PartialEq, Properties)]
pub(crate) struct SealedKeyProps {
    pub(crate) fingerprint: AttrValue,
    pub(crate) name: AttrValue,
    pub(crate) on_answer: Callback<Answer>,
}

/// Answers with the key if the vault is open; offers to open it, and to go on without the key.
#[component]
pub(crate) fn SealedKey(props: &SealedKeyProps) -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let looking = safe.clone();
    use_effect_with((), move |()| {
        if let Some(safe) = looking {
            safe.look();
        }
    });
    let lock = safe.as_ref().map_or(Lock::Unknown, |safe| safe.state.lock);
    let (reading, fingerprint) = (safe.clone(), props.fingerprint.to_string());
    let (name, on_answer) = (props.name.to_string(), props.on_answer.clone());
    use_effect_with(lock, move |lock| {
        if let Some(safe) = reading.filter(|_| *lock == Lock::Open) {
            let on_key = on_answer.reform(move |text: Option<Secret>| match text {
                Some(text) => Answer::KeyFile {
                    name: name.clone(),
                    text,
                },
                // The vault was made anew, or its record is damaged.
                None => Answer::WithoutKey,
            });
            safe.read_key(fingerprint, on_key);
        }
    });
    let unlock = Callback::from(move |_: MouseEvent| {
        if let Some(safe) = &safe {
            safe.ask_to_open();
        }
    });
    let without = props.on_answer.reform(|_: MouseEvent| Answer::WithoutKey);
    html! {
        <>
            <h2>{ words::USE_KEY.with(&[("name", &props.name)]) }</h2>
            if lock == Lock::Open {
                <p role="status">{ words::USING_KEY.say() }</p>
            } else {
                <p>{ words::KEY_LOCKED.say() }</p>
                <div class="actions">
                    <button type="button" class="primary" onclick={unlock}>{ button::UNLOCK_VAULT.say() }</button>
                    <button type="button" onclick={without}>{ words::WITHOUT.say() }</button>
                </div>
            }
        </>
    }
}
