//! The vault on the Keys screen: its lock, and the passwords that it holds.

use yew::{Callback, Html, MouseEvent, component, html, use_effect_with};

use crate::component::vault_passkeys::VaultPasskeys;
use crate::hook::use_provided;
use crate::state::message::{button, vault as words};
use crate::state::safe::{Asking, Lock, SafeAction, owner};

/// Shows whether the vault is open, and what it holds.
#[component]
pub(crate) fn VaultPanel() -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let looking = safe.clone();
    use_effect_with((), move |()| {
        if let Some(safe) = looking {
            safe.look();
        }
    });
    let Some(safe) = safe else {
        return Html::default();
    };
    let ask = |asking: Asking| {
        let state = safe.state.dispatcher();
        Callback::from(move |_: MouseEvent| state.dispatch(SafeAction::Asked(asking)))
    };
    let lock = {
        let safe = safe.clone();
        Callback::from(move |_: MouseEvent| safe.lock())
    };
    let (words, exists) = match safe.state.lock {
        Lock::Unknown => return Html::default(),
        Lock::Absent => (words::NONE.say(), false),
        Lock::Locked => (words::LOCKED.say(), true),
        Lock::Open => (words::OPEN.say(), true),
    };
    let saved = safe.state.saved.iter().map(|id| {
        let (removing, gone) = (safe.clone(), id.clone());
        let onclick = Callback::from(move |_: MouseEvent| removing.remove(gone.clone()));
        html! {
            <li key={id.clone()}>
                <bdi>{ owner(id).to_owned() }</bdi>
                <button type="button" class="quiet" {onclick}
                    aria-label={words::REMOVE_OF.with(&[("owner", owner(id))])}>
                    { words::REMOVE.say() }
                </button>
            </li>
        }
    });
    html! {
        <section class="vault-panel" aria-label={words::TITLE.say()}>
            <h2>{ words::TITLE.say() }</h2>
            <p role="status">{ words }</p>
            <div class="key-actions">
                if !exists {
                    <button type="button" onclick={ask(Asking::Create)}>{ words::CREATE.say() }</button>
                } else if safe.state.lock == Lock::Open {
                    <button type="button" onclick={lock}>{ words::LOCK.say() }</button>
                } else {
                    <button type="button" onclick={ask(Asking::Unlock)}>{ button::UNLOCK_VAULT.say() }</button>
                }
                if exists {
                    <button type="button" class="quiet" onclick={ask(Asking::Change)}>
                        { words::CHANGE.say() }
                    </button>
                }
            </div>
            if exists {
                <VaultPasskeys />
            }
            if !safe.state.saved.is_empty() {
                <h3>{ words::SAVED.say() }</h3>
                <ul class="saved-passwords" aria-label={words::SAVED.say()}>{ for saved }</ul>
            }
        </section>
    }
}
