//! What xterm.js 6 has beyond the bindings of `xterm-js-rs`, on the same objects.

use js_sys::{Function, Object, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use xterm_js_rs::{Terminal, TerminalOptions, Theme};

#[wasm_bindgen]
extern "C" {
    /// The terminal.
    #[wasm_bindgen(extends = Terminal, extends = Object)]
    pub(crate) type JsTerminal;

    /// Draws into `parent`.
    #[wasm_bindgen(method, catch, js_name = open)]
    pub(crate) fn open_in(this: &JsTerminal, parent: &HtmlElement) -> Result<(), JsValue>;

    /// Queues bytes; `callback` is called once they are parsed.
    #[wasm_bindgen(method, js_name = write)]
    pub(crate) fn write_bytes(this: &JsTerminal, bytes: &Uint8Array, callback: &Function);

    /// The live options: setting one takes effect.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn options(this: &JsTerminal) -> Options;

    /// The modes that programs have set.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn modes(this: &JsTerminal) -> Modes;

    /// Widths of characters.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn unicode(this: &JsTerminal) -> Unicode;

    /// Escape sequence handlers.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn parser(this: &JsTerminal) -> Parser;

    /// Calls `listener` for each bell.
    #[wasm_bindgen(method, js_name = onBell)]
    pub(crate) fn on_bell(this: &JsTerminal, listener: &Function) -> Object;

    /// Scrolls by so many lines, down where it is positive.
    #[wasm_bindgen(method, js_name = scrollLines)]
    pub(crate) fn scroll_by(this: &JsTerminal, lines: f64);

    /// Adds an addon that cannot fail.
    #[wasm_bindgen(method, js_name = loadAddon)]
    pub(crate) fn load_addon(this: &JsTerminal, addon: &Addon);

    /// Adds an addon that needs what this browser may lack.
    #[wasm_bindgen(method, catch, js_name = loadAddon)]
    pub(crate) fn try_load_addon(this: &JsTerminal, addon: &Addon) -> Result<(), JsValue>;

    /// Any addon.
    pub(crate) type Addon;

    /// `ITerminalOptions`
    #[wasm_bindgen(extends = TerminalOptions, extends = Object)]
    pub(crate) type Options;

    /// Rows that are kept above the screen.
    #[wasm_bindgen(method, getter, js_name = scrollback)]
    pub(crate) fn kept_rows(this: &Options) -> u32;

    #[wasm_bindgen(method, setter, js_name = allowProposedApi)]
    pub(crate) fn set_allow_proposed_api(this: &Options, on: bool);

    #[wasm_bindgen(method, setter, js_name = documentOverride)]
    pub(crate) fn set_document_override(this: &Options, document: &JsValue);

    #[wasm_bindgen(method, setter, js_name = overviewRuler)]
    pub(crate) fn set_overview_ruler(this: &Options, ruler: &Ruler);

    /// `IOverviewRulerOptions`, which give the scrollbar its width.
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Ruler;

    #[wasm_bindgen(method, setter, js_name = width)]
    fn set_width(this: &Ruler, pixels: u32);

    #[wasm_bindgen(method, setter, js_name = lineHeight)]
    pub(crate) fn set_line_height_ratio(this: &Options, ratio: f64);

    #[wasm_bindgen(method, setter, js_name = minimumContrastRatio)]
    pub(crate) fn set_contrast_ratio(this: &Options, ratio: f64);

    #[wasm_bindgen(method, setter, js_name = cursorStyle)]
    pub(crate) fn set_cursor_style_name(this: &Options, style: &str);

    #[wasm_bindgen(method, setter, js_name = cursorBlink)]
    pub(crate) fn set_cursor_blinks(this: &Options, on: bool);

    #[wasm_bindgen(method, setter, js_name = cursorInactiveStyle)]
    pub(crate) fn set_cursor_inactive_style(this: &Options, style: &str);

    #[wasm_bindgen(method, setter, js_name = linkHandler)]
    pub(crate) fn set_link_handler(this: &Options, handler: &LinkHandler);

    /// `ILinkHandler`, and the options of the web links addon, which has the same two events.
    #[wasm_bindgen(extends = Object)]
    pub(crate) type LinkHandler;

    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_activate(this: &LinkHandler, listener: &Function);

    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_hover(this: &LinkHandler, listener: &Function);

    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_leave(this: &LinkHandler, listener: &Function);

    /// `IModes`
    pub(crate) type Modes;

    #[wasm_bindgen(method, getter, js_name = bracketedPasteMode)]
    pub(crate) fn bracketed_paste_mode(this: &Modes) -> bool;

    /// The program asked for application cursor keys (DECCKM).
    #[wasm_bindgen(method, getter, js_name = applicationCursorKeysMode)]
    pub(crate) fn application_cursor_keys_mode(this: &Modes) -> bool;

    /// `none` while no program hears of the mouse.
    #[wasm_bindgen(method, getter, js_name = mouseTrackingMode)]
    pub(crate) fn mouse_tracking_mode(this: &Modes) -> String;

    /// `IUnicodeHandling`
    pub(crate) type Unicode;

    #[wasm_bindgen(method, setter, js_name = activeVersion)]
    pub(crate) fn set_active_version(this: &Unicode, version: &str);

    /// `IParser`
    pub(crate) type Parser;

    #[wasm_bindgen(method, js_name = registerCsiHandler)]
    pub(crate) fn register_csi_handler(
        this: &Parser,
        id: &SequenceId,
        handler: &Function,
    ) -> Object;

    #[wasm_bindgen(method, js_name = registerDcsHandler)]
    pub(crate) fn register_dcs_handler(
        this: &Parser,
        id: &SequenceId,
        handler: &Function,
    ) -> Object;

    #[wasm_bindgen(method, js_name = registerEscHandler)]
    pub(crate) fn register_esc_handler(
        this: &Parser,
        id: &SequenceId,
        handler: &Function,
    ) -> Object;

    #[wasm_bindgen(method, js_name = registerOscHandler)]
    pub(crate) fn register_osc_handler(this: &Parser, code: u32, handler: &Function) -> Object;

    /// `IFunctionIdentifier`
    #[wasm_bindgen(extends = Object)]
    pub(crate) type SequenceId;

    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_prefix(this: &SequenceId, prefix: &str);

    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_intermediates(this: &SequenceId, intermediates: &str);

    #[wasm_bindgen(method, setter, js_name = final)]
    pub(crate) fn set_final(this: &SequenceId, last: &str);

    /// `ITheme`
    #[wasm_bindgen(extends = Theme, extends = Object)]
    pub(crate) type Colours;

    #[wasm_bindgen(method, setter, js_name = selectionBackground)]
    pub(crate) fn set_selection_background(this: &Colours, colour: &str);

    #[wasm_bindgen(method, setter, js_name = scrollbarSliderBackground)]
    pub(crate) fn set_scrollbar(this: &Colours, colour: &str);

    #[wasm_bindgen(method, setter, js_name = scrollbarSliderHoverBackground)]
    pub(crate) fn set_scrollbar_hover(this: &Colours, colour: &str);

    #[wasm_bindgen(method, setter, js_name = scrollbarSliderActiveBackground)]
    pub(crate) fn set_scrollbar_active(this: &Colours, colour: &str);

    /// The WebGL addon.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone)]
    pub(crate) type Webgl;

    #[wasm_bindgen(method, js_name = onContextLoss)]
    pub(crate) fn on_context_loss(this: &Webgl, listener: &Function) -> Object;

    #[wasm_bindgen(method, js_name = dispose)]
    pub(crate) fn dispose_it(this: &Webgl);
}

/// A scrollbar so many CSS pixels wide.
pub(crate) fn ruler(width: u32) -> Ruler {
    let ruler: Ruler = Object::new().unchecked_into();
    ruler.set_width(width);
    ruler
}

/// A number of an object of JavaScript's.
pub(crate) fn number(of: &JsValue, name: &str) -> Option<f64> {
    js_sys::Reflect::get(of, &name.into()).ok()?.as_f64()
}

impl JsTerminal {
    /// Names the same terminal once more.
    pub(crate) fn same(&self) -> Self {
        AsRef::<JsValue>::as_ref(self).clone().unchecked_into()
    }
}

#[wasm_bindgen(module = "xterm-addon-unicode-graphemes")]
extern "C" {
    /// Widths by grapheme clusters, as Unicode 15 defines them.
    pub(crate) type UnicodeGraphemesAddon;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> UnicodeGraphemesAddon;
}
