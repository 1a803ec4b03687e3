//! Commands as blocks, where the shell marks them: badges, and ways from one to another.

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Object;
use transom_browser::monotonic;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use yew::Callback;

use crate::state::block::{Ran, Said, badge, badge_words, said};
use crate::xterm::buffer::{Decorated, Decoration, Mark, Marked, active, marked};
use crate::xterm::js::JsTerminal;
use crate::xterm::output::Output;

/// Blocks that are kept: every frame looks at each badge.
const MOST: usize = 200;

/// Cells of a badge: `✗ 130 · 1:02:03`.
const BADGE_CELLS: u32 = 16;

/// Longest command that is told, in bytes.
const MAX_COMMAND_BYTES: usize = 300;

/// Longest output that is copied, in bytes.
const MAX_OUTPUT_BYTES: usize = 4 * 1024 * 1024;

/// One command and its prompt.
struct Block {
    prompt: Mark,
    /// Where typing begins: the line, and the column.
    typing: Option<(Mark, u32)>,
    output: Option<Mark>,
    /// The line after the last one of its output.
    end: Option<Mark>,
    text: String,
    began: Option<Duration>,
    badge: Option<Badge>,
}

/// A badge on the screen; dropping it removes it.
struct Badge {
    decorated: Decorated,
    _on_render: Closure<dyn Fn()>,
}

impl Drop for Badge {
    fn drop(&mut self) {
        self.decorated.remove();
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.badge.take();
        let typing = self.typing.take().map(|(mark, _)| mark);
        for mark in [typing, self.output.take(), self.end.take()]
            .into_iter()
            .flatten()
        {
            mark.dispose();
        }
        self.prompt.dispose();
    }
}

/// The blocks of one terminal.
pub(crate) struct Blocks {
    js: JsTerminal,
    terminal: Marked,
    output: Rc<Output>,
    list: RefCell<VecDeque<Block>>,
    /// The prompt that a person went to, counted from the newest.
    here: Cell<Option<usize>>,
    /// Marks the prompt that a person went to.
    pointer: RefCell<Option<Badge>>,
    on_ran: Callback<Ran>,
}

impl Blocks {
    /// Listens to what the shell marks. The closure must live as long as the terminal.
    pub(crate) fn listen(
        js: &JsTerminal,
        output: &Rc<Output>,
        on_ran: Callback<Ran>,
    ) -> (Rc<Self>, Closure<dyn Fn(String) -> bool>) {
        let blocks = Rc::new(Self {
            js: js.same(),
            terminal: marked(js),
            output: Rc::clone(output),
            list: RefCell::default(),
            here: Cell::default(),
            pointer: RefCell::default(),
            on_ran,
        });
        let hearing = Rc::downgrade(&blocks);
        let handler = Closure::<dyn Fn(String) -> bool>::new(move |data: String| {
            if let (Some(blocks), Some(said)) = (hearing.upgrade(), said(&data)) {
                blocks.hear(said);
            }
            true
        });
        let parser = js.parser();
        parser.register_osc_handler(133, handler.as_ref().unchecked_ref());
        (blocks, handler)
    }

    /// Whether the shell marks its commands.
    pub(crate) fn any(&self) -> bool {
        !self.list.borrow().is_empty()
    }

    /// Goes to a prompt: -1 to the one before, 1 to the one after.
    pub(crate) fn step(&self, step: isize) {
        let rows: Vec<u32> = {
            let list = self.list.borrow();
            list.iter()
                .rev()
                .filter_map(|block| block.prompt.row())
                .collect()
        };
        let last = rows.len().saturating_sub(1);
        let here = self.here.get().unwrap_or(0).min(last);
        let next = here.saturating_add_signed(-step).min(last);
        let Some(row) = rows.get(next) else { return };
        self.here.set(Some(next));
        self.terminal.scroll_to(*row);
        self.point_at(next);
    }

    /// What the last command wrote, or that at whose prompt a person is.
    pub(crate) fn output_text(&self) -> Option<String> {
        let list = self.list.borrow();
        let mut ended = list.iter().rev().skip(self.here.get().unwrap_or(0));
        let (from, to) = ended
            .find_map(|block| Some((block.output.as_ref()?.row()?, block.end.as_ref()?.row()?)))?;
        let text = active(&self.js).text_of(from, 0, to, MAX_OUTPUT_BYTES);
        Some(text.trim_end().to_owned())
    }

    fn hear(&self, said: Said) {
        let screen = active(&self.js);
        if screen.is_full_screen() {
            return;
        }
        match said {
            Said::Prompt => {
                let Some(prompt) = self.terminal.mark(0) else {
                    return;
                };
                self.rest();
                let mut list = self.list.borrow_mut();
                if list.len() >= MOST {
                    list.pop_front();
                }
                list.push_back(Block {
                    prompt,
                    typing: None,
                    output: None,
                    end: None,
                    text: String::new(),
                    began: None,
                    badge: None,
                });
            }
            Said::Typing => self.change(|block| {
                block.typing = self.terminal.mark(0).map(|mark| (mark, screen.column()));
            }),
            Said::Output => self.begin(),
            Said::Done(status) => self.end(status),
        }
    }

    /// The newest command runs from now on.
    fn begin(&self) {
        let screen = active(&self.js);
        let fresh = !self.output.is_replaying();
        let mut told = None;
        self.change(|block| {
            if block.output.is_some() {
                return;
            }
            block.output = self.terminal.mark(0);
            block.began = fresh.then(monotonic);
            let typing = block.typing.as_ref();
            let place = typing.and_then(|(mark, column)| Some((mark.row()?, *column)));
            if let Some((row, column)) = place {
                let to = screen.cursor_row().max(row + 1);
                block.text = screen.text_of(row, column, to, MAX_COMMAND_BYTES);
            }
            told = fresh.then(|| block.text.clone());
        });
        if let Some(text) = told {
            self.on_ran.emit(Ran::Began(text));
        }
    }

    /// The newest command has ended.
    fn end(&self, status: Option<i32>) {
        let mut told = None;
        let line_begun = u32::from(active(&self.js).column() > 0);
        self.change(|block| {
            // A shell may also say so before its first prompt, or after an empty line.
            if block.output.is_none() || block.end.is_some() {
                return;
            }
            block.end = self.terminal.mark(i32::try_from(line_begun).unwrap_or(0));
            let now = (!self.output.is_replaying()).then(monotonic);
            let took = now
                .zip(block.began)
                .map(|(now, began)| now.saturating_sub(began));
            block.badge = self.badge(&block.prompt, status, took);
            told = took.map(|took| Ran::Ended {
                text: block.text.clone(),
                status,
                took,
            });
        });
        if let Some(told) = told {
            self.on_ran.emit(told);
        }
    }

    fn change(&self, change: impl FnOnce(&mut Block)) {
        if let Some(block) = self.list.borrow_mut().back_mut() {
            change(block);
        }
    }

    /// Nobody is at an earlier prompt any more.
    fn rest(&self) {
        self.here.set(None);
        self.pointer.take();
    }

    fn point_at(&self, place: usize) {
        let list = self.list.borrow();
        let block = list.iter().rev().nth(place);
        let pointer = block.and_then(|block| {
            self.element(&block.prompt, "left", 1, |element| {
                element.set_class_name("xterm-decoration block-here");
            })
        });
        self.pointer.replace(pointer);
    }

    fn badge(&self, at: &Mark, status: Option<i32>, took: Option<Duration>) -> Option<Badge> {
        let (text, words) = (badge(status, took), badge_words(status, took));
        let class = match status {
            Some(0) => "xterm-decoration block-badge ok",
            Some(_) => "xterm-decoration block-badge failed",
            None => "xterm-decoration block-badge",
        };
        self.element(at, "right", BADGE_CELLS, move |element| {
            element.set_class_name(class);
            // Attributes of an element on the page take any text.
            let _ = element.set_attribute("title", &words);
            element.set_text_content(Some(&text));
        })
    }

    /// An element that moves with a line.
    fn element(
        &self,
        at: &Mark,
        side: &str,
        cells: u32,
        dress: impl Fn(&web_sys::HtmlElement) + 'static,
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
        let on_render = Closure::<dyn Fn()>::new(move || {
            if let Some(element) = shown.element()
                && !element.class_list().contains("dressed")
            {
                dress(&element);
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
