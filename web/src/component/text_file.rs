//! Choosing a text file of the person's own.

use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlInputElement};
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, TargetCast, component, html, use_node_ref,
};

use crate::component::icon::{Glyph, Icon};
use crate::state::message::button;

/// Larger files are none of ours; they are not even read.
const MAX_TEXT_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

/// What is chosen.
#[derive(PartialEq, Properties)]
pub(crate) struct TextFileProps {
    /// The button's name.
    pub(crate) name: AttrValue,
    /// Endings that the picker shows, such as `.json`.
    pub(crate) accept: AttrValue,
    /// The file's name and its text; no text where it is too large or cannot be read.
    pub(crate) on_text: Callback<(String, Option<String>)>,
}

/// A button for the file picker.
#[component]
pub(crate) fn TextFile(props: &TextFileProps) -> Html {
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
        let on_text = props.on_text.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let file = input.files().and_then(|files| files.get(0));
            // The same file may be chosen again.
            input.set_value("");
            let (Some(file), on_text) = (file, on_text.clone()) else {
                return;
            };
            wasm_bindgen_futures::spawn_local(async move {
                let mut text = None;
                if file.size() <= MAX_TEXT_BYTES {
                    let read = JsFuture::from(file.text()).await.ok();
                    text = read.and_then(|read| read.as_string());
                }
                on_text.emit((file.name(), text));
            });
        })
    };
    html! {
        <>
            <button type="button" class="quiet" {onclick}>
                <Icon glyph={Glyph::Upload} />{ props.name.clone() }
            </button>
            <input ref={input} type="file" hidden=true accept={props.accept.clone()}
                aria-label={button::FILE_OF.with(&[("name", &props.name)])} {onchange} />
        </>
    }
}
