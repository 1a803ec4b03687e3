//! Keys, and what the page does with them. Which key does what is in [`crate::state::key_map`].

use crate::state::layout::Step;

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
    /// Folds what the last command wrote, or unfolds it.
    Fold,
    /// Folds what all finished commands wrote.
    FoldAll,
    UnfoldAll,
    /// Makes the shell mark its commands, or no longer.
    Integrate(bool),
    /// Tells when the command that runs is done.
    TellWhenDone,
    /// Leaves the key to the page, which opens the command palette.
    Palette,
    /// Leaves the key to the page, which asks for an address.
    Connect,
    /// Shows the files of the server, or hides them.
    Files,
    /// Shows the transfers of the server.
    Transfers,
    NewTab,
    CloseTab,
    /// Arranges tabs and the terminals in them.
    Arrange(Step),
    /// Moves the tab to a window of its own, or back.
    MoveWindow,
    /// Steps to a neighbour tab: 1 right, -1 left.
    StepTab(isize),
    /// Goes to the tab of this number, from 1 on the left.
    Tab(usize),
    /// Steps to the next region of the page, or to the one before.
    NextRegion,
    PreviousRegion,
    /// Moves the focus from the terminal to its frame.
    Leave,
    /// Makes the text larger (1) or smaller (-1).
    Zoom(i32),
    ZoomReset,
    /// Types a key that the browser keeps for itself.
    Send(&'static str),
    /// Fills the screen, and gives the terminal the browser's keys too where it can; or goes back.
    FullScreen,
}
