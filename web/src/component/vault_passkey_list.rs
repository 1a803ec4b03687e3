//! The passkeys that open the vault, each with a button that removes it.

use transom_browser::vault::VaultPasskey;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::hook::safe::SafeHandle;
use crate::hook::use_provided;
use crate::service::place;
use crate::state::message::vault_passkey as words;

/// Which there are.
#[derive(PartialEq, Properties)]
pub(crate) struct VaultPasskeyListProps {
    pub(crate) passkeys: Vec<VaultPasskey>,
}

/// One row for each; nothing where there are none.
#[component]
pub(crate) fn VaultPasskeyList(props: &VaultPasskeyListProps) -> Html {
    let safe = use_provided().map(|provided| provided.safe);
    let Some(safe) = safe.filter(|_| !props.passkeys.is_empty()) else {
        return Html::default();
    };
    let rows = props.passkeys.iter().map(|passkey| row(&safe, passkey));
    html! {
        <ul class="saved-passwords" aria-label={words::LIST.say()}>{ for rows }</ul>
    }
}

fn row(safe: &SafeHandle, passkey: &VaultPasskey) -> Html {
    let made = place::moment(passkey.made_ms);
    let (safe, gone) = (safe.clone(), passkey.clone());
    let onclick = Callback::from(move |_: MouseEvent| safe.remove_passkey(gone.clone()));
    html! {
        <li key={format!("{:?}", passkey.credential)}>
            <span>{ words::OF.with(&[("made", &made)]) }</span>
            <button type="button" class="quiet" {onclick}
                aria-label={words::REMOVE_OF.with(&[("made", &made)])}>
                { words::REMOVE.say() }
            </button>
        </li>
    }
}
