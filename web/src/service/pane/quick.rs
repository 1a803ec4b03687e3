//! Quick select: reads the screen, and does what was chosen.

use web_sys::HtmlElement;
use yew::{AttrValue, Callback};

use crate::component::quick_select::Choice;
use crate::service::clipboard;
use crate::service::pane::Live;
use crate::state::message::terminal as words;
use crate::state::quick::{hits, labels};

/// Characters of a text that a notice shows.
const SHOWN_CHARS: usize = 60;

impl Live {
    /// Puts labels over what is worth copying.
    pub(super) fn quick_select(&self) {
        let frame = self.with_wants(|wants| wants.frame.cast::<HtmlElement>());
        let (Some(terminal), Some(frame)) = (self.terminal(), frame.flatten()) else {
            return;
        };
        let places = terminal.places(&frame);
        let found: Vec<_> = terminal
            .lines_in_sight()
            .into_iter()
            .flat_map(|(row, line)| {
                hits(&line)
                    .into_iter()
                    .map(move |hit| (row, line.clone(), hit))
            })
            .collect();
        let choices = found.iter().zip(labels(found.len()));
        let choices: Vec<Choice> = choices
            .filter(|(_, label)| !label.is_empty())
            .map(|((row, line, hit), label)| Choice {
                label,
                text: hit.text.clone(),
                place: places.of(*row, line, hit.at),
            })
            .collect();
        if choices.is_empty() {
            self.notice(words::QUICK_NONE.say());
            return;
        }
        self.with_wants(|wants| wants.choices.set(Some(choices)));
    }

    /// Copies or inserts what was chosen.
    pub(crate) fn quick_taker(&self) -> Callback<Option<(String, bool)>> {
        self.callback(|live, taken: Option<(String, bool)>| {
            live.with_wants(|wants| wants.choices.set(None));
            live.focus();
            match taken {
                None => {}
                Some((text, true)) => {
                    live.pasted(&text);
                }
                Some((text, false)) => live.copy_chosen(&text),
            }
        })
    }

    fn copy_chosen(&self, text: &str) {
        let shown: AttrValue = text.chars().take(SHOWN_CHARS).collect::<String>().into();
        let done = self.callback(move |live, done: bool| {
            live.notice(if done {
                words::COPIED_IT.with(&[("shown", &shown)])
            } else {
                words::COPY_REFUSED.say().to_owned()
            });
        });
        clipboard::copy(text, done);
    }
}
