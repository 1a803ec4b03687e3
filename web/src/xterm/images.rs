//! Images in the output: their addon is fetched when the first one begins, and output waits for it.

use core::cell::{Cell, RefCell};

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Map, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::state::image_sign::{Sign, TELLING_BYTES, sign};
use crate::xterm::js::JsTerminal;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of the image addon.
    #[wasm_bindgen(catch)]
    async fn images() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// `IImageAddonOptions`
    #[wasm_bindgen(extends = Object)]
    type Wishes;

    /// Whether programs are told sizes in pixels.
    #[wasm_bindgen(method, setter, js_name = enableSizeReports)]
    fn set_size_reports(this: &Wishes, on: bool);

    /// Of one image; a larger one is left out.
    #[wasm_bindgen(method, setter, js_name = pixelLimit)]
    fn set_pixel_limit(this: &Wishes, pixels: u32);

    /// Of all images of a terminal, in MB; older ones make room.
    #[wasm_bindgen(method, setter, js_name = storageLimit)]
    fn set_storage_limit(this: &Wishes, megabytes: u32);
}

/// ESC, which begins every sequence.
const ESCAPE: u8 = 0x1b;

/// Most pixels of an image: a screen of 4K, in four bytes each.
const MAX_PIXELS: u32 = 3840 * 2160;

/// All images of a terminal, in MB: one of the largest and some smaller ones.
const MAX_STORED_MB: u32 = 48;

/// Milliseconds from one look to the next whether the addon can draw SIXEL, and how often we look.
/// It compiles its decoder meanwhile, for which a busy machine takes seconds.
const LOOK_MS: u32 = 5;
const MOST_LOOKS: u32 = 2000;

/// Looks for the first image in the output of a terminal.
#[derive(Default)]
pub(crate) struct Images {
    /// The addon is there, or cannot be had.
    settled: Cell<bool>,
    /// What followed the last ESC of the piece before, while it may become an image.
    begun: RefCell<Option<Vec<u8>>>,
}

impl Images {
    /// Whether a piece of output has to wait for the addon. Without an ESC it costs one look.
    pub(crate) fn begin_in(&self, bytes: &Uint8Array) -> bool {
        if self.settled.get() {
            return false;
        }
        if let Some(mut begun) = self.begun.take() {
            begun.extend(part(bytes, 0));
            match sign(&begun) {
                Sign::Image => return true,
                Sign::Unfinished => {
                    self.begun.replace(Some(begun));
                    return false;
                }
                Sign::Other => {}
            }
        }
        let mut from = 0;
        while let Ok(place) = u32::try_from(bytes.index_of(ESCAPE, from)) {
            let next = place + 1;
            // Nearly all sequences are of another kind, and this is the cheapest way to tell.
            let may_be = next == bytes.length() || matches!(bytes.get_index(next), b'P' | b']');
            if may_be {
                let after = part(bytes, next);
                match sign(&after) {
                    Sign::Image => return true,
                    Sign::Unfinished => {
                        self.begun.replace(Some(after));
                    }
                    Sign::Other => {}
                }
            }
            let Ok(next) = i32::try_from(next) else { break };
            from = next;
        }
        false
    }

    /// Output need not wait any more.
    pub(crate) fn settle(&self) {
        self.settled.set(true);
    }
}

/// Fetches the addon and adds it. Where that fails, images are left out, as they were before.
pub(crate) async fn load(js: &JsTerminal) {
    let Ok(module) = images().await else { return };
    let Ok(addon) = add(js, &module) else { return };
    for _ in 0..MOST_LOOKS {
        if decodes(&addon) {
            break;
        }
        TimeoutFuture::new(LOOK_MS).await;
    }
}

/// Whether the addon has its decoder of SIXEL: without it, it leaves an image out and says nothing.
/// Its API does not tell (0.9); where its inside looks different, we take it for ready.
fn decodes(addon: &JsValue) -> bool {
    let handlers = Reflect::get(addon, &"_handlers".into()).ok();
    let handlers = handlers.and_then(|handlers| handlers.dyn_into::<Map>().ok());
    let sixel = handlers.map(|handlers| handlers.get(&"sixel".into()));
    let decoder = sixel.and_then(|sixel| Reflect::get(&sixel, &"_dec".into()).ok());
    decoder.is_none_or(|decoder| decoder.is_truthy())
}

fn part(bytes: &Uint8Array, from: u32) -> Vec<u8> {
    let most = u32::try_from(TELLING_BYTES).unwrap_or(u32::MAX);
    let end = from.saturating_add(most).min(bytes.length());
    bytes.subarray(from, end).to_vec()
}

fn add(js: &JsTerminal, module: &JsValue) -> Result<JsValue, JsValue> {
    let constructor: Function = Reflect::get(module, &"ImageAddon".into())?.dyn_into()?;
    let wishes: Wishes = Object::new().unchecked_into();
    wishes.set_size_reports(false);
    wishes.set_pixel_limit(MAX_PIXELS);
    wishes.set_storage_limit(MAX_STORED_MB);
    let addon = Reflect::construct(&constructor, &Array::of1(&wishes))?;
    js.try_load_addon(addon.unchecked_ref())?;
    Ok(addon)
}
