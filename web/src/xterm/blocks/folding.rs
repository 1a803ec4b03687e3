//! Outputs that are folded: their rows are out of the buffer, and the badge of their command says how many.

use core::ops::Range;
use std::collections::VecDeque;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::xterm::blocks::{Block, Blocks};
use crate::xterm::buffer::{Mark, Selection, active};
use crate::xterm::fold::{Fold, Folder, View};

/// Rows that a narrower terminal may make of one, for which it is given room while it is resized.
const WRAPPED: u32 = 4;

/// What a person's wish came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toggled {
    Folded,
    Unfolded,
    /// There is no output that can be folded.
    Nothing,
    /// A command runs, and this would move what it sees as its screen.
    Busy,
    /// A search has marked what it found.
    Searching,
}

impl Blocks {
    /// Folds the output of the last finished command, or of that at whose prompt a person is; or
    /// unfolds it.
    pub(crate) fn toggle_fold(&self) -> Toggled {
        let id = {
            let list = self.list.borrow();
            let block = self.at_hand(&list).and_then(|place| list.get(place));
            block.map(|block| block.id)
        };
        id.map_or(Toggled::Nothing, |id| self.toggle(id))
    }

    /// Folds what can be folded, and says how many outputs that were.
    ///
    /// # Errors
    ///
    /// [`Toggled::Searching`] or [`Toggled::Nothing`]: none is folded.
    pub(crate) fn fold_all(&self) -> Result<usize, Toggled> {
        if self.is_searching() {
            return Err(Toggled::Searching);
        }
        let ids: Vec<u64> = self.list.borrow().iter().map(|block| block.id).collect();
        let may = |id: &u64| self.rows_of(*id).is_some_and(|rows| self.may_fold(&rows));
        let count = ids.into_iter().filter(|id| may(id) && self.fold_one(*id));
        Some(count.count())
            .filter(|count| *count > 0)
            .ok_or(Toggled::Nothing)
    }

    /// Unfolds everything, and says how many outputs that were.
    ///
    /// # Errors
    ///
    /// [`Toggled::Busy`] or [`Toggled::Nothing`]: none is unfolded.
    pub(crate) fn unfold_all(&self) -> Result<usize, Toggled> {
        if let Some(searched) = self.searched.borrow_mut().as_mut() {
            searched.clear();
        }
        match self.open_all(true).len() {
            0 if self.any_folded() => Err(Toggled::Busy),
            0 => Err(Toggled::Nothing),
            count => Ok(count),
        }
    }

    /// Unfolds everything while a person looks for text, with room for it: the oldest rows stay.
    pub(crate) fn open_for_search(&self) {
        self.searched.borrow_mut().get_or_insert_default();
        let rows = self.folded_rows();
        if let Some(folder) = self.folder.as_ref().filter(|_| rows > 0) {
            folder.widen(rows);
        }
        let opened = self.open_all(true);
        if let Some(searched) = self.searched.borrow_mut().as_mut() {
            searched.extend(opened);
        }
    }

    /// Folds again what a search has unfolded, but what it has found.
    pub(crate) fn close_after_search(&self) {
        let mut opened = self.searched.take().unwrap_or_default();
        // The lowest first: the rows of those above stay what they were.
        opened.sort_unstable_by(|one, other| other.cmp(one));
        let selection = self.terminal.selection();
        let found = selection.as_ref().map(Selection::first_row);
        for id in opened {
            let Some(rows) = self.rows_of(id) else {
                continue;
            };
            let shows = found.is_some_and(|row| rows.contains(&row));
            if !shows && self.may_fold(&rows) {
                self.fold_one(id);
            }
        }
        if let Some(folder) = &self.folder {
            folder.settle();
        }
    }

    /// Does `work` while nothing is folded: the terminal gets another width, which wraps lines anew.
    pub(crate) fn rewrapped<T>(&self, work: impl FnOnce() -> T) -> T {
        let rows = self.folded_rows();
        let Some(folder) = self.folder.as_ref().filter(|_| rows > 0) else {
            return work();
        };
        let (options, usual) = (self.js.options(), folder.scrollback());
        options.set_scrollback(usual.saturating_add(rows.saturating_mul(WRAPPED)));
        let done = self.unfolded(work);
        options.set_scrollback(usual);
        done
    }

    /// Does `work` while nothing is folded: the text is kept.
    pub(crate) fn opened<T>(&self, work: impl FnOnce() -> T) -> T {
        let rows = self.folded_rows();
        let Some(folder) = self.folder.as_ref().filter(|_| rows > 0) else {
            return work();
        };
        folder.widen(rows);
        let done = self.unfolded(work);
        if !self.is_searching() {
            folder.settle();
        }
        done
    }

    fn unfolded<T>(&self, work: impl FnOnce() -> T) -> T {
        let opened = self.open_all(false);
        let done = work();
        for id in opened {
            self.fold_one(id);
        }
        done
    }

    /// A program erases (ED): what is folded on this part of the screen would go with it, though most of it
    /// would be above the screen if it were not folded.
    pub(super) fn before_erasing(&self, parameters: &JsValue) {
        let Some(folder) = self.folder.as_ref().filter(|_| self.any_folded()) else {
            return;
        };
        if active(&self.js).is_full_screen() {
            return;
        }
        let what = parameters.dyn_ref::<Array>().map(|all| all.get(0));
        let first = match what.and_then(|what| what.as_f64()) {
            Some(what) if what > 2.5 => return,
            Some(what) if what > 0.5 => folder.base(),
            _ => folder.cursor() + 1,
        };
        let mut list = self.list.borrow_mut();
        for place in 0..list.len() {
            let row = list
                .get(place)
                .and_then(|block| block.output.as_ref()?.row());
            if row.is_some_and(|row| row >= first) {
                self.unfold_in(&mut list, place, View::End);
            }
        }
    }

    /// Folds or unfolds the output of a command.
    pub(super) fn toggle(&self, id: u64) -> Toggled {
        let folded = {
            let mut list = self.list.borrow_mut();
            let place = list.iter().position(|block| block.id == id);
            let Some(place) = place else {
                return Toggled::Nothing;
            };
            let folded = list.get(place).is_some_and(|block| block.fold.is_some());
            if folded && !self.may_unfold(&list, place) {
                return Toggled::Busy;
            }
            folded && self.unfold_in(&mut list, place, View::Here)
        };
        if folded {
            return Toggled::Unfolded;
        }
        match self.rows_of(id) {
            Some(_) if self.is_searching() => Toggled::Searching,
            Some(rows) if !self.may_fold(&rows) => Toggled::Busy,
            Some(_) if self.fold_one(id) => Toggled::Folded,
            None | Some(_) => Toggled::Nothing,
        }
    }

    /// Puts the rows of the block at `place` back. Whether there were any, and a place for them.
    pub(super) fn unfold_in(&self, list: &mut VecDeque<Block>, place: usize, view: View) -> bool {
        let (Some(folder), Some(block)) = (&self.folder, list.get_mut(place)) else {
            return false;
        };
        let Some(fold) = block.fold.take() else {
            return false;
        };
        // Its place may be gone with what is above the scrollback, and so is the output.
        let above = block.output.as_ref().and_then(Mark::row);
        if let Some(above) = above {
            folder.unfold(&fold, above, view);
        }
        self.dress(list, place);
        above.is_some()
    }

    /// Lets go of what is folded where its place is gone.
    pub(super) fn drop_dead(&self, list: &mut VecDeque<Block>) {
        for place in 0..list.len() {
            let dead = list.get(place).is_some_and(|block| {
                block.fold.is_some() && block.output.as_ref().and_then(Mark::row).is_none()
            });
            if dead {
                self.unfold_in(list, place, View::End);
            }
        }
    }

    /// There is a new prompt. Where it is on the only row of an output, that cannot be folded any more.
    pub(super) fn meet_prompt(&self, list: &mut VecDeque<Block>) {
        let Some(place) = list.len().checked_sub(2) else {
            return;
        };
        let Some(block) = list.get(place) else { return };
        let could = self.range(block, None).is_some();
        if could && self.range(block, list.get(place + 1)).is_none() {
            self.dress(list, place);
        }
    }

    /// Gives the block at `place` the badge that it has to have now.
    fn dress(&self, list: &mut VecDeque<Block>, place: usize) {
        if let Some(block) = list.get_mut(place) {
            block.badge.take();
        }
        let block = list.get(place);
        let badge = block.and_then(|block| self.badge(block, list.get(place + 1)));
        if let Some(block) = list.get_mut(place) {
            block.badge = badge;
        }
    }

    /// The rows of a command's output: from, and to before.
    ///
    /// - `next`: the prompt after it, which may be on its last row.
    pub(super) fn range(&self, block: &Block, next: Option<&Block>) -> Option<(u32, u32)> {
        self.folder.as_ref()?;
        let from = block.output.as_ref()?.row()?;
        let end = block.end.as_ref()?.row()?;
        let end = next
            .and_then(|next| next.prompt.row())
            .map_or(end, |next| end.min(next));
        (from < end && block.fold.is_none()).then_some((from, end))
    }

    fn any_folded(&self) -> bool {
        self.list.borrow().iter().any(|block| block.fold.is_some())
    }

    fn folded_rows(&self) -> u32 {
        let list = self.list.borrow();
        let folds = list.iter().filter_map(|block| block.fold.as_ref());
        folds.map(Fold::rows).sum()
    }

    fn is_searching(&self) -> bool {
        self.searched.borrow().is_some()
    }

    /// The first row that must stay where it is: of a command that runs and may count on its screen.
    fn held(&self, list: &VecDeque<Block>) -> Option<u32> {
        let newest = list.back()?;
        let runs = newest.output.is_some() && newest.end.is_none();
        self.folder.as_ref().filter(|_| runs).map(Folder::base)
    }

    fn may_fold(&self, rows: &Range<u32>) -> bool {
        let held = self.held(&self.list.borrow());
        held.is_none_or(|held| rows.end <= held)
    }

    fn may_unfold(&self, list: &VecDeque<Block>, place: usize) -> bool {
        let block = list.get(place);
        let above = block.and_then(|block| block.output.as_ref()?.row());
        let held = self.held(list);
        above.is_none_or(|above| held.is_none_or(|held| above + 1 < held))
    }

    fn rows_of(&self, id: u64) -> Option<Range<u32>> {
        let list = self.list.borrow();
        let place = list.iter().position(|block| block.id == id)?;
        let (from, end) = self.range(list.get(place)?, list.get(place + 1))?;
        Some(from..end)
    }

    fn fold_one(&self, id: u64) -> bool {
        let (Some(folder), Some(rows)) = (&self.folder, self.rows_of(id)) else {
            return false;
        };
        let Some(fold) = folder.fold(rows.start, rows.end) else {
            return false;
        };
        let mut list = self.list.borrow_mut();
        if let Some(place) = list.iter().position(|block| block.id == id) {
            if let Some(block) = list.get_mut(place) {
                block.fold = Some(fold);
            }
            self.dress(&mut list, place);
        }
        self.keep_bound(&mut list, id, folder.scrollback());
        true
    }

    /// Unfolds the oldest ones while more rows are folded than the scrollback holds, so that a terminal keeps
    /// at most twice as much.
    fn keep_bound(&self, list: &mut VecDeque<Block>, newest: u64, most: u32) {
        let rows = |block: &Block| block.fold.as_ref().map_or(0, Fold::rows);
        let mut all: u32 = list.iter().map(rows).sum();
        for place in 0..list.len() {
            let Some(block) = list.get(place).filter(|block| block.id != newest) else {
                continue;
            };
            let held = rows(block);
            if all > most && held > 0 && self.may_unfold(list, place) {
                all -= held;
                self.unfold_in(list, place, View::End);
            }
        }
    }

    /// Unfolds everything, the newest first, and says what.
    ///
    /// - `gently`: but what would move the screen of a command that runs.
    fn open_all(&self, gently: bool) -> Vec<u64> {
        let mut list = self.list.borrow_mut();
        let mut opened = Vec::new();
        for place in (0..list.len()).rev() {
            if gently && !self.may_unfold(&list, place) {
                continue;
            }
            if self.unfold_in(&mut list, place, View::End) {
                opened.extend(list.get(place).map(|block| block.id));
            }
        }
        opened
    }
}
