//! Sessions come and go.

use transom_protocol::ExitStatus;

use super::acts::{hello, id, started, told};
use super::*;
use crate::state::layout::{Axis, Step};

fn drive(actions: impl IntoIterator<Item = Action>) -> Rc<Workspace> {
    acts::drive(&Workspace::default(), actions)
}

fn sought() -> Action {
    Action::Sought {
        id: id(),
        target: None,
        front: true,
    }
}

#[test]
fn a_reload_shows_the_shells_that_run() {
    let ended = Some(ExitStatus::Code { code: 0 });
    let workspace = drive([
        sought(),
        hello(Phase::Open, [(0, ended), (1, None), (2, None)]),
    ]);
    let shells: Vec<_> = workspace
        .tabs()
        .open()
        .iter()
        .map(|tab| tab.shell)
        .collect();
    assert_eq!(shells, [Some(ShellId(1)), Some(ShellId(2))]);
}

#[test]
fn a_reload_of_an_ended_session_shows_its_last_words() {
    let ended = ExitStatus::Code { code: 3 };
    let workspace = drive([sought(), hello(Phase::Open, [(0, Some(ended.clone()))])]);
    assert_eq!(workspace.tabs().front().unwrap().ended, Some(ended));
}

#[test]
fn restarting_a_tab_of_a_closed_session_connects_again() {
    let workspace = drive([
        started(),
        told(Event::ShellOpened {
            shell: ShellId(0),
            yours: true,
        }),
        told(Event::ShellExited {
            shell: ShellId(0),
            status: ExitStatus::Unknown,
        }),
        told(Event::Phase {
            phase: Phase::Closed { failure: None },
        }),
    ]);
    let tab = workspace.tabs().front().unwrap().id;
    let workspace = workspace.reduce(Action::TabRestarted(tab));
    let connection = workspace.front().unwrap();
    assert_eq!(connection.attempt, 2);
    assert!(connection.is_connecting());
    assert_eq!(workspace.tabs().front().unwrap().shell, None);
}

#[test]
fn restarting_one_of_two_shells_keeps_the_session() {
    let workspace = drive([
        started(),
        told(Event::Phase { phase: Phase::Open }),
        told(Event::ShellOpened {
            shell: ShellId(0),
            yours: true,
        }),
    ]);
    let tab = workspace.tabs().front().unwrap().id;
    let workspace = workspace.reduce(Action::TabRestarted(tab));
    assert_eq!(workspace.front().unwrap().attempt, 1);
}

#[test]
fn the_last_tab_takes_its_connection_along() {
    let workspace = drive([started()]);
    let tab = workspace.tabs().front().unwrap().id;
    let workspace = workspace.reduce(Action::TabClosed(tab));
    assert!(workspace.connections().is_empty());
}

#[test]
fn an_address_leaves_the_chosen_tab_of_its_connection_in_front() {
    let workspace = drive([started(), Action::TabAdded(id())]);
    let chosen = workspace.tabs().front().unwrap().id;
    let workspace = workspace.reduce(Action::ConnectionRaised(id()));
    assert_eq!(workspace.tabs().front().unwrap().id, chosen);
}

#[test]
fn a_bell_marks_only_a_tab_behind() {
    let workspace = drive([
        started(),
        told(Event::ShellOpened {
            shell: ShellId(0),
            yours: true,
        }),
        told(Event::ShellOpened {
            shell: ShellId(1),
            yours: false,
        }),
        Action::Rang {
            id: id(),
            shell: ShellId(0),
        },
        Action::Rang {
            id: id(),
            shell: ShellId(1),
        },
    ]);
    let bells: Vec<_> = workspace.tabs().open().iter().map(|tab| tab.bell).collect();
    assert_eq!(bells, [false, true]);
}

#[test]
fn a_closed_tab_comes_back_on_its_connection_or_on_a_new_one() {
    let workspace = drive([
        started(),
        Action::TabAdded(id()),
        Action::Arranged(Arrangement::Step(Step::Split(Axis::Right))),
    ]);
    let group = workspace.tabs().front_group().unwrap().id;
    let workspace = workspace.reduce(Action::GroupClosed(group));
    assert_eq!(workspace.tabs().open().len(), 1);
    assert!(workspace.closed().gone(&workspace).is_empty());
    let workspace = workspace.reduce(Action::Reopened(Vec::new()));
    assert_eq!(workspace.tabs().of(&id()).count(), 3);
    let groups: Vec<_> = workspace.tabs().groups().list().to_vec();
    let workspace = groups.iter().fold(workspace, |workspace, group| {
        workspace.reduce(Action::GroupClosed(group.id))
    });
    let gone = workspace.closed().gone(&workspace);
    let [gone] = gone.as_slice() else {
        panic!("one connection is gone: {gone:?}")
    };
    let workspace = workspace.reduce(Action::Reopened(vec![Renewed {
        old: gone.id.clone(),
        connection: ConnectionId("new".into()),
        target: gone.target.clone(),
        pinned: None,
    }]));
    let new = workspace.front().unwrap();
    assert_eq!(new.id.0.as_str(), "new");
    assert!(new.is_connecting());
    assert_eq!(workspace.tabs().open().len(), 2);
}
