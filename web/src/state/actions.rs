//! What the command palette offers, and which of it fits what a person typed.

use transom_protocol::{Phase, Target};

use crate::route::Route;
use crate::state::key_map::{ACTIONS, KeyMap};
use crate::state::key_press::Chord;
use crate::state::message::{Message, palette as words, window};
use crate::state::settings::ThemeChoice;
use crate::state::tabs::TabId;
use crate::state::windows::Moves;
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
    pub(crate) keys: String,
    pub(crate) deed: Deed,
    /// Why it cannot be done here.
    pub(crate) refused: Option<&'static str>,
}

/// The pages.
const PAGES: [(Route, Message); 6] = [
    (Route::Home, words::GO_HOME),
    (Route::Hosts, words::GO_HOSTS),
    (Route::Keys, words::GO_KEYS),
    (Route::KnownHosts, words::GO_KNOWN_HOSTS),
    (Route::Recordings, words::GO_RECORDINGS),
    (Route::Settings, words::GO_SETTINGS),
];

/// Everything that can be done now, in the order in which it is listed.
///
/// - `recents`: addresses that were connected to lately.
/// - `keys`: which key does what.
pub(crate) fn offers(workspace: &Workspace, recents: &[Target], keys: &KeyMap) -> Vec<Offer> {
    let plain = |words: String, deed: Deed| Offer {
        words,
        keys: String::new(),
        deed,
        refused: None,
    };
    let moves = workspace.windows().moves();
    let tabs = workspace.tabs();
    let front = tabs.front();
    let open = workspace.front().is_some_and(|connection| {
        connection.phase == Phase::Open && front.is_some_and(|tab| tab.shell.is_some())
    });
    let deeds = ACTIONS.iter().filter(|action| {
        open && match action.chord {
            // It is open already.
            Chord::Palette => false,
            Chord::Tab(number) => tabs.numbered(number).is_some(),
            _ => true,
        }
    });
    let deeds = deeds.map(|action| {
        let (moves_window, words) = (action.chord == Chord::MoveWindow, action.words);
        let words = if moves_window && moves == Moves::Back {
            window::BACK
        } else {
            words
        };
        Offer {
            words: words.say().to_owned(),
            keys: keys.shown(action),
            deed: match action.chord {
                Chord::Connect => Deed::Go(Route::Home),
                chord => Deed::Press(chord),
            },
            refused: (moves_window && moves == Moves::Never).then(|| window::ALONE.say()),
        }
    });
    let reopen = plain(words::REOPEN.say().to_owned(), Deed::Reopen);
    let reopen = Some(reopen).filter(|_| !workspace.closed().is_empty());
    let others = tabs
        .open()
        .iter()
        .filter(|tab| Some(tab.id) != front.map(|tab| tab.id));
    let raises = others.filter_map(|tab| {
        let host = workspace.connection(&tab.connection)?.host();
        Some(plain(
            words::GO_TAB.with(&[("tab", format!("{host} {}", tab.title).trim_end())]),
            Deed::Raise(tab.id),
        ))
    });
    let pages = PAGES.iter();
    let pages = pages.map(|(route, words)| plain(words.say().to_owned(), Deed::Go(route.clone())));
    let connects = recents.iter();
    let connects = connects.map(|target| {
        plain(
            words::CONNECT_TO.with(&[("target", &target.to_string())]),
            Deed::Connect(target.clone()),
        )
    });
    let themes = ThemeChoice::ALL.iter();
    let themes = themes.map(|theme| {
        plain(
            words::THEME.with(&[("theme", theme.label())]),
            Deed::Choose(*theme),
        )
    });
    deeds
        .chain(reopen)
        .chain(raises)
        .chain(pages)
        .chain(connects)
        .chain([plain(words::LOCK_VAULT.say().to_owned(), Deed::LockVault)])
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
    use crate::state::key_map::{Browser, Choices, Surroundings};

    const LINUX: Surroundings = Surroundings {
        browser: Browser::Chromium,
        apple: false,
        app_window: false,
    };

    fn words(typed: &str) -> Vec<String> {
        let recents = ["ops@web-1".parse().unwrap(), "db".parse().unwrap()];
        let keys = KeyMap::new(&Choices::new(), LINUX);
        let offers = offers(&Workspace::default(), &recents, &keys);
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
