//! Splitting, moving and closing.

use transom_protocol::ShellId;
use yew::AttrValue;

use super::*;

fn host(name: &'static str) -> ConnectionId {
    ConnectionId(AttrValue::Static(name))
}

/// One tab with three terminals: `0 | (1 / 2)`.
fn three() -> Tabs {
    let mut tabs = Tabs::default();
    tabs.add(&host("a"), Some(ShellId(0)));
    tabs.step(Step::Split(Axis::Right));
    tabs.step(Step::Split(Axis::Down));
    tabs
}

fn seen(tabs: &Tabs) -> Vec<u32> {
    tabs.open().iter().map(|tab| tab.id.0).collect()
}

#[test]
fn a_split_makes_a_terminal_of_the_same_connection_and_gives_it_the_keyboard() {
    let tabs = three();
    assert_eq!(tabs.groups().list().len(), 1);
    assert_eq!(tabs.of(&host("a")).count(), 3);
    assert_eq!(tabs.front().unwrap().id, TabId(2));
    assert_eq!(tabs.front().unwrap().shell, None);
}

#[test]
fn closing_gives_the_keyboard_to_the_one_beside() {
    let mut tabs = three();
    tabs.close(TabId(2));
    assert_eq!(tabs.front().unwrap().id, TabId(1));
    let mut other = three();
    other.raise(TabId(1));
    other.close(TabId(1));
    assert_eq!(other.front().unwrap().id, TabId(2));
    tabs.close(TabId(1));
    tabs.close(TabId(0));
    assert!(tabs.front().is_none() && tabs.groups().list().is_empty());
}

#[test]
fn a_terminal_becomes_a_tab_and_comes_back() {
    let mut tabs = three();
    tabs.step(Step::OwnTab);
    assert_eq!(tabs.groups().list().len(), 2);
    tabs.move_beside(TabId(2), TabId(0), Toward::Left);
    assert_eq!(tabs.groups().list().len(), 1);
    assert_eq!(seen(&tabs), [2, 0, 1]);
    assert_eq!(tabs.front().unwrap().id, TabId(2));
}

#[test]
fn a_swap_keeps_the_focus_on_the_terminal() {
    let mut tabs = three();
    tabs.step(Step::Swap(Toward::Left));
    assert_eq!(seen(&tabs), [2, 1, 0]);
    assert_eq!(tabs.front().unwrap().id, TabId(2));
}

#[test]
fn zoom_ends_where_another_terminal_gets_the_keyboard() {
    let mut tabs = three();
    tabs.step(Step::Zoom);
    assert!(tabs.front_group().unwrap().zoomed);
    tabs.step(Step::Focus(Toward::Up));
    assert!(!tabs.front_group().unwrap().zoomed);
    let mut one = Tabs::default();
    one.add(&host("a"), None);
    one.step(Step::Zoom);
    assert!(!one.front_group().unwrap().zoomed, "there is no other");
}

#[test]
fn a_duplicate_has_new_terminals_in_the_same_areas() {
    let mut tabs = three();
    let first = tabs.front_group().unwrap().id;
    tabs.named(first, Some("  shop "));
    tabs.step(Step::Duplicate);
    let front = tabs.front_group().unwrap();
    assert_eq!(
        (front.tree.leaves().len(), front.name.as_str()),
        (3, "shop")
    );
    assert!(front.id != first && !front.tree.holds(TabId(0)));
    assert_eq!(front.focus, TabId(5), "as in the one that it is made after");
}

#[test]
fn a_tab_stops_at_the_ends_of_the_strip() {
    let mut tabs = Tabs::default();
    for name in ["a", "b"] {
        tabs.add(&host(name), None);
    }
    tabs.step(Step::MoveTab(-1));
    assert_eq!(seen(&tabs), [0, 1]);
    tabs.step(Step::MoveTab(1));
    assert_eq!(seen(&tabs), [1, 0]);
    tabs.step(Step::MoveTab(1));
    assert_eq!(seen(&tabs), [1, 0]);
}

#[test]
fn a_tab_holds_only_so_many_terminals() {
    let mut tabs = Tabs::default();
    tabs.add(&host("a"), None);
    for _ in 0..MAX_PANES + 3 {
        tabs.step(Step::Split(Axis::Right));
    }
    assert_eq!(tabs.open().len(), MAX_PANES);
}
