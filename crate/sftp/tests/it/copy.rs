//! Copies on the server, by its own means and through here.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use transom_sftp::{Feature, SftpError, Skip, Status, TreeCount};

use crate::support::{Place, noise};

async fn copied(place: &Place, from: &str, to: &str) -> Result<TreeCount, SftpError> {
    let mut count = TreeCount::default();
    let copied = place.sftp.copy_tree(from, to, &mut count, |_| ()).await;
    copied.map(|()| count)
}

/// What a folder holds, as another program sees it.
fn listing(folder: &Path) -> String {
    let run = Command::new("find")
        .args([".", "-printf", "%P %y %s %m %l\n"])
        .current_dir(folder)
        .output();
    let text = String::from_utf8(run.unwrap().stdout).unwrap();
    let mut lines: Vec<_> = text
        .lines()
        .map(
            |line| match line.split(' ').collect::<Vec<_>>().as_slice() {
                // The size of a folder depends on the disk.
                [name, "d", _, mode, ..] => format!("{name} d {mode}"),
                _ => line.to_owned(),
            },
        )
        .collect();
    lines.sort();
    lines.join("\n")
}

/// A tree with every kind of entry that can be copied.
fn plant(place: &Place) {
    std::fs::create_dir_all(place.path().join("tree/closed/deep")).unwrap();
    place.put("tree/large", &noise(2_000_001, 4));
    place.put("tree/zero", b"");
    place.put("tree/closed/deep/it's", b"quoted");
    symlink("large", place.path().join("tree/link")).unwrap();
    symlink("nothing", place.path().join("tree/dangling")).unwrap();
    let mode = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(place.path().join(name), permissions).unwrap();
    };
    mode("tree/zero", 0o751);
    mode("tree/closed", 0o555);
}

pub(crate) async fn every_kind_of_copy(place: &Place) {
    plant(place);
    let count = copied(place, "tree", "twin").await.unwrap();
    assert_eq!((count.files, count.folders), (5, 3), "{count:?}");
    assert!(count.failures.is_empty(), "{count:?}");
    let (tree, twin) = (place.path().join("tree"), place.path().join("twin"));
    assert_eq!(listing(&tree), listing(&twin));
    assert!(place.content("twin/large") == noise(2_000_001, 4));

    let taken = place.sftp.copy("tree/zero", "tree/large").await;
    assert!(taken.is_err());
    assert!(place.content("tree/large") == noise(2_000_001, 4));
    assert_eq!(
        place.sftp.copy("tree/large", "one").await.unwrap(),
        2_000_001
    );
    copied(place, "tree/link", "other link").await.unwrap();
    assert!(place.path().join("other link").is_symlink());
    assert!(copied(place, "tree", "twin").await.is_err(), "it exists");
}

#[tokio::test]
async fn a_tree_is_copied_with_links_and_modes() {
    every_kind_of_copy(&Place::openssh().await).await;
}

#[tokio::test]
async fn a_server_that_cannot_copy_is_copied_through_here() {
    // As sftp-server(8) has it.
    let place = Place::openssh_with(&["-P", "copy-data"]).await;
    assert!(!place.sftp.offer().has(Feature::CopyData));
    every_kind_of_copy(&place).await;
}

#[tokio::test]
async fn a_folder_is_not_copied_into_itself() {
    let place = Place::openssh().await;
    plant(&place);
    for to in ["tree/twin", "tree/closed/../twin", "tree/closed/twin"] {
        let refused = copied(&place, "tree/", to).await.unwrap_err();
        assert!(
            matches!(refused, SftpError::UserInsideItself { .. }),
            "{refused}"
        );
    }
    // Only its name begins the same.
    copied(&place, "tree", "tree2").await.unwrap();
    assert!(place.path().join("tree2/large").exists());
}

#[tokio::test]
async fn what_cannot_be_copied_is_told_and_no_half_copy_stays() {
    let place = Place::openssh().await;
    plant(&place);
    let pipe = place.path().join("tree/pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let count = copied(&place, "tree", "twin").await.unwrap();
    assert_eq!(
        (count.files, count.failures.as_slice()),
        (5, [Skip::Special].as_slice())
    );
    let folder = place.sftp.copy("tree", "half").await.unwrap_err();
    assert_eq!(folder.status(), Some(Status::Failure), "{folder}");
    assert!(!place.path().join("half").exists());
    // No size is told of it, and yet it has content.
    place.sftp.copy("/proc/version", "version").await.unwrap();
    assert!(place.path().join("version").metadata().unwrap().size() > 0);
}
