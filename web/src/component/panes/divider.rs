//! The line between two terminals, to be moved by a pointer or by the keyboard.

use yew::{
    Callback, Html, KeyboardEvent, NodeRef, Properties, classes, component, html, use_node_ref,
};

use super::fraction;
use crate::hook::area::use_area;
use crate::hook::drag::{Dragged, Grip, use_grip};
use crate::hook::use_provided;
use crate::state::layout::{Axis, Divider, LEAST};
use crate::state::message::tabs as words;
use crate::state::tabs::Arrangement;
use crate::state::workspace::Action;

/// How far an arrow key moves it, in thousandths; with Shift five times that.
const STEP: i32 = 20;

/// Which line.
#[derive(PartialEq, Properties)]
pub(crate) struct PaneDividerProps {
    pub(crate) divider: Divider,
    /// The element that all areas are parts of.
    pub(crate) area: NodeRef,
}

/// Shows it.
#[component]
pub(crate) fn PaneDivider(props: &PaneDividerProps) -> Html {
    let (node, provided) = (use_node_ref(), use_provided());
    use_area(&node, line(&props.divider));
    let Divider {
        second,
        axis,
        ratio,
        ..
    } = props.divider;
    let resize = Callback::from(move |ratio: u16| {
        if let Some(provided) = &provided {
            let arrangement = Arrangement::Resize { second, ratio };
            provided.workspace.dispatch(Action::Arranged(arrangement));
        }
    });
    let (divider, area, moved) = (props.divider, props.area.clone(), resize.clone());
    let on_drag = Callback::from(move |dragged: Dragged| {
        if let Dragged::Over { x, y } | Dragged::Dropped { x, y } = dragged
            && let Some(ratio) = fraction(&area, x, y).and_then(|at| share(&divider, at))
        {
            moved.emit(ratio);
        }
    });
    let Grip {
        on_down,
        on_move,
        on_up,
        on_cancel,
    } = use_grip(on_drag, true);
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        if let Some(next) = stepped(axis, ratio, &event.key(), event.shift_key()) {
            event.prevent_default();
            resize.emit(next);
        }
    });
    let (class, orientation) = match axis {
        Axis::Right => ("upright", "vertical"),
        Axis::Down => ("level", "horizontal"),
    };
    html! {
        <div ref={node} class={classes!("divider", class)} role="separator" tabindex="0"
            aria-label={words::RESIZE.say()} aria-orientation={orientation}
            aria-valuemin={(LEAST / 10).to_string()} aria-valuemax={(100 - LEAST / 10).to_string()}
            aria-valuenow={(ratio / 10).to_string()} {onkeydown} onpointerdown={on_down}
            onpointermove={on_move} onpointerup={on_up} onpointercancel={on_cancel}></div>
    }
}

/// Where the line is: an area without width, or without height.
fn line(divider: &Divider) -> crate::state::layout::Area {
    let mut area = divider.area;
    let share = f64::from(divider.ratio) / 1000.0;
    match divider.axis {
        Axis::Right => {
            area.x += area.width * share;
            area.width = 0.0;
        }
        Axis::Down => {
            area.y += area.height * share;
            area.height = 0.0;
        }
    }
    area
}

/// The share of the first part when the line is at a position; `None` where that is no number.
fn share(divider: &Divider, (x, y): (f64, f64)) -> Option<u16> {
    let area = divider.area;
    let share = match divider.axis {
        Axis::Right => (x - area.x) / area.width,
        Axis::Down => (y - area.y) / area.height,
    };
    // The nearest thousandth; a cast is the only way from a float, so it is looked for.
    (0..=1000_u16).find(|thousandth| f64::from(*thousandth) + 0.5 >= share * 1000.0)
}

fn stepped(axis: Axis, ratio: u16, key: &str, far: bool) -> Option<u16> {
    let step = if far { 5 * STEP } else { STEP };
    let ratio = i32::from(ratio);
    let next = match (axis, key) {
        (Axis::Right, "ArrowLeft") | (Axis::Down, "ArrowUp") => ratio - step,
        (Axis::Right, "ArrowRight") | (Axis::Down, "ArrowDown") => ratio + step,
        (_, "Home") => 0,
        (_, "End") => 1000,
        _ => return None,
    };
    u16::try_from(next.clamp(0, 1000)).ok()
}
