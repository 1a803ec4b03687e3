//! Tabs go to another window and come back.

use std::rc::Rc;

use transom_protocol::{Event, Phase};
use yew::Reducible;

use super::*;
use crate::state::windows::Windows;
use crate::state::workspace::Action;
use crate::state::workspace::acts::{drive, id, opened, running, shells, started, told};

/// A window with two tabs on one connection, shells 0 and 1; the second one is in front.
fn two_tabs() -> Rc<Workspace> {
    let open = told(Event::Phase { phase: Phase::Open });
    let actions = [started(), open, opened(0, true), opened(1, true)];
    drive(&Workspace::default(), actions)
}

fn shown(memory: Memory) -> Action {
    Action::Shared(Share::Shown {
        window: "w".to_owned(),
        memory,
    })
}

fn given(memory: Memory) -> Action {
    Action::Shared(Share::Given { memory, at_ms: 0.0 })
}

#[test]
fn a_tab_is_given_up_once_the_other_window_shows_it_and_comes_back_with_that() {
    let before = two_tabs();
    let moved = Memory::of_front(&before);
    assert_eq!(moved.shells(), [("k3v9".to_owned(), ShellId(1))]);
    let after = Rc::clone(&before).reduce(shown(moved));
    assert_eq!(shells(&after), [Some(0)]);
    let gone = Action::Shared(Share::Gone {
        window: "w".to_owned(),
        at_ms: 0.0,
    });
    let back = after.reduce(gone);
    assert_eq!(shells(&back), [Some(0), None]);
    let front = back.tabs().front().map(|tab| tab.shell);
    assert_eq!(front, Some(Some(ShellId(0))));
    assert_eq!(shells(&back.reduce(running(&[0, 1]))), [Some(0), Some(1)]);
}

#[test]
fn a_new_window_shows_what_it_is_given_and_nothing_else() {
    let moved = Memory::of_front(&two_tabs());
    let part = Workspace::among(Windows::new(true, false, Vec::new()));
    let window = drive(&part, [given(moved), running(&[0, 1]), opened(2, false)]);
    assert_eq!(shells(&window), [Some(1)]);
    let again = drive(&window, [opened(3, true)]);
    assert_eq!(shells(&again), [Some(1), Some(3)]);
}

#[test]
fn a_reload_leaves_the_other_window_what_it_shows() {
    let moved = Memory::of_front(&two_tabs());
    let windows = Windows::new(false, false, vec![("w".to_owned(), moved)]);
    let sought = Action::Sought {
        id: id(),
        target: None,
        front: true,
    };
    let window = drive(&Workspace::among(windows), [sought, running(&[0, 1])]);
    assert_eq!(shells(&window), [Some(0)]);
}

#[test]
fn a_tab_that_comes_back_stays_though_the_other_window_still_shows_it() {
    let moved = Memory::of_front(&two_tabs());
    let without = two_tabs().reduce(shown(moved.clone()));
    let back = drive(
        &without,
        [given(moved.clone()), running(&[0, 1]), shown(moved.clone())],
    );
    assert_eq!(shells(&back), [Some(0), Some(1)]);
    assert_eq!(back.tabs().front().unwrap().shell, Some(ShellId(1)));
    // Once that gave it up, it may go there again.
    let empty = Memory::default();
    let again = drive(&back, [shown(empty), shown(moved)]);
    assert_eq!(shells(&again), [Some(0)]);
}

#[test]
fn a_window_without_tabs_has_no_connection() {
    let moved = Memory::of(&two_tabs());
    let after = two_tabs().reduce(shown(moved));
    assert!(after.connections().is_empty());
    assert!(after.tabs().front().is_none());
    assert!(after.windows().may_use(&id()));
}
