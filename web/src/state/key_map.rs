//! Which keys the page takes while the terminal has the focus. All others go to the shell.
//!
//! The rule: only chords with Ctrl+Shift, Alt+Shift or ⌘, function keys, Alt with a digit where that
//! types nothing, Insert with Ctrl or Shift, and Ctrl+C while text is selected. A plain Ctrl+letter
//! always goes to the shell, and no setting can change that.

mod action;
mod reserved;

use std::collections::BTreeMap;

pub(crate) use self::action::{ACTIONS, Bindable};
pub(crate) use self::reserved::Browser;
use crate::state::key_press::{Chord, KeyPress};
use crate::state::message::{Message, keyboard as words};
use crate::state::stroke::Stroke;

/// Keys that a person chose: the action's name → a [`Stroke`], or nothing for no keys.
pub(crate) type Choices = BTreeMap<String, String>;

/// Where the page is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Surroundings {
    pub(crate) browser: Browser,
    /// The keyboard has a ⌘ key.
    pub(crate) apple: bool,
    /// The page has a window of its own, in which the browser keeps fewer keys.
    pub(crate) app_window: bool,
}

/// What each key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyMap {
    surroundings: Surroundings,
    chords: BTreeMap<Stroke, Chord>,
    /// The first keys of each action.
    first: BTreeMap<&'static str, Stroke>,
}

/// Whether an action can have some keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    /// They belong to another action.
    Clash(&'static Bindable),
    /// Why they cannot be used.
    Refused(String),
}

impl KeyMap {
    /// The keys as chosen, else as they are at first; those that this browser keeps for itself are
    /// left out.
    pub(crate) fn new(choices: &Choices, surroundings: Surroundings) -> Self {
        let mut map = Self {
            surroundings,
            chords: BTreeMap::new(),
            first: BTreeMap::new(),
        };
        // What a person chose comes first: the same keys may be another action's usual ones.
        for action in &ACTIONS {
            if let Some(stroke) = choices.get(action.id).and_then(|text| text.parse().ok())
                && map.refusal(&stroke).is_none()
            {
                map.add(action, stroke);
            }
        }
        for action in ACTIONS.iter().filter(|it| !choices.contains_key(it.id)) {
            let apples = action.apples.iter().filter(|_| surroundings.apple);
            for stroke in apples.chain(action.keys).filter_map(|it| it.parse().ok()) {
                if map.refusal(&stroke).is_none() {
                    map.add(action, stroke);
                }
            }
        }
        map
    }

    fn add(&mut self, action: &'static Bindable, stroke: Stroke) {
        if self.chords.contains_key(&stroke) {
            return;
        }
        self.first
            .entry(action.id)
            .or_insert_with(|| stroke.clone());
        self.chords.insert(stroke, action.chord);
    }

    /// Decides about a key. `None` leaves it to the shell.
    ///
    /// - `selected`: text is selected in the terminal.
    pub(crate) fn chord(&self, press: &KeyPress, selected: bool) -> Option<Chord> {
        let stroke = Stroke::of(press);
        match fixed(&stroke, self.surroundings.apple) {
            Some(Chord::CopyAndClear) if !selected => None,
            Some(chord) => Some(chord),
            None => self.chords.get(&stroke).copied(),
        }
    }

    /// The keys of an action that work here, for people; empty where it has none.
    pub(crate) fn shown(&self, action: &Bindable) -> String {
        let stroke = self.first.get(action.id);
        stroke.map_or_else(String::new, |stroke| self.show(stroke))
    }

    /// The name of a control with the keys that do the same, for its tooltip.
    pub(crate) fn hint(&self, name: &str, chord: Chord) -> String {
        let action = ACTIONS.iter().find(|action| action.chord == chord);
        let keys = action.map_or_else(String::new, |action| self.shown(action));
        if keys.is_empty() {
            name.to_owned()
        } else {
            format!("{name} ({keys})")
        }
    }

    /// Keys for people.
    pub(crate) fn show(&self, stroke: &Stroke) -> String {
        stroke.shown(self.surroundings.apple)
    }

    /// Whether `action` can have these keys.
    pub(crate) fn judge(&self, stroke: &Stroke, action: &Bindable) -> Verdict {
        if let Some(reason) = self.refusal(stroke) {
            return Verdict::Refused(reason.with(&[("keys", &self.show(stroke))]));
        }
        let owner = self.chords.get(stroke);
        let owner = owner.and_then(|chord| ACTIONS.iter().find(|it| it.chord == *chord));
        match owner {
            Some(other) if other.id != action.id => Verdict::Clash(other),
            _ => Verdict::Good,
        }
    }

    /// Why no action can have these keys.
    fn refusal(&self, stroke: &Stroke) -> Option<Message> {
        let Surroundings { apple, .. } = self.surroundings;
        let Stroke {
            ctrl,
            alt,
            shift,
            meta,
            ..
        } = *stroke;
        // Ctrl+Alt is AltGr on many keyboards: with a character it types another one.
        let taken = stroke.is_function()
            || (meta && apple)
            || (!meta && shift && (ctrl || alt))
            // On a keyboard of Apple's they type signs.
            || (!meta && !ctrl && alt && !apple && stroke.is_digit())
            || (!meta && ctrl && alt && !stroke.is_character());
        if fixed(stroke, apple).is_some_and(|chord| chord != Chord::CopyAndClear) {
            Some(words::FIXED)
        } else if reserved::is_reserved(stroke, self.surroundings) {
            Some(words::RESERVED)
        } else if taken {
            None
        } else if ctrl && !alt && !meta {
            Some(words::PLAIN_CTRL)
        } else {
            Some(words::TYPES)
        }
    }
}

/// Keys that always do the same.
fn fixed(stroke: &Stroke, apple: bool) -> Option<Chord> {
    match stroke.to_string().as_str() {
        "F6" => Some(Chord::NextRegion),
        "Shift+F6" => Some(Chord::PreviousRegion),
        "Shift+Escape" => Some(Chord::Leave),
        "Ctrl+KeyC" if !apple => Some(Chord::CopyAndClear),
        "Ctrl+Insert" => Some(Chord::Copy),
        "Shift+Insert" | "Ctrl+Shift+KeyV" => Some(Chord::Paste),
        "Meta+KeyV" if apple => Some(Chord::Paste),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
