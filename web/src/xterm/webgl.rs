//! Drawing with the graphics card, where there is one.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlCanvasElement;

use crate::xterm::js::{JsTerminal, Webgl};
use crate::xterm::output::Output;

#[wasm_bindgen]
extern "C" {
    /// `WebGLContextAttributes`
    #[wasm_bindgen(extends = Object)]
    type Attributes;

    #[wasm_bindgen(method, setter, js_name = failIfMajorPerformanceCaveat)]
    fn set_fail_if_major_performance_caveat(this: &Attributes, on: bool);

    /// A WebGL context.
    #[wasm_bindgen(extends = Object)]
    type Context;

    #[wasm_bindgen(method, js_name = getExtension)]
    fn extension(this: &Context, name: &str) -> Option<LoseContext>;

    #[wasm_bindgen(method, js_name = getExtension)]
    fn any_extension(this: &Context, name: &str) -> JsValue;

    #[wasm_bindgen(method, js_name = getParameter)]
    fn parameter(this: &Context, name: u32) -> JsValue;

    /// `WEBGL_lose_context`
    type LoseContext;

    #[wasm_bindgen(method, js_name = loseContext)]
    fn lose(this: &LoseContext);
}

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of the WebGL addon.
    #[wasm_bindgen(catch)]
    async fn webgl() -> Result<JsValue, JsValue>;
}

/// The first prompt comes first: asking for a context may start the browser's graphics process.
const LATER_MS: u32 = 1000;

/// `gl.RENDERER`
const RENDERER: u32 = 0x1F01;

/// `UNMASKED_RENDERER_WEBGL` of `WEBGL_debug_renderer_info`
const UNMASKED_RENDERER: u32 = 0x9246;

/// Renderers without a graphics card, as they call themselves.
const SOFTWARE: [&str; 4] = ["SwiftShader", "llvmpipe", "softpipe", "Basic Render"];

thread_local! {
    /// Found out once: the answer never changes while the page lives.
    static FAST: bool = probe().is_some();
}

/// Draws `js` with WebGL if that is faster than xterm.js drawing by itself, with elements; those
/// draw until WebGL's part is fetched.
///
/// - `output`: lives as long as the terminal.
pub(crate) fn draw(js: &JsTerminal, output: &Rc<Output>) {
    let (js, output) = (js.same(), Rc::downgrade(output));
    wasm_bindgen_futures::spawn_local(async move {
        TimeoutFuture::new(LATER_MS).await;
        if output.strong_count() == 0 || !FAST.with(|fast| *fast) {
            return;
        }
        // Where it cannot be fetched, elements go on.
        let Ok(addon) = fetch().await else { return };
        let Some(output) = output.upgrade() else {
            return;
        };
        // Elements again when the graphics card takes its context away.
        let disposing = addon.clone();
        let on_loss = Closure::<dyn Fn()>::new(move || disposing.dispose_it());
        addon.on_context_loss(on_loss.as_ref().unchecked_ref());
        output.keep(on_loss);
        if js.try_load_addon(addon.unchecked_ref()).is_err() {
            addon.dispose_it();
        }
    });
}

/// Makes the addon; its constructor throws in some browsers.
async fn fetch() -> Result<Webgl, JsValue> {
    let module = webgl().await?;
    let constructor: Function = Reflect::get(&module, &"WebglAddon".into())?.dyn_into()?;
    Ok(Reflect::construct(&constructor, &Array::new())?.unchecked_into())
}

/// `Some` where WebGL draws in hardware.
///
/// Without a graphics card, browsers draw WebGL on the processor, on the page's thread: output
/// then takes several times as long as with elements.
fn probe() -> Option<()> {
    let canvas = web_sys::window()?
        .document()?
        .create_element("canvas")
        .ok()?;
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    let attributes: Attributes = Object::new().unchecked_into();
    attributes.set_fail_if_major_performance_caveat(true);
    let attributes: &JsValue = attributes.as_ref();
    let context = canvas.get_context_with_context_options("webgl2", attributes);
    let context: Context = context.ok()??.unchecked_into();
    let software = is_software(&context);
    // A page may have a few contexts only.
    if let Some(extension) = context.extension("WEBGL_lose_context") {
        extension.lose();
    }
    (!software).then_some(())
}

/// Whether the processor draws: Chromium gives such a context even to who does not want it.
fn is_software(context: &Context) -> bool {
    let name = if context.any_extension("WEBGL_debug_renderer_info").is_null() {
        RENDERER
    } else {
        UNMASKED_RENDERER
    };
    let renderer = context.parameter(name).as_string().unwrap_or_default();
    SOFTWARE.iter().any(|word| renderer.contains(word))
}
