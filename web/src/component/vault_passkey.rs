//! Opening the vault with a passkey, in the vault's dialog.

use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use crate::hook::use_provided;
use crate::service::vault_passkey;
use crate::state::message::vault_passkey as words;
use crate::state::vault_passkey::Trouble;

/// What is shown.
#[derive(Clone, PartialEq)]
enum Stage {
    Idle,
    Touching,
    Trouble(Trouble),
}

/// A button, if a passkey opens the vault; and what was the matter.
#[component]
pub(crate) fn PasskeyUnlock() -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let stage = use_state(|| Stage::Idle);
    // Who closes the dialog no longer wants to be asked.
    use_effect_with((), |()| vault_passkey::cancel);
    let Some(safe) = safe.filter(|safe| !safe.state.passkeys.is_empty()) else {
        return Html::default();
    };
    let start = |asks: bool| {
        let (setter, safe) = (stage.setter(), safe.clone());
        Callback::from(move |_: MouseEvent| {
            setter.set(Stage::Touching);
            let setter = setter.clone();
            let on_trouble = Callback::from(move |trouble| setter.set(Stage::Trouble(trouble)));
            if asks {
                safe.find_out(on_trouble);
            } else {
                safe.unlock_with_passkey(on_trouble);
            }
        })
    };
    let unlock = html! {
        <button type="button" class="primary" onclick={start(false)}>
            { words::UNLOCK.say() }
        </button>
    };
    let stop = Callback::from(|_: MouseEvent| vault_passkey::cancel());
    html! {
        <div class="vault-passkey">
            { match &*stage {
                Stage::Idle => unlock,
                Stage::Touching => html! {
                    <>
                        <p role="status">
                            { words::FOLLOW.say() }
                        </p>
                        <button type="button" onclick={stop}>{ words::STOP.say() }</button>
                    </>
                },
                Stage::Trouble(trouble) => html! {
                    <>
                        <p class="refusal" role="alert">{ trouble.opening() }</p>
                        { unlock }
                        if trouble.is_unclear() {
                            <button type="button" onclick={start(true)}>
                                { words::FIND_OUT.say() }
                            </button>
                        }
                    </>
                },
            } }
            <p class="hint">{ words::OR_PASSPHRASE.say() }</p>
        </div>
    }
}
