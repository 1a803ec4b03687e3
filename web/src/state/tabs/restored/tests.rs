//! What a reload brings back.

use super::*;
use crate::state::layout::{Axis, Step, Toward};
use crate::state::tabs::Arrangement;
use crate::state::workspace::acts::{drive, hello, id, opened, running, shells, told};
use crate::state::workspace::{Action, Workspace};
use std::rc::Rc;
use transom_protocol::{Event, Phase};

fn step(step: Step) -> Action {
    Action::Arranged(Arrangement::Step(step))
}

/// `0 | 1`, the second one with the keyboard, and behind it a tab with 2.
fn before() -> Rc<Workspace> {
    let started = Action::Started {
        id: id(),
        target: "ops@web-1".parse().unwrap(),
        pinned: Some("SHA256:x".to_owned()),
    };
    let open = told(Event::Phase { phase: Phase::Open });
    let title = Action::Titled {
        id: id(),
        shell: ShellId(1),
        title: "vim".into(),
    };
    let actions = [
        started,
        open,
        opened(0, true),
        step(Step::Split(Axis::Right)),
        opened(1, true),
        title,
        Action::TabAdded(id()),
        opened(2, true),
        Action::Arranged(Arrangement::Resize {
            second: TabId(1),
            ratio: 300,
        }),
        Action::TabRaised(TabId(1)),
        Action::Arranged(Arrangement::Resize {
            second: TabId(1),
            ratio: 300,
        }),
    ];
    drive(&Workspace::default(), actions)
}

fn left(workspace: &Workspace) -> Action {
    let text = serde_json::to_string(&Memory::of(workspace)).unwrap();
    Action::Restored(Box::new(Left {
        memory: serde_json::from_str(&text).unwrap(),
        screens: vec![(1, "a screen".to_owned())],
        at_ms: 7.0,
    }))
}

#[test]
fn the_layout_is_back_and_each_terminal_finds_its_shell() {
    let back = drive(&Workspace::default(), [left(&before())]);
    assert_eq!(Memory::of(&back), Memory::of(&before()));
    let back = drive(&back, [running(&[2, 1, 0, 9])]);
    assert_eq!(shells(&back), [Some(0), Some(1), Some(2), Some(9)]);
    let front = back.tabs().front().unwrap();
    assert_eq!((front.id, front.title.as_str()), (TabId(1), "vim"));
    assert_eq!(front.kept, None, "the shell itself brings its output");
    let places = back.tabs().front_group().unwrap().tree.places();
    assert_eq!(places.dividers[0].ratio, 300);
    assert_eq!(
        places.neighbour(TabId(1), Toward::Left),
        Some(TabId(0)),
        "they lie as before"
    );
    assert_eq!(back.front().unwrap().pinned.as_deref(), Some("SHA256:x"));
}

#[test]
fn a_shell_that_is_gone_leaves_its_screen() {
    let back = [left(&before()), running(&[0, 2])];
    let back = drive(&Workspace::default(), back);
    let lost = back.tabs().get(TabId(1)).unwrap();
    assert_eq!(lost.lost, Some(Lost::Shell { left_ms: 7.0 }));
    assert_eq!(lost.kept.as_deref(), Some("a screen"));
    assert!(lost.ended.is_some() && lost.used && lost.shell.is_none());
}

#[test]
fn of_a_session_that_is_gone_each_terminal_connects_when_it_is_told_to() {
    let back = [left(&before()), hello(Phase::Idle, [])];
    let back = drive(&Workspace::default(), back);
    let lost = Some(Lost::Session { left_ms: 7.0 });
    assert!(back.tabs().open().iter().all(|tab| tab.lost == lost));
    // The new engine counts its shells anew; only who asked gets one.
    let open = told(Event::Phase { phase: Phase::Open });
    let again = [Action::TabRestarted(TabId(2)), open, opened(0, true)];
    let again = drive(&back, again);
    assert_eq!(shells(&again), [None, None, Some(0)]);
    // Once more, nothing is said twice.
    let back = drive(&Workspace::default(), [left(&back)]);
    let lost = Some(Lost::Before);
    assert!(back.tabs().open().iter().all(|tab| tab.lost == lost));
}

#[test]
fn a_terminal_without_a_connection_stays_away() {
    let mut memory = Memory::of(&before());
    memory.connections.clear();
    let mut tabs = Tabs::default();
    tabs.restore(&Left {
        memory,
        screens: Vec::new(),
        at_ms: 0.0,
    });
    assert!(tabs.open().is_empty() && tabs.front().is_none());
}
