//! Puts an element where its part of the whole is. The policy of the page allows no inline style,
//! so the element's custom properties are set by script, and the style sheet makes lengths of them.

use web_sys::HtmlElement;
use yew::{NodeRef, hook, use_effect_with};

use crate::state::layout::Area;

/// Keeps `--x`, `--y`, `--w` and `--h` of an element at the fractions of `area`.
#[hook]
pub(crate) fn use_area(node: &NodeRef, area: Area) {
    let node = node.clone();
    use_effect_with(area, move |area| {
        let Some(element) = node.cast::<HtmlElement>() else {
            return;
        };
        let style = element.style();
        for (name, value) in [
            ("--x", area.x),
            ("--y", area.y),
            ("--w", area.width),
            ("--h", area.height),
        ] {
            // A custom property takes any text.
            let _ = style.set_property(name, &value.to_string());
        }
    });
}
