//! Folders that lie: without an end, within themselves, with names that lead out.

use transom_sftp::codec::{Request, Response};
use transom_sftp::{MAX_DEPTH, MAX_ENTRIES, SafeNames, Skip, Status, TreeCount};

use crate::scripted::{against, handle, name, status};

#[tokio::test]
async fn a_folder_without_an_end_is_cut() {
    let sftp = against(|id, request| match request {
        Request::ReadDir { .. } => {
            let names = (0..1000).map(|number| name(format!("f{number}").as_bytes(), false));
            vec![Response::Names(names.collect()).encode(id)]
        }
        _ => handle(id),
    })
    .await;
    let mut listing = sftp.listdir_iter("x").await.unwrap();
    let mut count = 0;
    while listing.next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, MAX_ENTRIES);
    assert!(listing.is_cut());
}

#[tokio::test]
async fn a_folder_that_never_says_anything_ends() {
    let sftp = against(|id, request| match request {
        Request::ReadDir { .. } => vec![Response::Names(Vec::new()).encode(id)],
        _ => handle(id),
    })
    .await;
    assert_eq!(sftp.listdir("x", 10).await.unwrap().0, []);
}

#[tokio::test]
async fn a_folder_that_contains_itself_has_an_end() {
    let mut asked = 0u32;
    let sftp = against(move |id, request| match request {
        Request::OpenDir { .. } => {
            asked = 0;
            handle(id)
        }
        Request::ReadDir { .. } => {
            asked += 1;
            match asked {
                1 => vec![Response::Names(vec![name(b"d", true)]).encode(id)],
                _ => status(id, Status::Eof),
            }
        }
        Request::Lstat { .. } => {
            vec![Response::Attributes(name(b"d", true).attributes).encode(id)]
        }
        Request::ReadLink { .. } => status(id, Status::Failure),
        _ => status(id, Status::Ok),
    })
    .await;
    let mut count = TreeCount::default();
    sftp.count_tree("x", &mut count, |_| ()).await.unwrap();
    assert_eq!(count.failures, [Skip::TooDeep]);
    assert!(count.folders <= u64::try_from(MAX_DEPTH).unwrap());
}

#[tokio::test]
async fn names_that_leave_the_folder_are_reported_and_never_followed() {
    let names: [&[u8]; 6] = [b"../../up", b"/tmp/abs", b"..", b".", b"", b"nul\0x"];
    let mut first = true;
    let sftp = against(move |id, request| match request {
        Request::ReadDir { .. } if std::mem::take(&mut first) => {
            let folders = names.iter().map(|bad| name(bad, true));
            let names = folders.chain([name(b"good", false)]).collect();
            vec![Response::Names(names).encode(id)]
        }
        Request::ReadDir { .. } => status(id, Status::Eof),
        Request::OpenDir { path } => {
            assert_eq!(path, "x");
            handle(id)
        }
        Request::Lstat { .. } => {
            vec![Response::Attributes(name(b"d", true).attributes).encode(id)]
        }
        Request::ReadLink { .. } => status(id, Status::Failure),
        _ => status(id, Status::Ok),
    })
    .await;
    let mut count = TreeCount::default();
    sftp.count_tree("x", &mut count, |_| ()).await.unwrap();
    assert_eq!(count.files, 1);
    assert_eq!(count.failures, vec![Skip::NoName; 4]);
    let mut safe = SafeNames::default();
    for bad in names {
        let (name, changed) = safe.safe(bad);
        assert!(
            changed && !name.contains(['/', '\\', '\0']) && name != "..",
            "{name}"
        );
    }
}
