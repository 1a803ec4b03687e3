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
        <section class="vault-passkeys" aria-label="Unlock with a passkey">
            <h3>{ "Unlock with a passkey" }</h3>
            <p class="hint">{ "This device, a phone or a security key opens the vault by finger, face \
                or PIN. The passphrase goes on opening it: it is the way in when the passkey is \
                gone." }</p>
            <VaultPasskeyList passkeys={safe.state.passkeys.clone()} />
            <button type="button" onclick={add}>{ "Add a passkey" }</button>
            if !matches!(*stage, Stage::Closed) {
                <Dialog title="Add a passkey" class="vault-dialog" on_cancel={on_cancel.clone()}>
                    { body(&stage, start, on_passphrase) }
                    <div class="actions">
                        <button type="button" onclick={on_cancel.reform(|_: MouseEvent| ())}>
                            { "Cancel" }
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
            <p role="status">{ "Follow your browser: choose where the passkey is kept, and let it \
                verify you. Some authenticators ask twice." }</p>
        },
        Stage::Trouble(trouble) => html! {
            <>
                <p class="refusal" role="alert">{ trouble.making() }</p>
                <button type="button" class="primary" onclick={start}>{ "Try again" }</button>
            </>
        },
        Stage::Made(_, _, problem) => {
            let fields = vec![Field {
                label: AttrValue::Static("Passphrase"),
                echo: Echo::Hidden,
                autocomplete: "off",
            }];
            html! {
                <>
                    <p class="hint">{ "The passkey is made. The passphrase of the vault lets it in. \
                        Keep the passphrase: whoever loses the passkey needs it." }</p>
                    if let Some(problem) = problem {
                        <p class="refusal" role="alert">{ problem.clone() }</p>
                    }
                    <PromptForm {fields} {on_submit} />
                </>
            }
        }
        Stage::Working => {
            html! { <p role="status">{ "Deriving the key from the passphrase…" }</p> }
        }
    }
}
