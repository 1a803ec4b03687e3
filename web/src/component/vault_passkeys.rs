//! The passkeys that open the vault, on the Keys screen: set up, list, remove.

use transom_browser::vault::{PasskeySecret, VaultPasskey};
use transom_protocol::{Echo, Secret, VaultOutcome};
use yew::{AttrValue, Callback, Html, MouseEvent, UseStateHandle, component, html, use_state};

use crate::component::dialog::Dialog;
use crate::component::prompt_form::{Field, PromptForm};
use crate::component::vault_passkey_list::VaultPasskeyList;
use crate::hook::safe::SafeHandle;
use crate::hook::use_provided;
use crate::service::vault_passkey;
use crate::state::message::{button, vault_passkey as words};
use crate::state::safe::trouble;
use crate::state::vault_passkey::Trouble;

/// How far the setting up is.
#[derive(Clone)]
enum Stage {
    Closed,
    Touching,
    Trouble(Trouble),
    /// It is made, and the passphrase lets it in; tells what was wrong with that before.
    Made(VaultPasskey, PasskeySecret, Option<String>),
    Working,
}

/// A list, a button, and the dialog behind it.
#[component]
pub(crate) fn VaultPasskeys() -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let stage = use_state(|| Stage::Closed);
    let Some(safe) = safe else {
        return Html::default();
    };
    let start = making(&stage, &safe);
    let on_passphrase = adding(&stage, &safe);
    let on_cancel = {
        let (setter, now) = (stage.setter(), (*stage).clone());
        Callback::from(move |()| {
            vault_passkey::cancel();
            if let Stage::Made(passkey, ..) = &now {
                vault_passkey::forget(&passkey.credential);
            }
            setter.set(Stage::Closed);
        })
    };
    let add = start.clone();
    html! {
        <section class="vault-passkeys" aria-label={words::UNLOCK.say()}>
            <h3>{ words::UNLOCK.say() }</h3>
            <p class="hint">{ words::WHAT.say() }</p>
            <VaultPasskeyList passkeys={safe.state.passkeys.clone()} />
            <button type="button" onclick={add}>{ words::ADD.say() }</button>
            if !matches!(*stage, Stage::Closed) {
                <Dialog title={words::ADD.say()} class="vault-dialog" on_cancel={on_cancel.clone()}>
                    { body(&stage, start, on_passphrase) }
                    <div class="actions">
                        <button type="button" onclick={on_cancel.reform(|_: MouseEvent| ())}>
                            { button::CANCEL.say() }
                        </button>
                    </div>
                </Dialog>
            }
        </section>
    }
}

/// Lets an authenticator make a passkey.
fn making(stage: &UseStateHandle<Stage>, safe: &SafeHandle) -> Callback<MouseEvent> {
    let (setter, safe) = (stage.setter(), safe.clone());
    Callback::from(move |_: MouseEvent| {
        setter.set(Stage::Touching);
        let setter = setter.clone();
        safe.make_passkey(Callback::from(move |made| {
            setter.set(match made {
                Ok((passkey, secret)) => Stage::Made(passkey, secret, None),
                Err(trouble) => Stage::Trouble(trouble),
            });
        }));
    })
}

/// Lets the passkey that was made open the vault, by the passphrase.
fn adding(stage: &UseStateHandle<Stage>, safe: &SafeHandle) -> Callback<Vec<Secret>> {
    let (setter, safe, now) = (stage.setter(), safe.clone(), (**stage).clone());
    Callback::from(move |texts: Vec<Secret>| {
        let (Stage::Made(passkey, secret, _), Some(passphrase)) =
            (now.clone(), texts.into_iter().next())
        else {
            return;
        };
        setter.set(Stage::Working);
        let setter = setter.clone();
        let (kept, handle) = (passkey.clone(), secret.clone());
        let on_outcome = Callback::from(move |outcome: VaultOutcome| {
            setter.set(match trouble(&outcome) {
                Some(words) => Stage::Made(kept.clone(), handle.clone(), Some(words)),
                None => Stage::Closed,
            });
        });
        safe.add_passkey(passkey, &secret, passphrase, on_outcome);
    })
}

fn body(stage: &Stage, start: Callback<MouseEvent>, on_submit: Callback<Vec<Secret>>) -> Html {
    match stage {
        Stage::Closed => Html::default(),
        Stage::Touching => html! {
            <p role="status">{ words::CHOOSE.say() }</p>
        },
        Stage::Trouble(trouble) => html! {
            <>
                <p class="refusal" role="alert">{ trouble.making() }</p>
                <button type="button" class="primary" onclick={start}>{ button::TRY_AGAIN.say() }</button>
            </>
        },
        Stage::Made(_, _, problem) => {
            let fields = vec![Field {
                label: AttrValue::Static(button::PASSPHRASE.say()),
                echo: Echo::Hidden,
                autocomplete: "off",
            }];
            html! {
                <>
                    <p class="hint">{ words::MADE.say() }</p>
                    if let Some(problem) = problem {
                        <p class="refusal" role="alert">{ problem.clone() }</p>
                    }
                    <PromptForm {fields} {on_submit} />
                </>
            }
        }
        Stage::Working => {
            html! { <p role="status">{ words::DERIVING.say() }</p> }
        }
    }
}
