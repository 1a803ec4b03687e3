//! Properties of trees, whatever a person does with them.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

/// One thing that a person does; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Deed {
    Split(usize, Toward),
    Close(usize),
    Swap(usize, usize),
    Resize(usize, u16),
    Move(usize, usize, Toward),
}

fn toward() -> impl Strategy<Value = Toward> {
    prop_oneof![
        Just(Toward::Left),
        Just(Toward::Right),
        Just(Toward::Up),
        Just(Toward::Down)
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (any::<usize>(), toward()).prop_map(|(at, side)| Deed::Split(at, side)),
        1 => any::<usize>().prop_map(Deed::Close),
        1 => any::<(usize, usize)>().prop_map(|(one, other)| Deed::Swap(one, other)),
        1 => any::<(usize, u16)>().prop_map(|(at, ratio)| Deed::Resize(at, ratio)),
        1 => (any::<usize>(), any::<usize>(), toward())
            .prop_map(|(what, at, side)| Deed::Move(what, at, side)),
    ]
}

fn pick(tree: &Tree, number: usize) -> TabId {
    let leaves = tree.leaves();
    leaves[number % leaves.len()]
}

/// Does it, and says which terminals are expected afterwards.
fn apply(tree: Tree, expected: &mut HashSet<TabId>, next: &mut u32, deed: &Deed) -> Tree {
    match *deed {
        Deed::Split(at, side) => {
            let (at, new) = (pick(&tree, at), TabId(*next));
            *next += 1;
            expected.insert(new);
            tree.split(at, new, side)
        }
        Deed::Close(_) if expected.len() == 1 => tree,
        Deed::Close(at) => {
            let at = pick(&tree, at);
            expected.remove(&at);
            tree.without(at).unwrap()
        }
        Deed::Swap(one, other) => {
            let (one, other) = (pick(&tree, one), pick(&tree, other));
            tree.swap(one, other)
        }
        Deed::Resize(at, ratio) => {
            let (mut tree, at) = (tree.clone(), pick(&tree, at));
            tree.resize(at, ratio);
            tree
        }
        Deed::Move(what, at, side) => {
            let (what, at) = (pick(&tree, what), pick(&tree, at));
            if what == at {
                return tree;
            }
            tree.without(what).unwrap().split(at, what, side)
        }
    }
}

proptest! {
    #[test]
    fn every_terminal_is_there_once_and_the_areas_fill_the_whole(
        deeds in proptest::collection::vec(deed(), 0..40),
    ) {
        let (mut tree, mut next) = (Tree::Leaf(TabId(0)), 1);
        let mut expected = HashSet::from([TabId(0)]);
        for deed in &deeds {
            tree = apply(tree, &mut expected, &mut next, deed);
            let leaves = tree.leaves();
            prop_assert_eq!(leaves.len(), expected.len());
            prop_assert_eq!(&leaves.iter().copied().collect::<HashSet<_>>(), &expected);
            let places = tree.places();
            let sum: f64 = places.panes.iter().map(|(_, area)| area.width * area.height).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
            let names: HashSet<_> = places.dividers.iter().map(|divider| divider.second).collect();
            prop_assert_eq!(names.len(), leaves.len() - 1);
            for divider in &places.dividers {
                prop_assert!((LEAST..=1000 - LEAST).contains(&divider.ratio));
            }
        }
    }

    #[test]
    fn a_neighbour_is_another_terminal_of_the_tree(
        deeds in proptest::collection::vec(deed(), 0..20),
        from in any::<usize>(),
        side in toward(),
    ) {
        let (mut tree, mut next) = (Tree::Leaf(TabId(0)), 1);
        let mut expected = HashSet::from([TabId(0)]);
        for deed in &deeds {
            tree = apply(tree, &mut expected, &mut next, deed);
        }
        let from = pick(&tree, from);
        if let Some(neighbour) = tree.places().neighbour(from, side) {
            prop_assert!(neighbour != from && tree.holds(neighbour));
        }
    }
}

/// `0 | (1 / 2)`
fn three() -> Tree {
    Tree::Leaf(TabId(0))
        .split(TabId(0), TabId(1), Toward::Right)
        .split(TabId(1), TabId(2), Toward::Down)
}

#[test]
fn the_arrows_go_where_the_eyes_see_it() {
    let places = three().places();
    let next = |from, toward| places.neighbour(TabId(from), toward);
    assert_eq!(next(1, Toward::Down), Some(TabId(2)));
    assert_eq!(next(2, Toward::Left), Some(TabId(0)));
    assert_eq!(next(2, Toward::Up), Some(TabId(1)));
    assert_eq!(next(0, Toward::Left), None);
    assert_eq!(next(0, Toward::Down), None);
}

#[test]
fn a_closed_part_gives_its_area_to_its_sibling() {
    let places = three().without(TabId(1)).unwrap().places();
    let half = Area {
        x: 0.5,
        width: 0.5,
        ..Area::WHOLE
    };
    assert_eq!(places.of(TabId(2)), Some(half));
}

#[test]
fn a_point_belongs_to_the_nearest_side() {
    let places = three().places();
    assert_eq!(places.target(0.02, 0.5), Some((TabId(0), Toward::Left)));
    assert_eq!(places.target(0.75, 0.98), Some((TabId(2), Toward::Down)));
    assert_eq!(places.target(0.75, -0.1), None);
}

#[test]
fn a_divider_is_moved_within_its_bounds() {
    let mut tree = three();
    tree.resize(TabId(2), 0);
    tree.resize(TabId(1), 700);
    let ratios: Vec<_> = tree.places().dividers.iter().map(|it| it.ratio).collect();
    assert_eq!(ratios, [700, LEAST]);
}
