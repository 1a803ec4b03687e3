//! Handing a text to the person as a download of the browser.

use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// How long the browser may take to open what it downloads, in milliseconds.
const LINGER_MS: u32 = 60_000;

/// Downloads `text` under `name`; must be called from a click or a key.
///
/// - `kind`: media type, such as `application/json`.
pub(crate) fn text(name: &str, kind: &str, text: &str) {
    // A browser that cannot even make a link has no page either.
    let _ = offer(name, kind, text);
}

fn offer(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) = document else {
        return Ok(());
    };
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    link.click();
    wasm_bindgen_futures::spawn_local(async move {
        TimeoutFuture::new(LINGER_MS).await;
        // It is gone with the page at the latest.
        let _ = Url::revoke_object_url(&address);
    });
    Ok(())
}
