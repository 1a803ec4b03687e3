//! What is kept in this browser.

use yew::{Html, component, html, use_effect_with, use_state};

use crate::component::backup::Backup;
use crate::component::forget::Forget;
use crate::component::restore::Restore;
use crate::page::settings::row::Row;
use crate::service::forget;

/// The settings of the storage.
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row {
            words: "Storage usage size space bytes used",
            control: html! { <Usage /> },
        },
        Row {
            words: "Back up backup restore export import keys hosts file",
            control: html! { <div class="actions"><Backup /><Restore /></div> },
        },
        Row {
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
    let words = bytes.map(|bytes| {
        let megabytes = bytes / 1e6;
        format!("Transom keeps {megabytes:.1} MB in this browser.")
    });
    html! { <p class="hint">{ words.unwrap_or_default() }</p> }
}
