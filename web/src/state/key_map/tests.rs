//! Which key does what.

use std::collections::BTreeSet;

use super::*;
use crate::state::layout::{Axis, Step, Toward};

const LINUX: Surroundings = Surroundings {
    browser: Browser::Chromium,
    apple: false,
    app_window: false,
};

const MAC: Surroundings = Surroundings {
    apple: true,
    ..LINUX
};

fn map(choices: &[(&str, &str)], surroundings: Surroundings) -> KeyMap {
    let choices = choices.iter();
    let choices = choices.map(|(id, keys)| ((*id).to_owned(), (*keys).to_owned()));
    KeyMap::new(&choices.collect(), surroundings)
}

fn press(stroke: &str) -> KeyPress {
    let stroke: Stroke = stroke.parse().unwrap();
    KeyPress {
        key: String::new(),
        code: stroke.code,
        ctrl: stroke.ctrl,
        shift: stroke.shift,
        alt: stroke.alt,
        meta: stroke.meta,
    }
}

fn does(map: &KeyMap, stroke: &str) -> Option<Chord> {
    map.chord(&press(stroke), false)
}

fn action(id: &str) -> &'static Bindable {
    ACTIONS.iter().find(|action| action.id == id).unwrap()
}

#[test]
fn a_plain_ctrl_letter_goes_to_the_shell_whatever_is_chosen() {
    for letter in 'A'..='Z' {
        let stroke = format!("Ctrl+Key{letter}");
        let chosen = [("find", stroke.as_str())];
        for surroundings in [LINUX, MAC] {
            let map = map(&chosen, surroundings);
            assert_eq!(does(&map, &stroke), None, "{stroke}");
            let wanted = stroke.parse().unwrap();
            let verdict = map.judge(&wanted, action("find"));
            assert!(matches!(verdict, Verdict::Refused(_)), "{stroke}");
        }
    }
}

#[test]
fn an_alt_letter_and_altgr_go_to_the_shell() {
    let map = map(&[("find", "Ctrl+Alt+KeyQ")], LINUX);
    for letter in 'A'..='Z' {
        for held in ["Alt", "Ctrl+Alt"] {
            let typed = press(&format!("{held}+Key{letter}"));
            assert_eq!(map.chord(&typed, true), None);
        }
    }
}

#[test]
fn ctrl_c_copies_only_a_selection() {
    let usual = map(&[], LINUX);
    let typed = press("Ctrl+KeyC");
    assert_eq!(usual.chord(&typed, true), Some(Chord::CopyAndClear));
    assert_eq!(usual.chord(&typed, false), None);
    assert_eq!(map(&[], MAC).chord(&typed, true), None);
}

#[test]
fn copy_and_paste_have_the_keys_of_each_platform() {
    let (linux, mac) = (map(&[], LINUX), map(&[], MAC));
    assert_eq!(does(&linux, "Ctrl+Shift+KeyC"), Some(Chord::Copy));
    assert_eq!(does(&linux, "Shift+Insert"), Some(Chord::Paste));
    assert_eq!(does(&mac, "Meta+KeyV"), Some(Chord::Paste));
    assert_eq!(does(&linux, "Meta+KeyV"), None);
    assert_eq!(does(&mac, "Meta+KeyC"), Some(Chord::Copy));
}

#[test]
fn the_palette_shows_and_has_keys_that_work_in_every_browser() {
    let palette = action("palette");
    assert_eq!(map(&[], LINUX).shown(palette), "Ctrl+Shift+P");
    let firefox = map(
        &[],
        Surroundings {
            browser: Browser::Firefox,
            ..LINUX
        },
    );
    assert_eq!(firefox.shown(palette), "F1");
    assert_eq!(does(&firefox, "F1"), Some(Chord::Palette));
    assert_eq!(does(&map(&[], LINUX), "F1"), Some(Chord::Palette));
    assert_eq!(map(&[], MAC).shown(palette), "⇧⌘P");
}

#[test]
fn terminals_are_arranged_by_the_keys_that_people_know() {
    let (linux, mac) = (map(&[], LINUX), map(&[], MAC));
    let arranges = |step| Some(Chord::Arrange(step));
    let split = arranges(Step::Split(Axis::Right));
    assert_eq!(does(&linux, "Alt+Shift+Equal"), split);
    assert_eq!(does(&mac, "Meta+KeyD"), split);
    let down = arranges(Step::Split(Axis::Down));
    assert_eq!(does(&mac, "Shift+Meta+KeyD"), down);
    let up = arranges(Step::Focus(Toward::Up));
    assert_eq!(does(&linux, "Alt+Shift+ArrowUp"), up);
    assert_eq!(does(&mac, "Alt+Meta+ArrowUp"), up);
    assert_eq!(does(&linux, "Ctrl+Alt+Enter"), arranges(Step::Zoom));
    assert_eq!(does(&linux, "Ctrl+Alt+ArrowUp"), None);
}

#[test]
fn alt_and_a_number_lead_to_a_tab_where_they_type_nothing() {
    let (linux, mac) = (map(&[], LINUX), map(&[], MAC));
    let window = map(
        &[],
        Surroundings {
            app_window: true,
            ..MAC
        },
    );
    for number in 1..=9 {
        let (alt, meta) = (format!("Alt+Digit{number}"), format!("Meta+Digit{number}"));
        assert_eq!(does(&linux, &alt), Some(Chord::Tab(number)));
        assert_eq!(does(&mac, &alt), None);
        // The tabs of the browser have them.
        assert_eq!(does(&mac, &meta), None);
        assert_eq!(does(&window, &meta), Some(Chord::Tab(number)));
    }
    assert_eq!(does(&linux, "Alt+Digit0"), None);
    let moved = map(&[("tab-1", "Alt+Digit0")], LINUX);
    assert_eq!(does(&moved, "Alt+Digit0"), Some(Chord::Tab(1)));
    assert_eq!(does(&moved, "Alt+Digit1"), None);
}

#[test]
fn a_tooltip_names_the_keys_that_work() {
    let hint = |map: &KeyMap| map.hint("New tab", Chord::NewTab);
    assert_eq!(hint(&map(&[], LINUX)), "New tab (Alt+Shift+T)");
    assert_eq!(hint(&map(&[("new-tab", "F9")], LINUX)), "New tab (F9)");
    assert_eq!(hint(&map(&[("new-tab", "")], LINUX)), "New tab");
}

#[test]
fn the_keyboard_is_no_trap() {
    let map = map(&[("find", "F6"), ("copy", "Shift+Escape")], LINUX);
    assert_eq!(does(&map, "F6"), Some(Chord::NextRegion));
    assert_eq!(does(&map, "Shift+F6"), Some(Chord::PreviousRegion));
    assert_eq!(does(&map, "Shift+Escape"), Some(Chord::Leave));
    assert_eq!(does(&map, "Escape"), None);
}

#[test]
fn chosen_keys_replace_the_usual_ones_and_stand_above_those_of_others() {
    let map = map(&[("find", "Ctrl+Shift+KeyS"), ("record", "F9")], LINUX);
    assert_eq!(does(&map, "Ctrl+Shift+KeyS"), Some(Chord::Find));
    assert_eq!(does(&map, "Ctrl+Shift+KeyF"), None);
    assert_eq!(does(&map, "F9"), Some(Chord::Record));
    assert_eq!(map.shown(action("snippets")), "");
    assert_eq!(map.shown(action("find")), "Ctrl+Shift+S");
}

#[test]
fn keys_of_the_browser_and_of_others_are_told() {
    let map = map(&[], LINUX);
    let judge = |keys: &str, id: &str| map.judge(&keys.parse().unwrap(), action(id));
    assert_eq!(
        judge("Ctrl+Shift+KeyF", "copy"),
        Verdict::Clash(action("find"))
    );
    assert_eq!(judge("Ctrl+Shift+KeyF", "find"), Verdict::Good);
    assert_eq!(judge("Ctrl+Alt+Enter", "zoom-pane"), Verdict::Good);
    assert!(matches!(
        judge("Ctrl+Shift+KeyT", "new-tab"),
        Verdict::Refused(reason) if reason.contains("Ctrl+Shift+T")
    ));
    assert!(matches!(judge("KeyA", "copy"), Verdict::Refused(_)));
    let window = Surroundings {
        app_window: true,
        ..LINUX
    };
    let in_window = KeyMap::new(&Choices::new(), window);
    let wanted = "Ctrl+Shift+KeyT".parse().unwrap();
    assert_eq!(in_window.judge(&wanted, action("new-tab")), Verdict::Good);
}

#[test]
fn actions_have_names_of_their_own_and_keys_that_can_be_read() {
    let ids: BTreeSet<_> = ACTIONS.iter().map(|action| action.id).collect();
    assert_eq!(ids.len(), ACTIONS.len());
    for surroundings in [LINUX, MAC] {
        let map = map(&[], surroundings);
        for action in &ACTIONS {
            for keys in action.keys.iter().chain(action.apples) {
                let stroke: Stroke = keys.parse().unwrap();
                assert_eq!(stroke.to_string(), *keys);
            }
            // Where Alt types signs, and the browser has the numbers with ⌘.
            let taken = surroundings.apple && matches!(action.chord, Chord::Tab(_));
            let has_some = !action.keys.is_empty() && !taken;
            assert_eq!(!map.shown(action).is_empty(), has_some, "{}", action.id);
        }
    }
}

#[test]
fn browsers_are_told_apart() {
    let of = |rest: &str| Browser::of(&format!("Mozilla/5.0 (X11) {rest}"));
    assert_eq!(of("Gecko/20100101 Firefox/145.0"), Browser::Firefox);
    assert_eq!(of("Version/26.1 Safari/605.1.15"), Browser::Safari);
    assert_eq!(of("Chrome/156.0.0.0 Safari/537.36"), Browser::Chromium);
}
