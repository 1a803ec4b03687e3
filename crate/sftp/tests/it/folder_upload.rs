//! Folders onto the server, and transfers in one call.

use std::collections::VecDeque;

use bytes::Bytes;
use transom_sftp::{
    FolderUpload, LocalError, LocalProblem, LocalStep, LocalTree, NoShell, Open, ToDisk, Upload,
};

use crate::local::Memory;
use crate::support::{Place, noise};

/// A tree in memory.
struct Tree(VecDeque<LocalStep<Memory>>);

impl LocalTree for Tree {
    type Source = Memory;

    async fn next(&mut self) -> Result<Option<LocalStep<Memory>>, LocalError> {
        Ok(self.0.pop_front())
    }
}

fn path(path: &str) -> Vec<Bytes> {
    let names = path.split('/');
    names
        .map(|name| Bytes::copy_from_slice(name.as_bytes()))
        .collect()
}

fn file(name: &str, content: Vec<u8>) -> LocalStep<Memory> {
    LocalStep::File {
        path: path(name),
        source: Memory::of(content),
        mode: Some(0o640),
        times: Some((1_000_000_000, 1_100_000_000)),
    }
}

fn tree() -> Tree {
    let mut steps = VecDeque::from([
        LocalStep::Folder { path: path("a") },
        LocalStep::Folder {
            path: path("a/empty"),
        },
        file("a/large", noise(1_500_001, 3)),
        file("zero", vec![]),
        file("name with 'quotes'\nand lines", b"x".to_vec()),
    ]);
    steps.extend((0..100).map(|number| file(&format!("a/{number}"), vec![7; number])));
    Tree(steps)
}

/// A folder goes up by one call and comes down by another.
pub(crate) async fn goes_up_and_comes_down(place: &Place) {
    let mut last = None;
    let told = |now| last = Some(now);
    let sent = place
        .sftp
        .put_tree(&mut tree(), "up/tree", told)
        .await
        .unwrap();
    assert_eq!(
        (sent.files, sent.folders, sent.left_out),
        (103, 3, 0),
        "{sent:?}"
    );
    let last = last.unwrap();
    assert_eq!((last.files_done, last.files_total), (103, 103));
    assert_eq!((last.done, last.total), (1_504_952, 1_504_952));
    assert!(place.content("up/tree/a/large") == noise(1_500_001, 3));
    let seen = place.sftp.stat("up/tree/zero").await.unwrap();
    assert_eq!(
        (seen.mode(), seen.modified()),
        (Some(0o640), Some(1_100_000_000))
    );
    let (names, _) = place.sftp.listdir("up/tree/a", 1000).await.unwrap();
    assert_eq!(names.len(), 102, "no part is left");

    let local = tempfile::tempdir().unwrap();
    let disk = crate::folder::Disk(local.path().join("down"));
    let fetched = place.sftp.get_tree("up/tree", &disk, |_| ()).await.unwrap();
    assert_eq!((fetched.files, fetched.folders), (103, 3), "{fetched:?}");
    assert!(std::fs::read(local.path().join("down/a/large")).unwrap() == noise(1_500_001, 3));
}

#[tokio::test]
async fn a_folder_goes_up_and_comes_down_in_one_call_each() {
    goes_up_and_comes_down(&Place::openssh().await).await;
}

#[tokio::test]
async fn what_cannot_go_up_is_left_out_and_told() {
    let place = Place::openssh().await;
    std::fs::create_dir(place.path().join("there")).unwrap();
    place.put("there/taken", b"stays");
    place.put("there/file", b"is no folder");
    let why = LocalError {
        problem: LocalProblem::Denied,
        detail: String::new(),
    };
    let mut tree = Tree(VecDeque::from([
        file("taken", b"other".to_vec()),
        file("../escape", b"other".to_vec()),
        file("a/..", b"other".to_vec()),
        LocalStep::Folder { path: path("file") },
        file("file/below", b"other".to_vec()),
        LocalStep::Skipped {
            path: path("secret"),
            why,
        },
        file("fine", b"fine".to_vec()),
    ]));
    let upload = FolderUpload {
        target: "there".into(),
        token: "t0k3nt0k3n".to_owned(),
        ..FolderUpload::default()
    };
    let report = upload
        .run(&place.sftp, &mut tree, &NoShell, |_| ())
        .await
        .unwrap();
    assert_eq!((report.files, report.left_out), (1, 6), "{report:#?}");
    assert_eq!(report.notes.len(), 6, "{report:#?}");
    let told = |words: &str| report.notes.iter().any(|note| note.contains(words));
    assert!(told("there/taken exists"), "{report:#?}");
    assert!(
        told("../escape was left out: its name leads out of the folder"),
        "{report:#?}"
    );
    assert!(
        told("secret was left out: the browser may not use"),
        "{report:#?}"
    );
    assert_eq!(place.content("there/taken"), b"stays");
    assert_eq!(place.content("there/fine"), b"fine");
    assert!(!place.path().join("escape").exists());
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down_in_one_call_each() {
    let place = Place::openssh().await;
    let content = noise(700_001, 9);
    place.put("file", b"was there before");
    let mut source = Memory::of(content.clone());
    place.sftp.put(&mut source, "file", |_| ()).await.unwrap();
    let mut sink = Memory::default();
    place.sftp.get("file", &mut sink, |_| ()).await.unwrap();
    assert!(sink.content == content);

    std::fs::create_dir(place.path().join("folder")).unwrap();
    assert!(place.sftp.put(&mut source, "folder", |_| ()).await.is_err());
    let (entries, _) = place.sftp.listdir(".", 10).await.unwrap();
    assert_eq!(entries.len(), 2, "no part is left");
}

#[tokio::test]
async fn a_file_is_brought_to_the_disk_as_chosen() {
    let place = Place::openssh().await;
    let synced = async |name: &str, size, to_disk| {
        let upload = Upload {
            target: Bytes::copy_from_slice(name.as_bytes()),
            token: "t0k3nt0k3n".to_owned(),
            replace: true,
            to_disk,
            ..Upload::default()
        };
        let mut source = Memory::of(vec![1; size]);
        let sent = upload.run(&place.sftp, &mut source, &NoShell, |_| ()).await;
        sent.unwrap().synced
    };
    assert!(!synced("small", 10, ToDisk::Large).await);
    assert!(synced("small", 10, ToDisk::Large).await, "it replaces");
    assert!(synced("large", 1 << 18, ToDisk::Large).await);
    assert!(synced("always", 10, ToDisk::Always).await);
    assert!(!synced("large", 1 << 18, ToDisk::Never).await);
    place.sftp.open("always", Open::read()).await.unwrap();
}
