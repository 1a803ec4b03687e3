//! Every operation against Debian's OpenSSH.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use transom_sftp::{Attributes, Feature, FileKind, Open, SftpError, Status};

use crate::support::{Place, noise, random_places};

#[tokio::test]
async fn what_is_written_is_read_again() {
    let place = Place::openssh().await;
    let content = noise(3_000_001, 7);

    let file = place.sftp.open("new", Open::exclusive()).await.unwrap();
    file.write_at(0, &content).await.unwrap();
    file.sync().await.unwrap();
    assert_eq!(file.stat().await.unwrap().size, Some(3_000_001));
    file.close().await.unwrap();
    assert!(place.content("new") == content);

    let file = place.sftp.open("new", Open::read()).await.unwrap();
    assert!(file.read_at(0, 4_000_000).await.unwrap() == content);
    assert!(file.read_at(2_999_999, 10).await.unwrap() == content[2_999_999..]);
    assert!(file.read_at(5_000_000, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_thousand_random_reads_and_writes_hit_their_places() {
    random_places(&Place::openssh().await).await;
}

#[tokio::test]
async fn files_open_as_they_are_asked_to() {
    let place = Place::openssh().await;
    let sftp = &place.sftp;
    place.put("there", b"old");
    let refused = sftp.open("there", Open::exclusive()).await.unwrap_err();
    assert_eq!(refused.status(), Some(Status::Failure));

    let file = sftp.open("there", Open::append()).await.unwrap();
    file.write_at(0, b" and new").await.unwrap();
    file.close().await.unwrap();
    assert_eq!(place.content("there"), b"old and new");

    let file = sftp.open("there", Open::replace()).await.unwrap();
    file.close().await.unwrap();
    assert_eq!(place.content("there"), b"");

    sftp.open("private", Open::exclusive().mode(0o600))
        .await
        .unwrap();
    let mode = place.path().join("private").metadata().unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn attributes_are_seen_and_set() {
    let place = Place::openssh().await;
    let sftp = &place.sftp;
    place.put("file", b"0123456789");
    sftp.chmod("file", 0o640).await.unwrap();
    sftp.utime("file", 1_000_000_000, 1_100_000_000)
        .await
        .unwrap();
    sftp.chown("file", 12, 34).await.unwrap();
    sftp.truncate("file", 4).await.unwrap();
    sftp.utime("file", 1_000_000_000, 1_100_000_000)
        .await
        .unwrap();

    let seen = sftp.stat("file").await.unwrap();
    assert_eq!(seen.kind(), FileKind::File);
    assert_eq!(seen.mode(), Some(0o640));
    assert_eq!(seen.times, Some((1_000_000_000, 1_100_000_000)));
    assert_eq!(seen.owner, Some((12, 34)));
    assert_eq!(seen.size, Some(4));
    assert_eq!(place.content("file"), b"0123");
}

#[tokio::test]
async fn names_come_and_go() {
    let place = Place::openssh().await;
    let sftp = &place.sftp;
    sftp.mkdir("folder").await.unwrap();
    place.put("folder/a", b"a");
    place.put("folder/b", b"b");
    let refused = sftp.rename("folder/a", "folder/b").await.unwrap_err();
    assert_eq!(refused.status(), Some(Status::Failure));
    sftp.posix_rename("folder/a", "folder/b").await.unwrap();
    assert_eq!(place.content("folder/b"), b"a");
    assert!(sftp.rmdir("folder").await.is_err());
    sftp.rename("folder/b", "c").await.unwrap();
    sftp.rmdir("folder").await.unwrap();
    sftp.remove("c").await.unwrap();
    assert!(!sftp.exists("c").await.unwrap());
}

#[tokio::test]
async fn links_lead_where_they_were_told_to() {
    let place = Place::openssh().await;
    let sftp = &place.sftp;
    place.put("file", b"12345");
    sftp.symlink("file", "link").await.unwrap();
    sftp.symlink("nowhere", "dangling").await.unwrap();
    assert_eq!(sftp.readlink("link").await.unwrap(), "file");
    assert_eq!(sftp.readlink("dangling").await.unwrap(), "nowhere");
    assert_eq!(sftp.lstat("link").await.unwrap().kind(), FileKind::Link);
    assert_eq!(sftp.stat("link").await.unwrap().size, Some(5));
    assert!(sftp.exists("dangling").await.unwrap());
    assert!(sftp.stat("dangling").await.is_err());

    sftp.hardlink("file", "twin").await.unwrap();
    assert_eq!(place.path().join("twin").metadata().unwrap().nlink(), 2);

    let times = Attributes {
        times: Some((5, 6)),
        ..Attributes::default()
    };
    sftp.set_link_attributes("dangling", &times).await.unwrap();
    assert_eq!(sftp.lstat("dangling").await.unwrap().times, Some((5, 6)));
}

#[tokio::test]
async fn paths_are_made_absolute() {
    let place = Place::openssh().await;
    let folder = std::fs::canonicalize(place.path()).unwrap();
    let found = place.sftp.normalize(".").await.unwrap();
    assert_eq!(found, folder.as_os_str().as_bytes());
    let home = place.sftp.expand_path("~/x").await.unwrap();
    assert!(home.ends_with(b"/x") && home.starts_with(b"/"), "{home:?}");
}

#[tokio::test]
async fn a_folder_of_ten_thousand_is_listed_whole() {
    let place = Place::openssh().await;
    for number in 0..10_000 {
        place.put(&format!("file {number}"), b"");
    }
    let (entries, more) = place.sftp.listdir(".", 100_000).await.unwrap();
    assert!(!more);
    let mut names: Vec<_> = entries.iter().map(|entry| entry.name.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 10_000);
    assert_eq!(entries[0].owner.as_ref().unwrap().0, "root");
    let (entries, more) = place.sftp.listdir(".", 100).await.unwrap();
    assert_eq!((entries.len(), more), (100, true));
}

#[tokio::test]
async fn names_may_be_any_bytes() {
    let place = Place::openssh().await;
    let names: [&[u8]; 4] = [b"\xff\xfe", b"line\nfeed", "🦀 'quoted\"".as_bytes(), b" "];
    for name in names {
        let file = place.sftp.open(name, Open::exclusive()).await.unwrap();
        file.write_at(0, name).await.unwrap();
        file.close().await.unwrap();
    }
    let (entries, _) = place.sftp.listdir(".", 10).await.unwrap();
    let mut seen: Vec<_> = entries.iter().map(|entry| entry.name.as_ref()).collect();
    let mut names = names.to_vec();
    seen.sort_unstable();
    names.sort_unstable();
    assert_eq!(seen, names);
}

#[tokio::test]
async fn files_are_copied_on_the_server() {
    let place = Place::openssh().await;
    let content = noise(1_000_000, 3);
    place.put("from", &content);
    let from = place.sftp.open("from", Open::read()).await.unwrap();
    let to = place.sftp.open("to", Open::exclusive()).await.unwrap();
    place.sftp.copy_data((&from, 0), (&to, 0), 0).await.unwrap();
    to.close().await.unwrap();
    assert!(place.content("to") == content);
}

#[tokio::test]
async fn space_and_owners_are_told() {
    let place = Place::openssh().await;
    let space = place.sftp.statvfs(".").await.unwrap();
    assert!(space.available_bytes() > 0 && space.total_bytes() >= space.available_bytes());
    place.put("file", b"");
    let file = place.sftp.open("file", Open::read()).await.unwrap();
    assert_eq!(file.statvfs().await.unwrap().id, space.id);
    assert!(place.sftp.offer().limits.read_bytes > 200_000);
    let names = place.sftp.owner_names(&[0, 4_000_000], &[0]).await.unwrap();
    assert_eq!(names.users, ["root", ""]);
    assert_eq!(names.groups, ["root"]);
    for feature in Feature::ALL {
        assert!(place.sftp.offer().has(feature), "{feature:?}");
    }
}

#[tokio::test]
async fn refusals_are_sentences() {
    let place = Place::openssh_with(&["-R"]).await;
    let missing = place
        .sftp
        .open("no\u{202e}pe", Open::read())
        .await
        .unwrap_err();
    assert_eq!(
        missing.to_string(),
        "cannot open no<U+202E>pe: there is no such file or folder"
    );
    let refused = place.sftp.mkdir("new").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot make the folder new: permission denied"
    );
}

#[tokio::test]
async fn an_abandoned_operation_leaves_no_handle() {
    let place = Place::openssh().await;
    place.put("file", &noise(5_000_000, 2));
    for _ in 0..50 {
        // Dropped at any moment of its life: never polled, opening, reading.
        for polls in 0..6 {
            let read = async {
                let file = place.sftp.open("file", Open::read()).await.unwrap();
                file.read_at(0, 5_000_000).await.unwrap()
            };
            poll_some(read, polls).await;
        }
    }
    // An answered request is behind every close that was sent before it.
    while open_files(&place) > 0 {
        place.sftp.stat("file").await.unwrap();
    }
}

/// Polls a future a few times and drops it.
async fn poll_some<F: Future>(future: F, polls: usize) {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        let _ = futures::poll!(future.as_mut());
        tokio::task::yield_now().await;
    }
}

/// How often the server has the test's file open.
fn open_files(place: &Place) -> usize {
    let process = place.server.process().unwrap();
    let entries = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    entries
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .filter(|target| target.ends_with("file"))
        .count()
}

#[tokio::test]
async fn everything_that_waits_fails_when_the_server_ends() {
    let place = Place::openssh().await;
    place.put("file", b"x");
    let file = place.sftp.open("file", Open::read()).await.unwrap();
    let Place {
        sftp,
        server,
        folder: _folder,
    } = place;
    drop(server);
    let failed = loop {
        if let Err(error) = sftp.stat("file").await {
            break error;
        }
    };
    assert!(matches!(failed, SftpError::Closed { .. }), "{failed:?}");
    assert!(file.read_at(0, 1).await.is_err());
    assert!(sftp.is_closed());
}

#[tokio::test]
async fn a_read_only_mode_keeps_permissions() {
    let place = Place::openssh().await;
    place.put("file", b"x");
    let path = place.path().join("file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o4755)).unwrap();
    assert_eq!(place.sftp.stat("file").await.unwrap().mode(), Some(0o4755));
}
