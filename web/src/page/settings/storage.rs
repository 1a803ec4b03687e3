//! What is kept in this browser.

use yew::{Html, component, html, use_effect_with, use_state};

use crate::component::backup::Backup;
use crate::component::forget::Forget;
use crate::component::restore::Restore;
use crate::page::settings::row::Row;
use crate::service::forget;
use crate::state::message::settings as words;

/// The settings of the storage.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row {
            name: words::STORAGE.say(),
            words: "Storage usage size space bytes used",
            control: html! { <Usage /> },
        },
        Row {
            name: words::BACKUP.say(),
            words: "Back up backup restore export import keys hosts file",
            control: html! { <div class="actions"><Backup /><Restore /></div> },
        },
        Row {
            name: words::FORGET.say(),
            words: "Forget this browser wipe delete remove everything reset privacy",
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
    let said = bytes.map(|bytes| words::USAGE.with(&[("size", &format!("{:.1}", bytes / 1e6))]));
    html! { <p class="hint">{ said.unwrap_or_default() }</p> }
}
