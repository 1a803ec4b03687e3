//! Commands as blocks, where the shell marks them: badges, and ways from one to another.

mod badge;
mod folding;

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use transom_browser::monotonic;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use yew::Callback;

use crate::state::block::{Ran, Said, said};
use crate::xterm::Listeners;
use crate::xterm::blocks::badge::Badge;
pub(crate) use crate::xterm::blocks::folding::Toggled;
use crate::xterm::buffer::{Mark, Marked, active, marked, text_of};
use crate::xterm::fold::{Fold, Folder, View};
use crate::xterm::js::{JsTerminal, SequenceId};
use crate::xterm::output::Output;

/// Blocks that are kept: every frame looks at each badge.
const MOST: usize = 200;

/// Longest command that is told, in bytes.
const MAX_COMMAND_BYTES: usize = 300;

/// Longest output that is copied, in bytes.
const MAX_OUTPUT_BYTES: usize = 4 * 1024 * 1024;

/// One command and its prompt.
struct Block {
    id: u64,
    prompt: Mark,
    /// Where typing begins: the line, and the column.
    typing: Option<(Mark, u32)>,
    /// The first line of its output; while that is folded, the line above.
    output: Option<Mark>,
    /// The line after the last one of its output.
    end: Option<Mark>,
    text: String,
    began: Option<Duration>,
    status: Option<i32>,
    took: Option<Duration>,
    /// Its output, while that is folded.
    fold: Option<Fold>,
    badge: Option<Badge>,
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
    me: Weak<Self>,
    js: JsTerminal,
    terminal: Marked,
    output: Rc<Output>,
    list: RefCell<VecDeque<Block>>,
    /// The prompt that a person went to, counted from the newest.
    here: Cell<Option<usize>>,
    /// Marks the prompt that a person went to.
    pointer: RefCell<Option<Badge>>,
    on_ran: Callback<Ran>,
    /// A badge was clicked.
    on_fold: Callback<Toggled>,
    next_id: Cell<u64>,
    /// `None` where nothing can be folded.
    folder: Option<Folder>,
    /// What a search has unfolded; `None` while a person looks for nothing.
    searched: RefCell<Option<Vec<u64>>>,
}

impl Blocks {
    /// Listens to what the shell marks. The closures must live as long as the terminal.
    pub(crate) fn listen(
        js: &JsTerminal,
        output: &Rc<Output>,
        listeners: &Listeners,
    ) -> (Rc<Self>, impl core::any::Any + use<>) {
        let blocks = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            js: js.same(),
            terminal: marked(js),
            output: Rc::clone(output),
            list: RefCell::default(),
            here: Cell::default(),
            pointer: RefCell::default(),
            on_ran: listeners.on_ran.clone(),
            on_fold: listeners.on_fold.clone(),
            next_id: Cell::default(),
            folder: Folder::of(js),
            searched: RefCell::default(),
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
        let erasing = Rc::downgrade(&blocks);
        let erase = Closure::<dyn Fn(JsValue) -> bool>::new(move |parameters: JsValue| {
            if let Some(blocks) = erasing.upgrade() {
                blocks.before_erasing(&parameters);
            }
            // xterm.js erases.
            false
        });
        let id = sequence("J");
        parser.register_csi_handler(&id, erase.as_ref().unchecked_ref());
        // All but what is protected (DECSED).
        id.set_prefix("?");
        parser.register_csi_handler(&id, erase.as_ref().unchecked_ref());
        let resetting = Rc::downgrade(&blocks);
        let reset = Closure::<dyn Fn() -> bool>::new(move || {
            if let Some(blocks) = resetting.upgrade() {
                blocks.forget();
            }
            // xterm.js resets.
            false
        });
        parser.register_esc_handler(&sequence("c"), reset.as_ref().unchecked_ref());
        (blocks, (handler, erase, reset))
    }

    /// The terminal is reset (RIS): its rows are gone, and its markers with them.
    fn forget(&self) {
        self.list.take();
        if let Some(searched) = self.searched.borrow_mut().as_mut() {
            searched.clear();
        }
        self.rest();
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
        let block = list.get(self.at_hand(&list)?)?;
        let text = if let Some(fold) = &block.fold {
            text_of(fold.lines(), 0, MAX_OUTPUT_BYTES)
        } else {
            let (from, to) = (block.output.as_ref()?.row()?, block.end.as_ref()?.row()?);
            active(&self.js).text_of(from, 0, to, MAX_OUTPUT_BYTES)
        };
        Some(text.trim_end().to_owned())
    }

    /// The place in the list of the last finished command, or of that at whose prompt a person is.
    fn at_hand(&self, list: &VecDeque<Block>) -> Option<usize> {
        let newest = list.len().checked_sub(1 + self.here.get().unwrap_or(0))?;
        let there = |mark: Option<&Mark>| mark.and_then(Mark::row).is_some();
        (0..=newest).rev().find(|place| {
            list.get(*place)
                .is_some_and(|block| there(block.output.as_ref()) && there(block.end.as_ref()))
        })
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
                self.add(prompt);
            }
            Said::Typing => self.change(|block| {
                block.typing = self.terminal.mark(0).map(|mark| (mark, screen.column()));
            }),
            Said::Output => self.begin(),
            Said::Done(status) => self.end(status),
        }
    }

    fn add(&self, prompt: Mark) {
        let mut list = self.list.borrow_mut();
        if list.len() >= MOST {
            self.unfold_in(&mut list, 0, View::End);
            list.pop_front();
        }
        self.drop_dead(&mut list);
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        list.push_back(Block {
            id,
            prompt,
            typing: None,
            output: None,
            end: None,
            text: String::new(),
            began: None,
            status: None,
            took: None,
            fold: None,
            badge: None,
        });
        self.meet_prompt(&mut list);
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
            (block.status, block.took) = (status, took);
            block.badge = self.badge(block, None);
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
                Vec::new()
            })
        });
        self.pointer.replace(pointer);
    }
}

fn sequence(last: &str) -> SequenceId {
    let id: SequenceId = js_sys::Object::new().unchecked_into();
    id.set_final(last);
    id
}
