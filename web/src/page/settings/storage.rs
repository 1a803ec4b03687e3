//! What is kept in this browser.

use yew::{Html, component, html, use_effect_with, use_state};

use crate::component::backup::Backup;
use crate::component::forget::Forget;
use crate::component::restore::Restore;
use crate::page::settings::row::Row;
use crate::service::forget;
use crate::state::file_words;
use crate::state::message::{setting_words as find, settings as words};

/// The settings of the storage.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row {
            name: words::STORAGE.say(),
            words: find::USAGE,
            control: html! { <Usage /> },
        },
        Row {
            name: words::BACKUP.say(),
            words: find::BACKUP,
            control: html! { <div class="actions"><Backup /><Restore /></div> },
        },
        Row {
            name: words::FORGET.say(),
            words: find::FORGET,
            control: html! { <Forget /> },
        },
    ]
}

/// Says how much is kept.
#[component]
fn Usage() -> Html {
    let bytes = use_state(|| None::<f64>);
    let setter = bytes.setter();
    use_effect_with((), move |()| {
        wasm_bindgen_futures::spawn_local(async move {
            // Without the module nothing is said.
            setter.set(forget::usage_bytes().await.ok());
        });
    });
    let said = bytes.map(|bytes| words::USAGE.with(&[("size", &file_words::size_of(bytes))]));
    html! { <p class="hint">{ said.unwrap_or_default() }</p> }
}
