//! Which keys the page takes while the terminal has the focus. All others go to the shell.
//!
//! The rule: only chords with Ctrl+Shift, Alt+Shift or ⌘, the keys Insert with Ctrl or Shift,
//! Ctrl+Alt+Enter, F1, F6, and Ctrl+C while text is selected. A plain Ctrl+letter always goes to the shell.

use crate::state::layout::{Axis, Step, Toward};

/// A key that was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a keyboard event has them")]
pub(crate) struct KeyPress {
    /// `KeyboardEvent.key`
    pub(crate) key: String,
    /// `KeyboardEvent.code`: the place of the key, whatever the layout.
    pub(crate) code: String,
    pub(crate) ctrl: bool,
    pub(crate) shift: bool,
    pub(crate) alt: bool,
    pub(crate) meta: bool,
}

/// What the page does with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chord {
    /// Copies the selection.
    Copy,
    /// Copies the selection and clears it, so that the next Ctrl+C interrupts.
    CopyAndClear,
    /// Leaves the key to the browser, which pastes.
    Paste,
    Find,
    /// Opens the snippets.
    Snippets,
    /// Begins or stops a recording.
    Record,
    /// Puts a marker into the recording.
    Mark,
    /// Chooses terminals to type into at once.
    Broadcast,
    /// Puts labels over what is worth copying.
    QuickSelect,
    /// Goes to the prompt before (-1) or after (1).
    StepPrompt(isize),
    /// Copies what the last command wrote.
    CopyOutput,
    /// Makes the shell mark its commands, or no longer.
    Integrate(bool),
    /// Tells when the command that runs is done.
    TellWhenDone,
    /// Leaves the key to the page, which opens the command palette.
    Palette,
    NewTab,
    CloseTab,
    /// Arranges tabs and the terminals in them.
    Arrange(Step),
    /// Steps to a neighbour tab: 1 right, -1 left.
    StepTab(isize),
    /// Steps to the next region of the page.
    NextRegion,
    /// Moves the focus from the terminal to its frame.
    Leave,
    /// Makes the text larger (1) or smaller (-1).
    Zoom(i32),
    ZoomReset,
}

/// Decides about a key. `None` leaves it to the shell.
///
/// - `selected`: text is selected in the terminal.
/// - `apple`: the keyboard has a ⌘ key.
pub(crate) fn chord(press: &KeyPress, selected: bool, apple: bool) -> Option<Chord> {
    let KeyPress {
        ctrl,
        shift,
        alt,
        meta,
        ..
    } = *press;
    match (ctrl, shift, alt, meta) {
        (false, false, false, false) => match press.key.as_str() {
            "F1" => Some(Chord::Palette),
            "F6" => Some(Chord::NextRegion),
            _ => None,
        },
        (true, false, false, false) => match press.code.as_str() {
            "KeyC" if selected && !apple => Some(Chord::CopyAndClear),
            "Insert" => Some(Chord::Copy),
            _ => None,
        },
        (false, true, false, false) => match press.key.as_str() {
            "Escape" => Some(Chord::Leave),
            "Insert" => Some(Chord::Paste),
            _ => None,
        },
        (true, false, true, false) if press.key == "Enter" => Some(Chord::Arrange(Step::Zoom)),
        (true, true, false, false) => ctrl_shift(press),
        (false, true, true, false) => alt_shift(press),
        (false, true, false, true) if apple && press.code == "KeyP" => Some(Chord::Palette),
        (false, true, false, true) if apple && press.code == "KeyS" => Some(Chord::Snippets),
        (false, true, false, true) if apple && press.code == "Space" => Some(Chord::QuickSelect),
        (false, true, false, true) if apple && press.code == "KeyY" => Some(Chord::CopyOutput),
        (false, true, false, true) if apple && press.code == "KeyD" => {
            Some(Chord::Arrange(Step::Split(Axis::Down)))
        }
        (false, false, true, true) if apple && press.key == "Enter" => {
            Some(Chord::Arrange(Step::Zoom))
        }
        (false, false, true, true) if apple && press.code.starts_with("Arrow") => {
            arrangement(&press.code).map(Chord::Arrange)
        }
        (false, _, false, true) if apple => command(press),
        _ => None,
    }
}

fn ctrl_shift(press: &KeyPress) -> Option<Chord> {
    match press.code.as_str() {
        "KeyC" => Some(Chord::Copy),
        "KeyV" => Some(Chord::Paste),
        "KeyF" => Some(Chord::Find),
        "KeyS" => Some(Chord::Snippets),
        "KeyY" => Some(Chord::CopyOutput),
        "Space" => Some(Chord::QuickSelect),
        "ArrowUp" => Some(Chord::StepPrompt(-1)),
        "ArrowDown" => Some(Chord::StepPrompt(1)),
        "KeyP" => Some(Chord::Palette),
        "ArrowRight" => Some(Chord::StepTab(1)),
        "ArrowLeft" => Some(Chord::StepTab(-1)),
        "Equal" => Some(Chord::Zoom(1)),
        "Minus" => Some(Chord::Zoom(-1)),
        "Digit0" => Some(Chord::ZoomReset),
        _ => None,
    }
}

fn alt_shift(press: &KeyPress) -> Option<Chord> {
    match press.code.as_str() {
        "KeyT" => Some(Chord::NewTab),
        "KeyW" => Some(Chord::CloseTab),
        "KeyB" => Some(Chord::Broadcast),
        code => arrangement(code).map(Chord::Arrange),
    }
}

fn arrangement(code: &str) -> Option<Step> {
    Some(match code {
        "Equal" => Step::Split(Axis::Right),
        "Minus" => Step::Split(Axis::Down),
        "ArrowLeft" => Step::Focus(Toward::Left),
        "ArrowRight" => Step::Focus(Toward::Right),
        "ArrowUp" => Step::Focus(Toward::Up),
        "ArrowDown" => Step::Focus(Toward::Down),
        "PageUp" => Step::MoveTab(-1),
        "PageDown" => Step::MoveTab(1),
        "KeyD" => Step::Duplicate,
        _ => return None,
    })
}

fn command(press: &KeyPress) -> Option<Chord> {
    match press.code.as_str() {
        "KeyC" => Some(Chord::Copy),
        "KeyV" => Some(Chord::Paste),
        "KeyD" => Some(Chord::Arrange(Step::Split(Axis::Right))),
        "KeyF" => Some(Chord::Find),
        "ArrowUp" => Some(Chord::StepPrompt(-1)),
        "ArrowDown" => Some(Chord::StepPrompt(1)),
        "Equal" => Some(Chord::Zoom(1)),
        "Minus" => Some(Chord::Zoom(-1)),
        "Digit0" => Some(Chord::ZoomReset),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(modifiers: &str, key: &str, code: &str) -> KeyPress {
        KeyPress {
            key: key.to_owned(),
            code: code.to_owned(),
            ctrl: modifiers.contains('c'),
            shift: modifiers.contains('s'),
            alt: modifiers.contains('a'),
            meta: modifiers.contains('m'),
        }
    }

    #[test]
    fn a_plain_ctrl_letter_goes_to_the_shell() {
        for letter in 'A'..='Z' {
            let key = letter.to_ascii_lowercase().to_string();
            let typed = press("c", &key, &format!("Key{letter}"));
            assert_eq!(chord(&typed, false, false), None, "Ctrl+{letter}");
            assert_eq!(chord(&typed, true, true), None, "Ctrl+{letter} on a Mac");
        }
    }

    #[test]
    fn an_alt_letter_and_altgr_go_to_the_shell() {
        for letter in 'A'..='Z' {
            let code = format!("Key{letter}");
            assert_eq!(chord(&press("a", "x", &code), true, false), None);
            assert_eq!(chord(&press("ca", "@", &code), true, false), None);
        }
    }

    #[test]
    fn ctrl_c_copies_only_a_selection() {
        let typed = press("c", "c", "KeyC");
        assert_eq!(chord(&typed, true, false), Some(Chord::CopyAndClear));
        assert_eq!(chord(&typed, false, false), None);
    }

    #[test]
    fn copy_and_paste_have_the_keys_of_each_platform() {
        assert_eq!(
            chord(&press("cs", "C", "KeyC"), false, false),
            Some(Chord::Copy)
        );
        assert_eq!(
            chord(&press("s", "Insert", "Insert"), false, false),
            Some(Chord::Paste)
        );
        assert_eq!(
            chord(&press("m", "v", "KeyV"), false, true),
            Some(Chord::Paste)
        );
        assert_eq!(chord(&press("m", "v", "KeyV"), false, false), None);
    }

    #[test]
    fn the_palette_has_a_key_in_every_browser() {
        let f1 = press("", "F1", "F1");
        assert_eq!(chord(&f1, false, false), Some(Chord::Palette));
        let typed = press("cs", "P", "KeyP");
        assert_eq!(chord(&typed, false, false), Some(Chord::Palette));
        let typed = press("ms", "p", "KeyP");
        assert_eq!(chord(&typed, false, true), Some(Chord::Palette));
        assert_eq!(chord(&typed, false, false), None);
    }

    #[test]
    fn terminals_are_arranged_by_the_keys_that_people_know() {
        let split = press("sa", "+", "Equal");
        let step = |press: &KeyPress, apple| match chord(press, false, apple) {
            Some(Chord::Arrange(step)) => Some(step),
            _ => None,
        };
        assert_eq!(step(&split, false), Some(Step::Split(Axis::Right)));
        let apple = press("ms", "d", "KeyD");
        assert_eq!(step(&apple, true), Some(Step::Split(Axis::Down)));
        let arrow = press("sa", "ArrowUp", "ArrowUp");
        assert_eq!(step(&arrow, false), Some(Step::Focus(Toward::Up)));
        let enter = press("ca", "Enter", "Enter");
        assert_eq!(step(&enter, false), Some(Step::Zoom));
        assert_eq!(step(&press("ca", "ArrowUp", "ArrowUp"), false), None);
    }

    #[test]
    fn the_keyboard_is_no_trap() {
        assert_eq!(
            chord(&press("", "F6", "F6"), false, false),
            Some(Chord::NextRegion)
        );
        assert_eq!(
            chord(&press("s", "Escape", "Escape"), false, false),
            Some(Chord::Leave)
        );
        assert_eq!(chord(&press("", "Escape", "Escape"), false, false), None);
    }
}
