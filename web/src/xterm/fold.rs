//! Rows that are taken out of the normal screen's buffer, and put back as they were.
//!
//! xterm.js has no folds. What this module does, it does to the buffer as xterm.js itself does when lines are
//! deleted and inserted, so that markers of other rows move along; the rows themselves are kept as they are, with
//! colours, links and images. It reaches behind the public interface of xterm.js 6: where that is not as it is
//! expected, nothing is folded.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::xterm::buffer::{Line, Mark, active};
use crate::xterm::js::JsTerminal;

/// Rows that are put back by one call: arguments lie on JavaScript's stack.
const PIECE_ROWS: u32 = 4096;

#[wasm_bindgen]
extern "C" {
    /// `BufferSet`: a terminal that is reset (RIS) gets other buffers.
    #[wasm_bindgen(extends = Object)]
    type Both;

    #[wasm_bindgen(method, getter)]
    fn normal(this: &Both) -> Normal;

    /// `Buffer`: the screen and what is above it.
    #[wasm_bindgen(extends = Object)]
    type Normal;

    #[wasm_bindgen(method, getter)]
    fn lines(this: &Normal) -> Rows;

    /// Markers of anybody.
    #[wasm_bindgen(method, getter)]
    fn markers(this: &Normal) -> Array;

    /// The first row of the screen.
    #[wasm_bindgen(method, getter, js_name = ybase)]
    fn base(this: &Normal) -> u32;

    #[wasm_bindgen(method, setter, js_name = ybase)]
    fn set_base(this: &Normal, row: u32);

    /// The first row in sight.
    #[wasm_bindgen(method, getter, js_name = ydisp)]
    fn top(this: &Normal) -> u32;

    #[wasm_bindgen(method, setter, js_name = ydisp)]
    fn set_top(this: &Normal, row: i32);

    /// The cursor, below the base.
    #[wasm_bindgen(method, getter)]
    fn y(this: &Normal) -> u32;

    #[wasm_bindgen(method, setter)]
    fn set_y(this: &Normal, row: u32);

    /// The row of the cursor that a program saved (DECSC).
    #[wasm_bindgen(method, getter, js_name = savedY)]
    fn saved(this: &Normal) -> u32;

    #[wasm_bindgen(method, setter, js_name = savedY)]
    fn set_saved(this: &Normal, row: u32);

    #[wasm_bindgen(method, getter, js_name = scrollTop)]
    fn region_top(this: &Normal) -> u32;

    #[wasm_bindgen(method, getter, js_name = scrollBottom)]
    fn region_bottom(this: &Normal) -> u32;

    /// - `attributes`: the usual ones where undefined.
    #[wasm_bindgen(method, js_name = getBlankLine)]
    fn blank(this: &Normal, attributes: &JsValue) -> JsValue;

    /// `CircularList`
    #[wasm_bindgen(extends = Object)]
    type Rows;

    #[wasm_bindgen(method, getter)]
    fn length(this: &Rows) -> u32;

    #[wasm_bindgen(method, getter, js_name = maxLength)]
    fn most(this: &Rows) -> u32;

    #[wasm_bindgen(method, setter, js_name = maxLength)]
    fn set_most(this: &Rows, rows: u32);

    #[wasm_bindgen(method)]
    fn get(this: &Rows, row: u32) -> JsValue;

    #[wasm_bindgen(method)]
    fn push(this: &Rows, row: &JsValue);

    #[wasm_bindgen(method)]
    fn pop(this: &Rows) -> JsValue;

    #[wasm_bindgen(method, variadic)]
    fn splice(this: &Rows, start: u32, remove: u32, insert: &Array);

    #[wasm_bindgen(method, js_name = trimStart)]
    fn trim(this: &Rows, rows: u32);

    /// `Marker`, whose line can be set.
    #[wasm_bindgen(extends = Mark, extends = Object)]
    type Movable;

    #[wasm_bindgen(method, setter, js_name = line)]
    fn set_line(this: &Movable, row: u32);

    /// `BufferService`
    #[wasm_bindgen(extends = Object)]
    type Scroller;

    /// Scrolls what is in sight, and tells everything that shows it.
    #[wasm_bindgen(method, js_name = scrollLines)]
    fn scroll_by(this: &Scroller, rows: i32);

    /// `Viewport`, which has the scrollbar.
    #[wasm_bindgen(extends = Object)]
    type Viewport;

    /// Has the bar where this row is at the top, at once.
    #[wasm_bindgen(method, js_name = scrollToLine)]
    fn put_bar(this: &Viewport, row: u32, at_once: bool);
}

/// Where the view goes when rows come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// It stays at the end, if it is there.
    End,
    /// The row above those that come back stays where it is.
    Here,
}

/// Rows that are out of the buffer.
pub(crate) struct Fold {
    rows: Array,
    /// Markers of these rows, and how far below the first one each was. Meanwhile they are at the row above.
    parked: Vec<(Movable, u32)>,
}

/// The insides of one terminal.
pub(crate) struct Folder {
    js: JsTerminal,
    core: JsValue,
    both: Both,
    scroller: Scroller,
}

impl Fold {
    /// How many rows it holds.
    pub(crate) fn rows(&self) -> u32 {
        self.rows.length()
    }

    /// The rows in their order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line> {
        self.rows.iter().map(JsCast::unchecked_into)
    }
}

impl Normal {
    /// The oldest rows go, with their markers.
    fn drop_oldest(&self, rows: u32) {
        self.lines().trim(rows);
        self.set_base(self.base().saturating_sub(rows));
        self.set_saved(self.saved().saturating_sub(rows));
    }
}

impl Folder {
    /// `None` where xterm.js is not built as expected.
    pub(crate) fn of(js: &JsTerminal) -> Option<Self> {
        let core = get(js, "_core")?;
        let both = get(&core, "buffers")?;
        let normal = get(&both, "normal")?;
        let scroller = get(&core, "_bufferService")?;
        get(&scroller, "scrollLines")?.dyn_ref::<Function>()?;
        get(&normal, "getBlankLine")?.dyn_ref::<Function>()?;
        let rows = get(&normal, "lines")?;
        for name in ["splice", "trimStart", "push", "pop", "get"] {
            get(&rows, name)?.dyn_ref::<Function>()?;
        }
        Some(Self {
            js: js.same(),
            core,
            both: both.unchecked_into(),
            scroller: scroller.unchecked_into(),
        })
    }

    /// Rows that are kept above the screen, as a person has chosen.
    pub(crate) fn scrollback(&self) -> u32 {
        self.js.options().kept_rows()
    }

    /// Has room for `rows` more than usual, until [`Folder::settle`].
    pub(crate) fn widen(&self, rows: u32) {
        let lines = self.normal().lines();
        lines.set_most(lines.most().saturating_add(rows));
    }

    /// Keeps no more than usual; the oldest rows go.
    pub(crate) fn settle(&self) {
        let (normal, most) = (self.normal(), self.scrollback() + self.js.get_rows());
        let lines = normal.lines();
        if lines.most() <= most {
            return;
        }
        let excess = lines.length().saturating_sub(most);
        if excess > 0 {
            let top = normal.top().saturating_sub(excess);
            normal.drop_oldest(excess);
            self.scroll_to(top);
        }
        lines.set_most(most);
    }

    /// The first row of the normal screen.
    pub(crate) fn base(&self) -> u32 {
        self.normal().base()
    }

    /// The cursor's row in the normal screen.
    pub(crate) fn cursor(&self) -> u32 {
        self.normal().base() + self.normal().y()
    }

    /// Takes the rows from `start` to before `end` out. `None` where that cannot be: the row above is
    /// gone, the cursor is not below, or a program has set margins and counts on its rows.
    pub(crate) fn fold(&self, start: u32, end: u32) -> Option<Fold> {
        let normal = self.normal();
        let lines = normal.lines();
        let (count, screen) = (end.checked_sub(start)?, self.js.get_rows());
        let margins = normal.region_top() != 0 || normal.region_bottom() + 1 != screen;
        if start == 0 || count == 0 || margins || self.cursor() < end || end > lines.length() {
            return None;
        }
        let (base, at_end) = (normal.base(), self.is_at_end());
        let rows: Array = (start..end).map(|row| lines.get(row)).collect();
        let parked = self.park(start, end);
        lines.splice(start, count, &Array::new());
        let now = base.saturating_sub(count);
        normal.set_base(now);
        normal.set_y(normal.y().saturating_sub(count.saturating_sub(base)));
        // A list that is full stays as long as it is.
        while lines.length() < (now + screen).min(lines.most()) {
            lines.push(&normal.blank(&JsValue::UNDEFINED));
        }
        normal.set_saved(without(normal.saved(), start, count));
        let top = without(normal.top(), start, count).min(now);
        self.show(if at_end { now } else { top });
        Some(Fold { rows, parked })
    }

    /// Puts rows back below the row `above`. Where there are more rows then than the terminal keeps, the
    /// oldest go, as they would have without the fold.
    pub(crate) fn unfold(&self, fold: &Fold, above: u32, view: View) {
        let normal = self.normal();
        let lines = normal.lines();
        let (start, count, most) = (above + 1, fold.rows(), lines.most());
        let (base, top, cursor) = (normal.base(), normal.top(), self.cursor());
        let stays = top <= above && above < top + self.js.get_rows() && view == View::Here;
        let at_end = self.is_at_end() && !stays;
        if lines.length() + count > most {
            lines.set_most(lines.length() + count);
        }
        for piece in (0..count).step_by(to_usize(PIECE_ROWS)) {
            let rows = fold.rows.slice(piece, count.min(piece + PIECE_ROWS));
            lines.splice(start + piece, 0, &rows);
        }
        for (mark, below) in &fold.parked {
            if mark.row().is_some() {
                mark.set_line(start + below);
            }
        }
        if normal.saved() >= start {
            normal.set_saved(normal.saved() + count);
        }
        let popped = if start >= base && cursor >= start {
            self.pop_blanks(cursor + count, count)
        } else {
            0
        };
        let now = base + count - popped;
        normal.set_base(now);
        // A program that has gone above draws there: what it sees as its screen goes up.
        if cursor >= start {
            normal.set_y((cursor + count).saturating_sub(now));
        }
        let excess = lines.length().saturating_sub(most);
        if excess > 0 {
            normal.drop_oldest(excess);
        }
        if lines.most() != most {
            lines.set_most(most);
        }
        let top = if top >= start { top + count } else { top };
        let top = top.saturating_sub(excess).min(normal.base());
        self.show(if at_end { normal.base() } else { top });
    }

    fn is_at_end(&self) -> bool {
        self.normal().top() >= self.normal().base()
    }

    /// Moves the markers of these rows to the row above, so that they outlive them.
    fn park(&self, start: u32, end: u32) -> Vec<(Movable, u32)> {
        let mut parked = Vec::new();
        for mark in self.normal().markers().iter() {
            let mark: Movable = mark.unchecked_into();
            if let Some(row) = mark.row().filter(|row| (start..end).contains(row)) {
                mark.set_line(start - 1);
                parked.push((mark, row - start));
            }
        }
        parked
    }

    /// Takes at most `most` blank rows from the end, below the row of the cursor: those that filled the
    /// screen when others were folded.
    fn pop_blanks(&self, cursor: u32, most: u32) -> u32 {
        let lines = self.normal().lines();
        let mut popped = 0;
        while popped < most && lines.length() > cursor + 1 {
            let last: Line = lines.get(lines.length() - 1).unchecked_into();
            if !last.words(0).is_empty() {
                break;
            }
            lines.pop();
            popped += 1;
        }
        popped
    }

    /// Brings the row `top` to the top of the view, and has everything drawn.
    fn show(&self, top: u32) {
        self.scroll_to(top);
        self.js.clear_selection();
        self.js.refresh(0, self.js.get_rows().saturating_sub(1));
    }

    fn scroll_to(&self, top: u32) {
        let normal = self.normal();
        // One step tells the scrollbar, the renderer and the screen reader. It ends at the end only where
        // it goes down.
        let (row, step) = match i32::try_from(top).unwrap_or(i32::MAX) {
            row if top >= normal.base() => (row - 1, 1),
            row => (row.saturating_add(1), -1),
        };
        // INVARIANT: the alternate screen has no fold, so it is not scrolled by this.
        normal.set_top(row);
        self.scroller.scroll_by(step);
        if normal.top() != top {
            normal.set_top(i32::try_from(top).unwrap_or(i32::MAX));
        }
        if active(&self.js).is_full_screen() {
            return;
        }
        // The bar does not move where the row has the number of the one that it was told last.
        let viewport = get(&self.core, "_viewport");
        if let Some(viewport) = viewport.filter(|it| get(it, "scrollToLine").is_some()) {
            viewport.unchecked_into::<Viewport>().put_bar(top, true);
        }
    }

    /// A reset gives the terminal another one.
    fn normal(&self) -> Normal {
        self.both.normal()
    }
}

/// Where a row is once `count` from `start` are gone; the row above, where it was one of them.
fn without(row: u32, start: u32, count: u32) -> u32 {
    if row >= start + count {
        row - count
    } else {
        row.min(start.saturating_sub(1))
    }
}

fn to_usize(rows: u32) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}
