use super::*;

fn entry(name: &str, kind: EntryKind, size: u64) -> FileEntry {
    FileEntry {
        name: name.into(),
        named: true,
        kind,
        target_kind: None,
        size,
        modified: None,
        mode: None,
        user: None,
        group: None,
        user_name: String::new(),
        group_name: String::new(),
    }
}

fn listed(names: &[(&str, EntryKind, u64)]) -> Rc<Folder> {
    let entries = names
        .iter()
        .map(|(name, kind, size)| entry(name, *kind, *size))
        .collect();
    drive(Rc::new(Folder::default()), listing(entries))
}

/// A folder that is asked for and comes with these entries.
fn listing(entries: Vec<FileEntry>) -> [FolderAction; 2] {
    let asked = FolderAction::Asked {
        ask: AskId(1),
        path: "/srv".into(),
        wanted: Vec::new(),
    };
    let listed = FolderAction::Listed {
        ask: AskId(1),
        path: "/srv".into(),
        entries,
        cut: false,
    };
    [asked, listed]
}

fn drive(folder: Rc<Folder>, actions: impl IntoIterator<Item = FolderAction>) -> Rc<Folder> {
    actions.into_iter().fold(folder, Folder::reduce)
}

fn names(folder: &Folder) -> Vec<String> {
    (0..folder.len())
        .filter_map(|row| folder.row(row))
        .map(|entry| entry.name.shown())
        .collect()
}

use EntryKind::{File, Folder as Dir};

#[test]
fn folders_stand_above_files_whichever_the_direction() {
    let folder = listed(&[("b", File, 1), ("z", Dir, 0), ("a", File, 2), ("y", Dir, 0)]);
    assert_eq!(names(&folder), ["y", "z", "a", "b"]);
    let folder = folder.reduce(FolderAction::Sorted(Column::Name));
    assert_eq!(names(&folder), ["z", "y", "b", "a"]);
    let folder = folder.reduce(FolderAction::Sorted(Column::Size));
    assert_eq!(names(&folder), ["y", "z", "b", "a"]);
}

#[test]
fn numbers_in_names_are_numbers() {
    let folder = listed(&[
        ("File10", File, 0),
        ("file9", File, 0),
        ("file010b", File, 0),
    ]);
    assert_eq!(names(&folder), ["file9", "File10", "file010b"]);
}

#[test]
fn names_are_ordered_beyond_their_beginning() {
    let folder = listed(&[
        ("the same beginning b", File, 0),
        ("the same beginning A", File, 0),
        ("the same", File, 0),
        ("\u{202e}x", File, 0),
        ("the same beginning 7", File, 0),
    ]);
    assert_eq!(
        names(&folder),
        [
            "<U+202E>x",
            "the same",
            "the same beginning 7",
            "the same beginning A",
            "the same beginning b"
        ]
    );
}

#[test]
fn hidden_names_are_shown_on_demand() {
    let folder = listed(&[(".profile", File, 0), ("a", File, 0)]);
    assert_eq!(names(&folder), ["a"]);
    let folder = drive(
        folder,
        [FolderAction::HiddenToggled, FolderAction::AllSelected],
    );
    assert_eq!(folder.selected_paths().len(), 2);
    let folder = folder.reduce(FolderAction::HiddenToggled);
    assert_eq!(
        folder.selected_paths(),
        ["/srv/a".into()],
        "what is hidden is not chosen"
    );
}

#[test]
fn a_range_reaches_from_the_row_that_was_chosen_last() {
    let folder = listed(&[
        ("a", File, 0),
        ("b", File, 0),
        ("c", File, 0),
        ("d", File, 0),
    ]);
    let folder = drive(
        folder,
        [
            FolderAction::Moved(Move::To(1), Choice::Only),
            FolderAction::Moved(Move::Last, Choice::Range),
            FolderAction::Moved(Move::By(-1), Choice::Range),
        ],
    );
    assert_eq!(folder.selected_paths(), ["/srv/b".into(), "/srv/c".into()]);
    let folder = folder.reduce(FolderAction::Moved(Move::To(2), Choice::Toggle));
    assert_eq!(folder.selected_paths(), ["/srv/b".into()]);
}

#[test]
fn a_late_answer_of_another_folder_changes_nothing() {
    let folder = listed(&[("a", File, 0)]);
    let late = FolderAction::Listed {
        ask: AskId(7),
        path: "/etc".into(),
        entries: Vec::new(),
        cut: false,
    };
    let folder = folder.reduce(late);
    assert_eq!(folder.path, "/srv".into());
    assert_eq!(folder.len(), 1);
}

#[test]
fn a_name_that_is_none_is_never_acted_upon() {
    let mut bad = entry("../../etc/passwd", File, 0);
    bad.named = false;
    let hidden = Folder {
        hidden: true,
        ..Folder::default()
    };
    let folder = drive(Rc::new(hidden), listing(vec![bad]));
    let folder = drive(folder, [FolderAction::AllSelected]);
    assert_eq!(folder.len(), 1);
    assert!(folder.selected_paths().is_empty());
}

#[test]
fn paths_are_given_in_the_order_of_the_rows() {
    let folder = listed(&[("b", File, 0), ("a", File, 0), ("c", File, 0)]);
    let folder = drive(folder, [FolderAction::AllSelected]);
    assert_eq!(
        folder.selected_paths(),
        ["/srv/a".into(), "/srv/b".into(), "/srv/c".into()]
    );
}

#[test]
fn nothing_moves_into_itself_or_where_it_is() {
    let paths = ["/srv/a", "/srv/b", "/srv/ab"].map(RemotePath::from);
    let to = |folder: &str| -> Vec<String> {
        let moves = moved_into(&paths, &folder.into());
        moves.iter().map(|(_, to)| to.shown()).collect()
    };
    assert_eq!(to("/srv"), Vec::<String>::new());
    assert_eq!(to("/srv/a"), ["/srv/a/b", "/srv/a/ab"]);
    assert_eq!(to("/srv/a/deep"), ["/srv/a/deep/b", "/srv/a/deep/ab"]);
    assert_eq!(to("/"), ["/a", "/b", "/ab"]);
}
