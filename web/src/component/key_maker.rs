//! The form that makes a key.

use transom_browser::KeyKind;
use web_sys::{HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::{Callback, Html, Properties, component, html, use_node_ref};

use crate::state::message::{Message, keys as words};

/// The kinds in the order of our advice, with the words of the list.
/// With its name in every language, or a message.
const KINDS: [(Making, Result<&str, Message>); 6] = [
    (Making::Key(KeyKind::Ed25519), Err(words::ED25519)),
    (Making::Key(KeyKind::EcdsaP256), Ok("ECDSA P-256")),
    (Making::Key(KeyKind::EcdsaP384), Ok("ECDSA P-384")),
    (Making::Key(KeyKind::Rsa3072), Err(words::RSA_3072)),
    (Making::Key(KeyKind::Rsa4096), Err(words::RSA_4096)),
    (Making::Passkey, Err(words::PASSKEY)),
];

/// Who makes a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Making {
    /// The browser, of this kind.
    Key(KeyKind),
    /// An authenticator, which keeps it.
    Passkey,
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) kind: Making,
    pub(crate) name: String,
    /// It is to be kept in the vault, from where it can be exported.
    pub(crate) exportable: bool,
}

/// Who makes it.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyMakerProps {
    pub(crate) on_make: Callback<Wanted>,
}

/// Asks for a name and a type. Both have a default, so that one click is enough.
#[component]
pub(crate) fn KeyMaker(props: &KeyMakerProps) -> Html {
    let (name, kind, exportable) = (use_node_ref(), use_node_ref(), use_node_ref());
    let onsubmit = {
        let (name, kind, on_make) = (name.clone(), kind.clone(), props.on_make.clone());
        let exportable = exportable.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = name.cast::<HtmlInputElement>() else {
                return;
            };
            let chosen = kind.cast::<HtmlSelectElement>();
            let place = chosen.and_then(|select| usize::try_from(select.selected_index()).ok());
            let kind = place.and_then(|place| KINDS.get(place));
            let typed = input.value().trim().to_owned();
            let exportable = exportable.cast::<HtmlInputElement>();
            on_make.emit(Wanted {
                kind: kind.map_or(Making::Key(KeyKind::Ed25519), |(kind, _)| *kind),
                name: if typed.is_empty() {
                    "transom".to_owned()
                } else {
                    typed
                },
                // Asked for anew each time.
                exportable: exportable.is_some_and(|choice| {
                    let chosen = choice.checked();
                    choice.set_checked(false);
                    chosen
                }),
            });
            input.set_value("");
        })
    };
    html! {
        <form class="key-maker" {onsubmit}>
            <label class="field">
                <span>{ words::NAME.say() }</span>
                <input ref={name} type="text" maxlength="64" placeholder="transom"
                    autocomplete="off" />
            </label>
            <label class="field">
                <span>{ words::TYPE.say() }</span>
                <select ref={kind}>
                    // Yew inserts options from the last to the first, and browsers choose the first
                    // that comes.
                    { for KINDS.iter().enumerate().map(|(place, (_, name))| {
                        let name = name.unwrap_or_else(|message| message.say());
                        html! { <option key={name} selected={place == 0}>{ name }</option> }
                    }) }
                </select>
            </label>
            <label class="choice">
                <input ref={exportable} type="checkbox" />
                { words::EXPORTABLE.say() }
            </label>
            <button type="submit" class="primary">{ words::GENERATE.say() }</button>
        </form>
    }
}
