//! What the command palette offers, and which of it fits what a person typed.

use transom_protocol::{Phase, Target};

use crate::route::Route;
use crate::state::key_press::Chord;
use crate::state::layout::{Axis, Step, Toward};
use crate::state::settings::ThemeChoice;
use crate::state::tabs::TabId;
use crate::state::workspace::Workspace;

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Go(Route),
    Raise(TabId),
    Connect(Target),
    /// What the key does in the terminal in front.
    Press(Chord),
    Choose(ThemeChoice),
    /// Opens the tab again that was closed last.
    Reopen,
    /// Locks the vault.
    LockVault,
}

/// An entry of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) words: String,
    /// Keys that do the same; empty where there are none.
    pub(crate) keys: &'static str,
    pub(crate) deed: Deed,
}

/// Deeds of the terminal in front: their words, their keys, and those on a Mac.
const IN_TERMINAL: [(Chord, &str, &str, &str); 20] = [
    (Chord::NewTab, "New tab", "Alt+Shift+T", "⌥⇧T"),
    (Chord::CloseTab, "Close tab", "Alt+Shift+W", "⌥⇧W"),
    (Chord::StepTab(1), "Next tab", "Ctrl+Shift+→", "⌃⇧→"),
    (Chord::StepTab(-1), "Previous tab", "Ctrl+Shift+←", "⌃⇧←"),
    (Chord::Find, "Find in the output", "Ctrl+Shift+F", "⌘F"),
    (Chord::Snippets, "Snippets", "Ctrl+Shift+S", "⇧⌘S"),
    (
        Chord::Broadcast,
        "Broadcast input to several terminals",
        "Alt+Shift+B",
        "⌥⇧B",
    ),
    (
        Chord::QuickSelect,
        "Quick select: copy what is on the screen",
        "Ctrl+Shift+Space",
        "⇧⌘Space",
    ),
    (
        Chord::StepPrompt(-1),
        "Previous command",
        "Ctrl+Shift+↑",
        "⌘↑",
    ),
    (Chord::StepPrompt(1), "Next command", "Ctrl+Shift+↓", "⌘↓"),
    (
        Chord::CopyOutput,
        "Copy the output of the last command",
        "Ctrl+Shift+Y",
        "⇧⌘Y",
    ),
    (
        Chord::TellWhenDone,
        "Tell me when the command is done",
        "",
        "",
    ),
    (
        Chord::Integrate(true),
        "Mark commands in this shell (bash, zsh, fish)",
        "",
        "",
    ),
    (
        Chord::Integrate(false),
        "No longer mark commands in this shell",
        "",
        "",
    ),
    (Chord::Record, "Record or stop recording", "", ""),
    (Chord::Mark, "Put a marker into the recording", "", ""),
    (Chord::Copy, "Copy the selection", "Ctrl+Shift+C", "⌘C"),
    (Chord::Zoom(1), "Larger text", "Ctrl+Shift+=", "⌘="),
    (Chord::Zoom(-1), "Smaller text", "Ctrl+Shift+-", "⌘-"),
    (Chord::ZoomReset, "Usual size of text", "Ctrl+Shift+0", "⌘0"),
];

/// What the terminals of the tab in front can be arranged to, as above.
const ARRANGEMENTS: [(Step, &str, &str, &str); 17] = [
    (Step::Split(Axis::Right), "Split right", "Alt+Shift+=", "⌘D"),
    (Step::Split(Axis::Down), "Split down", "Alt+Shift+-", "⇧⌘D"),
    (
        Step::Zoom,
        "Zoom the pane, or show all",
        "Ctrl+Alt+Enter",
        "⌥⌘↩",
    ),
    (
        Step::Focus(Toward::Left),
        "Go to the pane on the left",
        "Alt+Shift+←",
        "⌥⌘←",
    ),
    (
        Step::Focus(Toward::Right),
        "Go to the pane on the right",
        "Alt+Shift+→",
        "⌥⌘→",
    ),
    (
        Step::Focus(Toward::Up),
        "Go to the pane above",
        "Alt+Shift+↑",
        "⌥⌘↑",
    ),
    (
        Step::Focus(Toward::Down),
        "Go to the pane below",
        "Alt+Shift+↓",
        "⌥⌘↓",
    ),
    (
        Step::Swap(Toward::Left),
        "Move the pane to the left",
        "",
        "",
    ),
    (
        Step::Swap(Toward::Right),
        "Move the pane to the right",
        "",
        "",
    ),
    (Step::Swap(Toward::Up), "Move the pane up", "", ""),
    (Step::Swap(Toward::Down), "Move the pane down", "", ""),
    (Step::OwnTab, "Move the pane into a tab of its own", "", ""),
    (Step::Duplicate, "Duplicate tab", "Alt+Shift+D", "⌥⇧D"),
    (Step::Rename, "Rename tab", "", ""),
    (
        Step::MoveTab(-1),
        "Move tab to the left",
        "Alt+Shift+PageUp",
        "⌥⇧PageUp",
    ),
    (
        Step::MoveTab(1),
        "Move tab to the right",
        "Alt+Shift+PageDown",
        "⌥⇧PageDown",
    ),
    (Step::Join, "Move the pane into the tab on the left", "", ""),
];

/// The pages.
const PAGES: [(Route, &str); 6] = [
    (Route::Home, "Go to Home"),
    (Route::Hosts, "Go to Hosts"),
    (Route::Keys, "Go to Keys"),
    (Route::KnownHosts, "Go to Known hosts"),
    (Route::Recordings, "Go to Recordings"),
    (Route::Settings, "Go to Settings"),
];

/// Everything that can be done now, in the order in which it is listed.
///
/// - `recents`: addresses that were connected to lately.
/// - `apple`: the keyboard has a ⌘ key.
pub(crate) fn offers(workspace: &Workspace, recents: &[Target], apple: bool) -> Vec<Offer> {
    let plain = |words: String, deed: Deed| Offer {
        words,
        keys: "",
        deed,
    };
    let tabs = workspace.tabs();
    let front = tabs.front();
    let open = workspace.front().is_some_and(|connection| {
        connection.phase == Phase::Open && front.is_some_and(|tab| tab.shell.is_some())
    });
    let arrangements = ARRANGEMENTS
        .iter()
        .map(|(step, words, keys, apples)| (Chord::Arrange(*step), *words, *keys, *apples));
    let deeds = IN_TERMINAL.iter().copied().chain(arrangements);
    let deeds = deeds.filter(|_| open);
    let deeds = deeds.map(|(chord, words, keys, apples)| Offer {
        words: words.to_owned(),
        keys: if apple { apples } else { keys },
        deed: Deed::Press(chord),
    });
    let reopen = plain("Reopen closed tab".to_owned(), Deed::Reopen);
    let reopen = Some(reopen).filter(|_| !workspace.closed().is_empty());
    let others = tabs
        .open()
        .iter()
        .filter(|tab| Some(tab.id) != front.map(|tab| tab.id));
    let raises = others.filter_map(|tab| {
        let host = workspace.connection(&tab.connection)?.host();
        Some(plain(
            format!("Go to tab {host} {}", tab.title)
                .trim_end()
                .to_owned(),
            Deed::Raise(tab.id),
        ))
    });
    let pages = PAGES.iter();
    let pages = pages.map(|(route, words)| plain((*words).to_owned(), Deed::Go(route.clone())));
    let connects = recents.iter();
    let connects = connects.map(|target| {
        plain(
            format!("Connect to {target}"),
            Deed::Connect(target.clone()),
        )
    });
    let themes = ThemeChoice::ALL.iter();
    let themes =
        themes.map(|theme| plain(format!("Theme: {}", theme.label()), Deed::Choose(*theme)));
    deeds
        .chain(reopen)
        .chain(raises)
        .chain(pages)
        .chain(connects)
        .chain([plain("Lock the vault".to_owned(), Deed::LockVault)])
        .chain(themes)
        .collect()
}

/// The offers that hold every word of `typed`; those that begin with it come first.
pub(crate) fn fitting<'a>(offers: &'a [Offer], typed: &str) -> Vec<&'a Offer> {
    let typed = typed.trim().to_lowercase();
    let holds = |offer: &&Offer| {
        let words = offer.words.to_lowercase();
        typed.split_whitespace().all(|word| words.contains(word))
    };
    let mut fitting: Vec<&Offer> = offers.iter().filter(holds).collect();
    fitting.sort_by_key(|offer| !offer.words.to_lowercase().starts_with(&typed));
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        let recents = ["ops@web-1".parse().unwrap(), "db".parse().unwrap()];
        let offers = offers(&Workspace::default(), &recents, false);
        let fitting = fitting(&offers, typed);
        fitting.iter().map(|offer| offer.words.clone()).collect()
    }

    #[test]
    fn every_word_must_fit_and_a_beginning_comes_first() {
        assert_eq!(words("web conn"), ["Connect to ops@web-1"]);
        assert_eq!(words("go to k").first().unwrap(), "Go to Keys");
        assert!(words("nonsense").is_empty());
    }

    #[test]
    fn without_a_terminal_nothing_is_offered_for_it() {
        assert!(words("").iter().all(|words| words != "New tab"));
        assert!(words("").contains(&"Theme: Dark".to_owned()));
    }
}
