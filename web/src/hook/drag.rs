//! Dragging by a pointer: a mouse, a pen, a finger.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::{Callback, PointerEvent, hook, use_memo};

/// How far a pointer moves before it drags, in CSS pixels: less is a click.
const SLACK_PX: i32 = 5;

/// How a drag goes on. Positions are those of the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dragged {
    Over { x: i32, y: i32 },
    Dropped { x: i32, y: i32 },
    Cancelled,
}

/// What an element that can be dragged listens to.
#[derive(Clone, PartialEq)]
#[expect(clippy::struct_field_names, reason = "named as the attributes are")]
pub(crate) struct Grip {
    pub(crate) on_down: Callback<PointerEvent>,
    pub(crate) on_move: Callback<PointerEvent>,
    pub(crate) on_up: Callback<PointerEvent>,
    pub(crate) on_cancel: Callback<PointerEvent>,
}

/// Where the pointer went down, and whether it drags by now.
#[derive(Clone, Copy, Default)]
struct Held {
    from: Option<(i32, i32)>,
    drags: bool,
}

/// Tells how an element is dragged. A press on a button inside of it is none; with `by_finger`
/// a finger drags, too, which then does not scroll.
#[hook]
pub(crate) fn use_grip(on_drag: Callback<Dragged>, by_finger: bool) -> Grip {
    let held = use_memo((), |()| Cell::new(Held::default()));
    let (down, moved, up, cancel) = (held.clone(), held.clone(), held.clone(), held);
    let (dragged, dropped, cancelled) = (on_drag.clone(), on_drag.clone(), on_drag);
    Grip {
        on_down: Callback::from(move |event: PointerEvent| {
            let finger = event.pointer_type() == "touch" && !by_finger;
            if event.button() != 0 || finger || on_inner_button(&event) {
                return;
            }
            down.set(Held {
                from: Some((event.client_x(), event.client_y())),
                drags: false,
            });
            // At once: a quick pointer has left a narrow element before it has moved there.
            capture(&event);
        }),
        on_move: Callback::from(move |event: PointerEvent| {
            let mut now = moved.get();
            let Some((from_x, from_y)) = now.from else {
                return;
            };
            let (x, y) = (event.client_x(), event.client_y());
            if !now.drags && (x - from_x).abs().max((y - from_y).abs()) >= SLACK_PX {
                now.drags = true;
                moved.set(now);
            }
            if now.drags {
                dragged.emit(Dragged::Over { x, y });
            }
        }),
        on_up: Callback::from(move |event: PointerEvent| {
            if up.take().drags {
                let (x, y) = (event.client_x(), event.client_y());
                dropped.emit(Dragged::Dropped { x, y });
            }
        }),
        on_cancel: Callback::from(move |_: PointerEvent| {
            if cancel.take().drags {
                cancelled.emit(Dragged::Cancelled);
            }
        }),
    }
}

/// Whether the press is on a control that does something else.
fn on_inner_button(event: &PointerEvent) -> bool {
    let element: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let control = element.and_then(|it| it.closest("[data-still], input").ok().flatten());
    control.is_some()
}

/// Hears the pointer also where it has left the element.
fn capture(event: &PointerEvent) {
    let element: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    if let Some(element) = element {
        // It fails only for a pointer that is gone.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}
