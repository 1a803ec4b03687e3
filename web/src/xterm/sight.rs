//! What is in sight: its lines, and where on the page they stand.

use web_sys::{Element, HtmlElement};

use crate::xterm::Terminal;
use crate::xterm::buffer::{active, marked};

/// Where characters stand in an element around the terminal.
pub(crate) struct Places {
    origin: (f64, f64),
    cell: (f64, f64),
    columns: usize,
}

impl Places {
    /// The place of a character, in CSS pixels from the element's left and top.
    ///
    /// - `row`: of the beginning of the line, counted from the first one in sight.
    /// - `at`: counted in characters; those from Hangul on count as two cells.
    pub(crate) fn of(&self, row: u32, line: &str, at: usize) -> (f64, f64) {
        let wide = |c: &char| *c >= '\u{1100}';
        let cells = at + line.chars().take(at).filter(wide).count();
        let number = |value: usize| u32::try_from(value).map_or(0.0, f64::from);
        let (rows, column) = (cells / self.columns, cells % self.columns);
        (
            self.origin.0 + number(column) * self.cell.0,
            self.origin.1 + (f64::from(row) + number(rows)) * self.cell.1,
        )
    }
}

impl Terminal {
    /// The lines in sight, wrapped ones joined, each with its first row.
    pub(crate) fn lines_in_sight(&self) -> Vec<(u32, String)> {
        let screen = active(&self.js);
        let mut lines: Vec<(u32, String)> = Vec::new();
        for row in 0..self.js.get_rows() {
            let Some((text, wrapped)) = screen.row(screen.top() + row) else {
                break;
            };
            match lines.last_mut() {
                Some((_, line)) if wrapped => line.push_str(&text),
                _ => lines.push((row, text)),
            }
        }
        lines
    }

    /// Scrolls so that the beginning of what is selected is not below `bar`, which lies over the top of the
    /// terminal. `false` where there is nothing above that could be scrolled into sight.
    pub(crate) fn clear_of(&self, bar: &HtmlElement) -> bool {
        let Some(selection) = marked(&self.js).selection() else {
            return true;
        };
        let (places, rect) = (self.places(bar), bar.get_bounding_client_rect());
        let ends = selection.end_in_row().map_or(f64::MAX, |end| {
            places.origin.0 + f64::from(end) * places.cell.0
        });
        let below = || {
            let row = f64::from(selection.first_row()) - f64::from(active(&self.js).top());
            // In rows: how far its top is below the lower edge of the bar.
            row + (places.origin.1 - rect.height()) / places.cell.1
        };
        let hidden = below();
        // On a wide screen the bar covers the right of the rows only.
        if ends <= 0.0 || hidden >= 0.0 {
            return true;
        }
        self.js.scroll_by(hidden.floor());
        below() >= 0.0
    }

    /// Where characters stand in `frame`.
    pub(crate) fn places(&self, frame: &HtmlElement) -> Places {
        let screen: Option<Element> = self.host.query_selector(".xterm-screen").ok().flatten();
        let frame = frame.get_bounding_client_rect();
        let grid = screen.map_or_else(
            || self.host.get_bounding_client_rect(),
            |screen| screen.get_bounding_client_rect(),
        );
        let (columns, rows) = (self.js.get_cols().max(1), self.js.get_rows().max(1));
        Places {
            origin: (grid.left() - frame.left(), grid.top() - frame.top()),
            cell: (
                grid.width() / f64::from(columns),
                grid.height() / f64::from(rows),
            ),
            columns: usize::try_from(columns).unwrap_or(80),
        }
    }
}
