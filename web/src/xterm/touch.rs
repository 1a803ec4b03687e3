//! Fingers on a terminal: a drag scrolls, a long press selects a word, and what it drags over.
//! xterm.js 6 knows the mouse only.

use core::any::Any;
use core::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlElement, PointerEvent, WheelEvent, WheelEventInit};
use yew::Callback;

use crate::hook::listener::Listener;
use crate::state::touch::{Span, word_at};
use crate::xterm::buffer::active;
use crate::xterm::js::JsTerminal;

/// How long a finger rests before it selects, in milliseconds: as phones have it.
const LONG_PRESS_MS: u32 = 450;

/// How far a finger may tremble, in CSS pixels.
const TREMBLE_PX: u32 = 10;

/// What the finger does.
enum Deed {
    Nothing,
    /// It rests where it came down.
    Waiting {
        at: (i32, i32),
        _timer: Timeout,
    },
    /// It scrolls. Holds the height up to which it did.
    Scrolling {
        from: f64,
    },
    Selecting {
        word: Span,
    },
}

/// The fingers on one terminal.
struct Touch {
    js: JsTerminal,
    host: HtmlElement,
    deed: RefCell<Deed>,
}

/// The grid on the page, in CSS pixels.
struct Grid {
    screen: Element,
    origin: (f64, f64),
    cell: (f64, f64),
}

/// Listens in `host`. The result keeps the listeners.
pub(crate) fn listen(js: &JsTerminal, host: &HtmlElement) -> Vec<Box<dyn Any>> {
    let touch = Rc::new(Touch {
        js: js.same(),
        host: host.clone(),
        deed: RefCell::new(Deed::Nothing),
    });
    let target: &EventTarget = host.as_ref();
    let its = Rc::clone(&touch);
    let on = |name: &'static str, work: fn(&Rc<Touch>, &PointerEvent)| -> Box<dyn Any> {
        let touch = Rc::clone(&its);
        let on_event = Callback::from(move |event: Event| {
            if let Ok(event) = event.dyn_into::<PointerEvent>()
                && event.pointer_type() == "touch"
            {
                work(&touch, &event);
            }
        });
        Box::new(Listener::new(target, name, on_event))
    };
    vec![
        on("pointerdown", Touch::down),
        on("pointermove", |touch, event| touch.moved(event)),
        on("pointerup", |touch, _| touch.lifted()),
        on("pointercancel", |touch, _| touch.rest()),
        Box::new(Listener::new(
            target,
            "touchend",
            Callback::from(move |event: Event| touch.ended(&event)),
        )),
    ]
}

impl Touch {
    fn down(self: &Rc<Self>, event: &PointerEvent) {
        if !event.is_primary() {
            // Two fingers are the browser's: they enlarge the page.
            self.rest();
            return;
        }
        let at = place(event);
        let me = Rc::downgrade(self);
        let timer = Timeout::new(LONG_PRESS_MS, move || {
            if let Some(touch) = me.upgrade() {
                touch.select_word(at);
            }
        });
        self.deed.replace(Deed::Waiting { at, _timer: timer });
    }

    fn rest(&self) {
        self.deed.replace(Deed::Nothing);
    }

    fn lifted(&self) {
        if !matches!(&*self.deed.borrow(), Deed::Selecting { .. }) {
            self.rest();
        }
    }

    /// No click follows a selection: it would take the selection away.
    fn ended(&self, event: &Event) {
        if matches!(&*self.deed.borrow(), Deed::Selecting { .. }) && event.cancelable() {
            event.prevent_default();
        }
        self.rest();
    }

    fn moved(&self, event: &PointerEvent) {
        let now = place(event);
        let next = match &*self.deed.borrow() {
            Deed::Waiting { at, .. } if trembles_beyond(*at, now) => Some(Deed::Scrolling {
                from: f64::from(at.1),
            }),
            Deed::Scrolling { from } => Some(Deed::Scrolling {
                from: self.scroll(*from, now),
            }),
            Deed::Selecting { word } => {
                self.stretch(*word, now);
                None
            }
            Deed::Waiting { .. } | Deed::Nothing => None,
        };
        if let Some(next) = next {
            self.deed.replace(next);
        }
    }

    /// Scrolls whole lines from the height `from` to where the finger is, and returns up to which
    /// height it did.
    fn scroll(&self, from: f64, now: (i32, i32)) -> f64 {
        let Some(grid) = self.grid() else { return from };
        let lines = ((from - f64::from(now.1)) / grid.cell.1).trunc();
        if lines == 0.0 {
            return from;
        }
        let tracked = self.js.modes().mouse_tracking_mode() != "none";
        if tracked || active(&self.js).is_full_screen() {
            // As a wheel: xterm.js tells the program of it.
            grid.turn_wheel(lines, now);
        } else {
            self.js.scroll_by(lines);
        }
        from - lines * grid.cell.1
    }

    fn select_word(&self, at: (i32, i32)) {
        let Some((row, column)) = self.grid().map(|grid| self.cell(&grid, at)) else {
            return;
        };
        let text = active(&self.js)
            .row(row)
            .map_or_else(String::new, |it| it.0);
        let word = word_at(&text, column);
        let before = row.saturating_mul(self.columns());
        let word = Span {
            from: before + word.from,
            to: before + word.to,
        };
        self.select(word);
        self.deed.replace(Deed::Selecting { word });
    }

    fn stretch(&self, word: Span, now: (i32, i32)) {
        if let Some(grid) = self.grid() {
            let (row, column) = self.cell(&grid, now);
            self.select(word.stretched(row.saturating_mul(self.columns()) + column));
        }
    }

    fn select(&self, span: Span) {
        let columns = self.columns();
        let length = span.to.saturating_sub(span.from);
        self.js
            .select(span.from % columns, span.from / columns, length);
    }

    fn columns(&self) -> u32 {
        self.js.get_cols().max(1)
    }

    /// Row of the buffer and column of a place on the page.
    fn cell(&self, grid: &Grid, at: (i32, i32)) -> (u32, u32) {
        let across = (f64::from(at.0) - grid.origin.0) / grid.cell.0;
        let down = (f64::from(at.1) - grid.origin.1) / grid.cell.1;
        let column = within(across, self.columns());
        let row = within(down, self.js.get_rows().max(1));
        (active(&self.js).top() + row, column)
    }

    fn grid(&self) -> Option<Grid> {
        let screen = self.host.query_selector(".xterm-screen").ok().flatten()?;
        let area = screen.get_bounding_client_rect();
        if area.width() <= 0.0 || area.height() <= 0.0 {
            return None;
        }
        Some(Grid {
            origin: (area.left(), area.top()),
            cell: (
                area.width() / f64::from(self.columns()),
                area.height() / f64::from(self.js.get_rows().max(1)),
            ),
            screen,
        })
    }
}

impl Grid {
    /// Tells a wheel that was turned by so many lines.
    fn turn_wheel(&self, lines: f64, (x, y): (i32, i32)) {
        let init = WheelEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_delta_mode(WheelEvent::DOM_DELTA_LINE);
        init.set_delta_y(lines.signum());
        init.set_client_x(x);
        init.set_client_y(y);
        for _line in 0..within(lines.abs(), u32::MAX) {
            if let Ok(event) = WheelEvent::new_with_event_init_dict("wheel", &init) {
                // Whether a program used it makes no difference here.
                let _ = self.screen.dispatch_event(&event);
            }
        }
    }
}

fn trembles_beyond(from: (i32, i32), to: (i32, i32)) -> bool {
    let far = |from: i32, to: i32| from.abs_diff(to) > TREMBLE_PX;
    far(from.0, to.0) || far(from.1, to.1)
}

fn place(event: &PointerEvent) -> (i32, i32) {
    (event.client_x(), event.client_y())
}

/// The whole part of `value`, at least 0 and below `count`.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within the range of the type, and there is no other conversion"
)]
fn within(value: f64, count: u32) -> u32 {
    value.clamp(0.0, f64::from(count.saturating_sub(1))) as u32
}
