//! Choosing a private key file, by the picker or by dropping it.

use transom_protocol::{Answer, Secret};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, HtmlInputElement};
use yew::{Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_node_ref};

use crate::component::icon::{Glyph, Icon};
use crate::state::message::log_in as words;

/// Larger files are no keys; they are not even read. RSA keys of 16384 bits take 13 kB.
const MAX_KEY_BYTES: f64 = 256.0 * 1024.0;

/// Who hears about the file.
#[derive(PartialEq, Properties)]
pub(crate) struct KeyFileProps {
    pub(crate) on_answer: Callback<Answer>,
}

/// A button for the file picker, and a place to drop a file.
#[component]
pub(crate) fn KeyFile(props: &KeyFileProps) -> Html {
    let input = use_node_ref();
    let onclick = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let on_answer = props.on_answer.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                read(file, on_answer.clone());
            }
            // The same file may be chosen again.
            input.set_value("");
        })
    };
    let ondrop = {
        let on_answer = props.on_answer.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            let files = event.data_transfer().and_then(|dropped| dropped.files());
            if let Some(file) = files.and_then(|files| files.get(0)) {
                read(file, on_answer.clone());
            }
        })
    };
    html! {
        <div class="key-file" {ondrop} ondragover={|event: DragEvent| event.prevent_default()}>
            <button type="button" {onclick}>
                <Icon glyph={Glyph::Key} />{ words::KEY_FILE.say() }
            </button>
            <span class="hint">{ words::KEY_FILE_DROP.say() }</span>
            <input ref={input} type="file" class="unseen" tabindex="-1" aria-label={words::KEY_FILE_FIELD.say()}
                {onchange} />
        </div>
    }
}

/// Reads a file and answers with it. A file that is too large is answered without its content,
/// so that the engine says what is wrong with it.
fn read(file: File, on_answer: Callback<Answer>) {
    wasm_bindgen_futures::spawn_local(async move {
        let text = if file.size() > MAX_KEY_BYTES {
            None
        } else {
            let text = JsFuture::from(file.text()).await.ok();
            text.and_then(|text| text.as_string())
        };
        on_answer.emit(Answer::KeyFile {
            name: file.name(),
            text: Secret::new(text.unwrap_or_default()),
        });
    });
}
