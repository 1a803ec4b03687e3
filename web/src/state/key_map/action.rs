//! What can have keys, and the keys that it has at first.

use crate::state::key_press::Chord;
use crate::state::layout::{Axis, Step, Toward};
use crate::state::message::{Message, action as words, window};

/// Something that keys can do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bindable {
    /// Its name in the settings.
    pub(crate) id: &'static str,
    pub(crate) chord: Chord,
    pub(crate) words: Message,
    /// Its keys at first, the best known first.
    pub(crate) keys: &'static [&'static str],
    /// Keys that stand before those on a keyboard with a ⌘ key.
    pub(crate) apples: &'static [&'static str],
}

const fn bindable(
    id: &'static str,
    chord: Chord,
    words: Message,
    keys: &'static [&'static str],
    apples: &'static [&'static str],
) -> Bindable {
    Bindable {
        id,
        chord,
        words,
        keys,
        apples,
    }
}

/// All of them, in the order of the palette.
#[rustfmt::skip]
pub(crate) static ACTIONS: [Bindable; 59] = [
    bindable("palette", Chord::Palette, words::PALETTE, &["Ctrl+Shift+KeyP", "F1"], &["Shift+Meta+KeyP"]),
    bindable("connect", Chord::Connect, words::CONNECT, &["Ctrl+Shift+KeyO"], &["Shift+Meta+KeyO"]),
    bindable("files", Chord::Files, words::FILES, &["Ctrl+Shift+KeyE"], &["Shift+Meta+KeyE"]),
    bindable("transfers", Chord::Transfers, words::TRANSFERS, &["Ctrl+Shift+KeyJ"], &["Shift+Meta+KeyJ"]),
    bindable("new-tab", Chord::NewTab, words::NEW_TAB, &["Alt+Shift+KeyT"], &[]),
    bindable("close-tab", Chord::CloseTab, words::CLOSE_TAB, &["Alt+Shift+KeyW"], &[]),
    bindable("next-tab", Chord::StepTab(1), words::NEXT_TAB, &["Ctrl+Shift+ArrowRight"], &[]),
    bindable("previous-tab", Chord::StepTab(-1), words::PREVIOUS_TAB, &["Ctrl+Shift+ArrowLeft"], &[]),
    bindable("tab-1", Chord::Tab(1), words::TAB_1, &["Alt+Digit1"], &["Meta+Digit1"]),
    bindable("tab-2", Chord::Tab(2), words::TAB_2, &["Alt+Digit2"], &["Meta+Digit2"]),
    bindable("tab-3", Chord::Tab(3), words::TAB_3, &["Alt+Digit3"], &["Meta+Digit3"]),
    bindable("tab-4", Chord::Tab(4), words::TAB_4, &["Alt+Digit4"], &["Meta+Digit4"]),
    bindable("tab-5", Chord::Tab(5), words::TAB_5, &["Alt+Digit5"], &["Meta+Digit5"]),
    bindable("tab-6", Chord::Tab(6), words::TAB_6, &["Alt+Digit6"], &["Meta+Digit6"]),
    bindable("tab-7", Chord::Tab(7), words::TAB_7, &["Alt+Digit7"], &["Meta+Digit7"]),
    bindable("tab-8", Chord::Tab(8), words::TAB_8, &["Alt+Digit8"], &["Meta+Digit8"]),
    bindable("tab-9", Chord::Tab(9), words::TAB_9, &["Alt+Digit9"], &["Meta+Digit9"]),
    bindable("find", Chord::Find, words::FIND, &["Ctrl+Shift+KeyF"], &["Meta+KeyF"]),
    bindable("snippets", Chord::Snippets, words::SNIPPETS, &["Ctrl+Shift+KeyS"], &["Shift+Meta+KeyS"]),
    bindable("broadcast", Chord::Broadcast, words::BROADCAST, &["Alt+Shift+KeyB"], &[]),
    bindable("quick-select", Chord::QuickSelect, words::QUICK_SELECT, &["Ctrl+Shift+Space"], &["Shift+Meta+Space"]),
    bindable("previous-command", Chord::StepPrompt(-1), words::PREVIOUS_COMMAND, &["Ctrl+Shift+ArrowUp"], &["Meta+ArrowUp"]),
    bindable("next-command", Chord::StepPrompt(1), words::NEXT_COMMAND, &["Ctrl+Shift+ArrowDown"], &["Meta+ArrowDown"]),
    bindable("copy-output", Chord::CopyOutput, words::COPY_OUTPUT, &["Ctrl+Shift+KeyY"], &["Shift+Meta+KeyY"]),
    bindable("fold", Chord::Fold, words::FOLD, &["Ctrl+Shift+BracketLeft"], &[]),
    bindable("fold-all", Chord::FoldAll, words::FOLD_ALL, &[], &[]),
    bindable("unfold-all", Chord::UnfoldAll, words::UNFOLD_ALL, &[], &[]),
    bindable("tell-when-done", Chord::TellWhenDone, words::TELL_WHEN_DONE, &[], &[]),
    bindable("mark-commands", Chord::Integrate(true), words::MARK_COMMANDS, &[], &[]),
    bindable("unmark-commands", Chord::Integrate(false), words::UNMARK_COMMANDS, &[], &[]),
    bindable("record", Chord::Record, words::RECORD, &[], &[]),
    bindable("mark", Chord::Mark, words::MARK, &[], &[]),
    bindable("copy", Chord::Copy, words::COPY, &["Ctrl+Shift+KeyC"], &["Meta+KeyC"]),
    bindable("larger", Chord::Zoom(1), words::LARGER, &["Ctrl+Shift+Equal"], &["Meta+Equal", "Shift+Meta+Equal"]),
    bindable("smaller", Chord::Zoom(-1), words::SMALLER, &["Ctrl+Shift+Minus"], &["Meta+Minus", "Shift+Meta+Minus"]),
    bindable("usual-size", Chord::ZoomReset, words::USUAL_SIZE, &["Ctrl+Shift+Digit0"], &["Meta+Digit0"]),
    bindable("split-right", Chord::Arrange(Step::Split(Axis::Right)), words::SPLIT_RIGHT, &["Alt+Shift+Equal"], &["Meta+KeyD"]),
    bindable("split-down", Chord::Arrange(Step::Split(Axis::Down)), words::SPLIT_DOWN, &["Alt+Shift+Minus"], &["Shift+Meta+KeyD"]),
    bindable("zoom-pane", Chord::Arrange(Step::Zoom), words::ZOOM_PANE, &["Ctrl+Alt+Enter"], &["Alt+Meta+Enter"]),
    bindable("pane-left", Chord::Arrange(Step::Focus(Toward::Left)), words::PANE_LEFT, &["Alt+Shift+ArrowLeft"], &["Alt+Meta+ArrowLeft"]),
    bindable("pane-right", Chord::Arrange(Step::Focus(Toward::Right)), words::PANE_RIGHT, &["Alt+Shift+ArrowRight"], &["Alt+Meta+ArrowRight"]),
    bindable("pane-up", Chord::Arrange(Step::Focus(Toward::Up)), words::PANE_UP, &["Alt+Shift+ArrowUp"], &["Alt+Meta+ArrowUp"]),
    bindable("pane-down", Chord::Arrange(Step::Focus(Toward::Down)), words::PANE_DOWN, &["Alt+Shift+ArrowDown"], &["Alt+Meta+ArrowDown"]),
    bindable("move-pane-left", Chord::Arrange(Step::Swap(Toward::Left)), words::MOVE_PANE_LEFT, &[], &[]),
    bindable("move-pane-right", Chord::Arrange(Step::Swap(Toward::Right)), words::MOVE_PANE_RIGHT, &[], &[]),
    bindable("move-pane-up", Chord::Arrange(Step::Swap(Toward::Up)), words::MOVE_PANE_UP, &[], &[]),
    bindable("move-pane-down", Chord::Arrange(Step::Swap(Toward::Down)), words::MOVE_PANE_DOWN, &[], &[]),
    bindable("own-tab", Chord::Arrange(Step::OwnTab), words::OWN_TAB, &[], &[]),
    bindable("duplicate-tab", Chord::Arrange(Step::Duplicate), words::DUPLICATE_TAB, &["Alt+Shift+KeyD"], &[]),
    bindable("rename-tab", Chord::Arrange(Step::Rename), words::RENAME_TAB, &[], &[]),
    bindable("move-tab-left", Chord::Arrange(Step::MoveTab(-1)), words::MOVE_TAB_LEFT, &["Alt+Shift+PageUp"], &[]),
    bindable("move-tab-right", Chord::Arrange(Step::MoveTab(1)), words::MOVE_TAB_RIGHT, &["Alt+Shift+PageDown"], &[]),
    bindable("move-window", Chord::MoveWindow, window::OUT, &["Alt+Shift+KeyN"], &[]),
    bindable("join-tab", Chord::Arrange(Step::Join), words::JOIN_TAB, &[], &[]),
    bindable("send-ctrl-w", Chord::Send("\u{17}"), words::SEND_CTRL_W, &[], &[]),
    bindable("send-ctrl-t", Chord::Send("\u{14}"), words::SEND_CTRL_T, &[], &[]),
    bindable("send-ctrl-n", Chord::Send("\u{e}"), words::SEND_CTRL_N, &[], &[]),
    bindable("send-f11", Chord::Send("\u{1b}[23~"), words::SEND_F11, &[], &[]),
    bindable("full-screen", Chord::FullScreen, words::FULL_SCREEN, &[], &[]),
];
