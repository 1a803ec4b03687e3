//! Reading what stands on the screen and above it, and markers that move with their line.

use js_sys::{Function, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use crate::xterm::js::JsTerminal;

#[wasm_bindgen]
extern "C" {
    /// The terminal, as far as this module goes.
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Marked;

    /// A marker on the cursor's line; none in the alternate screen.
    #[wasm_bindgen(method, js_name = registerMarker)]
    pub(crate) fn mark(this: &Marked, offset: i32) -> Option<Mark>;

    #[wasm_bindgen(method, js_name = registerDecoration)]
    pub(crate) fn decorate(this: &Marked, options: &Decoration) -> Option<Decorated>;

    #[wasm_bindgen(method, js_name = scrollToLine)]
    pub(crate) fn scroll_to(this: &Marked, line: u32);

    #[wasm_bindgen(method, js_name = getSelectionPosition)]
    pub(crate) fn selection(this: &Marked) -> Option<Selection>;

    /// `IBufferRange`
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Selection;

    #[wasm_bindgen(method, getter)]
    fn start(this: &Selection) -> Cell;

    #[wasm_bindgen(method, getter)]
    fn end(this: &Selection) -> Cell;

    /// `IBufferCellPosition`
    type Cell;

    #[wasm_bindgen(method, getter)]
    fn x(this: &Cell) -> u32;

    #[wasm_bindgen(method, getter)]
    fn y(this: &Cell) -> u32;

    #[wasm_bindgen(method, getter)]
    fn buffer(this: &Marked) -> Buffers;

    /// `IBufferNamespace`
    type Buffers;

    #[wasm_bindgen(method, getter)]
    fn active(this: &Buffers) -> Buffer;

    /// `IBuffer`
    pub(crate) type Buffer;

    /// `normal` or `alternate`.
    #[wasm_bindgen(method, getter, js_name = type)]
    fn kind(this: &Buffer) -> String;

    /// The first line in sight.
    #[wasm_bindgen(method, getter, js_name = viewportY)]
    pub(crate) fn top(this: &Buffer) -> u32;

    /// The first line of the screen, in sight while nobody scrolls.
    #[wasm_bindgen(method, getter, js_name = baseY)]
    pub(crate) fn base(this: &Buffer) -> u32;

    /// From the left, in cells.
    #[wasm_bindgen(method, getter, js_name = cursorX)]
    pub(crate) fn column(this: &Buffer) -> u32;

    /// Below [`Buffer::base`].
    #[wasm_bindgen(method, getter, js_name = cursorY)]
    fn cursor_y(this: &Buffer) -> u32;

    #[wasm_bindgen(method, js_name = getLine)]
    fn line(this: &Buffer, row: u32) -> Option<Line>;

    /// `IBufferLine`, and what it is made of inside.
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Line;

    #[wasm_bindgen(method, getter, js_name = isWrapped)]
    fn is_wrapped(this: &Line) -> bool;

    #[wasm_bindgen(method, js_name = translateToString)]
    fn text(this: &Line, trimmed: bool, from: u32) -> String;

    /// `IMarker`
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Mark;

    /// -1 once its line is gone.
    #[wasm_bindgen(method, getter)]
    fn line(this: &Mark) -> i32;

    #[wasm_bindgen(method)]
    pub(crate) fn dispose(this: &Mark);

    /// `IDecorationOptions`
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Decoration;

    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_marker(this: &Decoration, marker: &Mark);

    /// `left` or `right`
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_anchor(this: &Decoration, side: &str);

    /// In cells.
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_width(this: &Decoration, cells: u32);

    /// In cells from the anchor.
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_x(this: &Decoration, cells: u32);

    /// `top` or `bottom`
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_layer(this: &Decoration, layer: &str);

    /// `IDecoration`
    #[wasm_bindgen(extends = Object)]
    pub(crate) type Decorated;

    #[wasm_bindgen(method, js_name = onRender)]
    pub(crate) fn on_render(this: &Decorated, listener: &Function) -> Object;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn element(this: &Decorated) -> Option<HtmlElement>;

    #[wasm_bindgen(method, js_name = dispose)]
    pub(crate) fn remove(this: &Decorated);
}

/// The buffer of the screen in sight.
pub(crate) fn active(js: &JsTerminal) -> Buffer {
    marked(js).buffer().active()
}

/// The same terminal, for what this module binds.
pub(crate) fn marked(js: &JsTerminal) -> Marked {
    use wasm_bindgen::JsCast;
    js.same().unchecked_into()
}

impl Mark {
    /// Its line; `None` once that is gone.
    pub(crate) fn row(&self) -> Option<u32> {
        u32::try_from(self.line()).ok()
    }
}

impl Selection {
    /// The row in which it begins.
    pub(crate) fn first_row(&self) -> u32 {
        self.start().y()
    }

    /// The column in which it ends, where that is in the row in which it begins.
    pub(crate) fn end_in_row(&self) -> Option<u32> {
        let end = self.end();
        (end.y() == self.first_row()).then(|| end.x())
    }
}

impl Buffer {
    /// A program fills the screen.
    pub(crate) fn is_full_screen(&self) -> bool {
        self.kind() == "alternate"
    }

    /// The cursor's line.
    pub(crate) fn cursor_row(&self) -> u32 {
        self.base() + self.cursor_y()
    }

    /// A row with its blanks, and whether it goes on from the one above.
    pub(crate) fn row(&self, row: u32) -> Option<(String, bool)> {
        let line = Buffer::line(self, row)?;
        Some((line.text(false, 0), line.is_wrapped()))
    }

    /// The text of the lines from `from` to before `to`, wrapped ones joined, without blanks at
    /// their ends; at most `most` bytes.
    ///
    /// - `column`: where the first line begins.
    pub(crate) fn text_of(&self, from: u32, column: u32, to: u32, most: usize) -> String {
        text_of(
            (from..to).map_while(|row| Buffer::line(self, row)),
            column,
            most,
        )
    }
}

impl Line {
    /// Its text without blanks at the end.
    ///
    /// - `column`: where it begins.
    pub(crate) fn words(&self, column: u32) -> String {
        self.text(true, column)
    }

    /// Whether it goes on from the one above.
    pub(crate) fn goes_on(&self) -> bool {
        self.is_wrapped()
    }
}

/// The text of lines, as [`Buffer::text_of`] gives it.
pub(crate) fn text_of(lines: impl Iterator<Item = Line>, column: u32, most: usize) -> String {
    let mut all = String::new();
    for (place, line) in lines.enumerate() {
        if place > 0 && !line.is_wrapped() {
            all.push('\n');
        }
        all.push_str(&line.words(if place == 0 { column } else { 0 }));
        if all.len() > most {
            break;
        }
    }
    all
}
