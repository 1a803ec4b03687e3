//! Folders with all in them.

use transom_sftp::{MAX_DEPTH, Skip, Step, TreeCount};

use crate::support::Place;

fn plant(place: &Place) {
    std::fs::create_dir_all(place.path().join("tree/a/b")).unwrap();
    for number in 0..300 {
        place.put(&format!("tree/a/{number}"), b"12345");
    }
    place.put("tree/a/b/deep", b"1");
    place.put("outside", b"stays");
    std::os::unix::fs::symlink("../outside", place.path().join("tree/link")).unwrap();
    std::os::unix::fs::symlink("..", place.path().join("tree/loop")).unwrap();
}

#[tokio::test]
async fn a_tree_is_counted_and_removed_without_following_links() {
    let place = Place::openssh().await;
    plant(&place);
    let mut counted = TreeCount::default();
    place
        .sftp
        .count_tree("tree", &mut counted, |_| ())
        .await
        .unwrap();
    assert_eq!((counted.files, counted.folders), (303, 3));
    let mut removed = TreeCount::default();
    place
        .sftp
        .remove_tree("tree", &mut removed, |_| ())
        .await
        .unwrap();
    assert_eq!(removed, counted);
    assert!(!place.path().join("tree").exists());
    assert_eq!(place.content("outside"), b"stays");
}

#[tokio::test]
async fn a_walk_enters_and_leaves_each_folder_once() {
    let place = Place::openssh().await;
    plant(&place);
    let mut walk = place.sftp.walk("tree");
    let (mut entered, mut left) = (Vec::new(), Vec::new());
    while let Some(step) = walk.next().await.unwrap() {
        match step {
            Step::Enter { path, .. } => entered.push(path),
            Step::Leave { path } => left.push(path),
            Step::File { .. } | Step::Skipped { .. } => (),
        }
    }
    assert_eq!(entered, ["tree", "tree/a", "tree/a/b"]);
    assert_eq!(left, ["tree/a/b", "tree/a", "tree"]);
}

#[tokio::test]
async fn a_tree_that_is_too_deep_ends() {
    let place = Place::openssh().await;
    let path = format!("tree{}", "/d".repeat(MAX_DEPTH + 5));
    std::fs::create_dir_all(place.path().join(path)).unwrap();
    let mut walk = place.sftp.walk("tree");
    let mut skipped = Vec::new();
    while let Some(step) = walk.next().await.unwrap() {
        if let Step::Skipped { why, .. } = step {
            skipped.push(why);
        }
    }
    assert_eq!(skipped, [Skip::TooDeep]);
}

#[tokio::test]
async fn missing_folders_are_made() {
    let place = Place::openssh().await;
    place.sftp.mkdir_all("a/b/c").await.unwrap();
    place.sftp.mkdir_all("a/b/c/").await.unwrap();
    assert!(place.path().join("a/b/c").is_dir());
    place.put("a/file", b"");
    assert!(place.sftp.mkdir_all("a/file/d").await.is_err());
}
