//! What stands at the prompt of a command: how it ended, and a button that folds its output.

use std::rc::Weak;

use js_sys::Object;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, HtmlElement};
use yew::Callback;

use crate::hook::listener::Listener;
use crate::state::block::{badge, badge_words, fold_words, lines_words};
use crate::xterm::blocks::{Block, Blocks};
use crate::xterm::buffer::{Decorated, Decoration, Line, Mark};

/// Cells of a badge: `✗ 130 · 1:02:03`.
const BADGE_CELLS: u32 = 16;

/// An element on the screen that moves with a line; dropping it removes it.
pub(super) struct Badge {
    decorated: Decorated,
    _on_render: Closure<dyn Fn()>,
}

impl Drop for Badge {
    fn drop(&mut self) {
        self.decorated.remove();
    }
}

impl Blocks {
    /// The badge of an ended command.
    ///
    /// - `next`: the prompt after it.
    pub(super) fn badge(&self, block: &Block, next: Option<&Block>) -> Option<Badge> {
        let (status, took) = (block.status, block.took);
        let (text, words) = (badge(status, took), badge_words(status, took));
        let class = match status {
            Some(0) => "xterm-decoration block-badge ok",
            Some(_) => "xterm-decoration block-badge failed",
            None => "xterm-decoration block-badge",
        };
        let lines = block.fold.as_ref().map(|fold| {
            let lines = fold.lines().filter(|line| !Line::goes_on(line)).count();
            lines_words(lines)
        });
        let foldable = block.fold.is_some() || self.range(block, next).is_some();
        let name = foldable.then(|| fold_words(&block.text, lines.as_deref()));
        let (me, id) = (Weak::clone(&self.me), block.id);
        self.element(&block.prompt, "right", BADGE_CELLS, move |element| {
            element.set_class_name(class);
            // Attributes of an element on the page take any text.
            let _ = element.set_attribute("title", &words);
            let Some(name) = &name else {
                element.set_text_content(Some(&text));
                return Vec::new();
            };
            let me = Weak::clone(&me);
            let toggle = Callback::from(move |()| {
                let me = Weak::clone(&me);
                // The badge is made anew, and with it what listens to this click.
                wasm_bindgen_futures::spawn_local(async move {
                    if let Some(blocks) = me.upgrade() {
                        let toggled = blocks.toggle(id);
                        blocks.on_fold.emit(toggled);
                    }
                });
            });
            fold_button(element, &text, name, lines.as_deref(), &toggle).unwrap_or_default()
        })
    }

    /// An element that moves with a line.
    ///
    /// - `dress`: gives it its looks once it is there, and the listeners that it needs.
    pub(super) fn element(
        &self,
        at: &Mark,
        side: &str,
        cells: u32,
        dress: impl Fn(&HtmlElement) -> Vec<Listener> + 'static,
    ) -> Option<Badge> {
        let options: Decoration = Object::new().unchecked_into();
        options.set_marker(at);
        options.set_anchor(side);
        options.set_width(cells);
        options.set_layer("bottom");
        let decorated = self.terminal.decorate(&options)?;
        let shown: Decorated = AsRef::<wasm_bindgen::JsValue>::as_ref(&decorated)
            .clone()
            .unchecked_into();
        let kept = core::cell::RefCell::new(Vec::new());
        let on_render = Closure::<dyn Fn()>::new(move || {
            if let Some(element) = shown.element()
                && !element.class_list().contains("dressed")
            {
                kept.replace(dress(&element));
                // A class name without blanks is always taken.
                let _ = element.class_list().add_1("dressed");
            }
        });
        decorated.on_render(on_render.as_ref().unchecked_ref());
        Some(Badge {
            decorated,
            _on_render: on_render,
        })
    }
}

/// Puts a button into a badge. `None` where the page makes no elements.
fn fold_button(
    badge: &HtmlElement,
    text: &str,
    name: &str,
    lines: Option<&str>,
    toggle: &Callback<()>,
) -> Option<Vec<Listener>> {
    let document = web_sys::window()?.document()?;
    let button: HtmlElement = document.create_element("button").ok()?.unchecked_into();
    let folded = lines.is_some();
    // Attributes of an element on the page take any text.
    let _ = button.set_attribute("type", "button");
    let _ = button.set_attribute("aria-expanded", if folded { "false" } else { "true" });
    // There may be dozens of them: the keys lead to each command, and fold it.
    button.set_tab_index(-1);
    button.set_class_name("block-fold");
    let shown = lines.map_or_else(|| text.to_owned(), |lines| format!("{lines} · {text}"));
    button.set_text_content(Some(&shown));
    let _ = button.set_attribute("aria-label", &format!("{name}, {shown}"));
    badge.append_child(&button).ok()?;
    if folded {
        let _ = badge.class_list().add_1("folded");
    }
    // The terminal would select text, and lose the keyboard.
    let still = Callback::from(|event: Event| {
        event.prevent_default();
        event.stop_propagation();
    });
    let toggle = toggle.clone();
    let on_click = Callback::from(move |event: Event| {
        event.stop_propagation();
        toggle.emit(());
    });
    Some(vec![
        Listener::new(&button, "mousedown", still),
        Listener::new(&button, "click", on_click),
    ])
}
