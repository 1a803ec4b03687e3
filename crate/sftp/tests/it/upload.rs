//! Whole files onto the server, under their final name when they are whole.

use std::os::unix::fs::PermissionsExt as _;

use bytes::Bytes;
use transom_sftp::{
    Download, NoShell, Progress, Resumed, Shell, Status, TransferError, Upload, part_path,
};

use crate::local::{LocalShell, Memory};
use crate::support::{Place, noise};

pub(crate) fn upload(target: &str) -> Upload {
    Upload {
        target: Bytes::copy_from_slice(target.as_bytes()),
        token: "t0k3n".to_owned(),
        ..Upload::default()
    }
}

#[tokio::test]
async fn an_upload_arrives_whole_under_its_final_name() {
    let place = Place::openssh().await;
    for size in [0, 1, 65_536, 5_000_001] {
        let content = noise(size, 5);
        let name = format!("size {size}");
        let mut last = 0;
        let up = Upload {
            verify: true,
            times: Some((7, 8)),
            ..upload(&name)
        };
        let shell = LocalShell(&place);
        let mut source = Memory::of(content.clone());
        let done = up.run(&place.sftp, &mut source, &shell, |progress| {
            if let Progress::Moving { done, total } = progress {
                assert!(done >= last && done <= total);
                last = done;
            }
        });
        let report = done.await.unwrap();
        assert!(report.checksum.is_some() && report.in_place.is_none());
        // Small new files do not wait for the disk.
        assert_eq!(report.synced, size == 5_000_001);
        assert_eq!(report.resumed, Resumed::Fresh);
        assert_eq!(last, u64::try_from(size).unwrap());
        assert!(place.content(&name) == content);
        assert_eq!(place.sftp.stat(&name).await.unwrap().modified(), Some(8));
    }
    assert!(std::fs::read_dir(place.path()).unwrap().count() == 4);
}

/// A server whose disk gives back something else.
struct OtherBytes;

impl Shell for OtherBytes {
    async fn run(&self, command: Vec<u8>) -> Option<Bytes> {
        let mut shell = tokio::process::Command::new("sh");
        // Whatever it is asked to sum up.
        let run = shell
            .args(["-c", "echo something else | sha256sum"])
            .output();
        assert!(String::from_utf8_lossy(&command).contains("sha256sum"));
        Some(run.await.unwrap().stdout.into())
    }
}

#[tokio::test]
async fn a_checksum_that_differs_is_told_where_it_was_asked_for() {
    let place = Place::openssh().await;
    for verify in [true, false] {
        let up = Upload {
            verify,
            replace: true,
            ..upload("file")
        };
        let mut source = Memory::of(noise(100_000, 3));
        let sent = up
            .run(&place.sftp, &mut source, &OtherBytes, |_| ())
            .await
            .map(|_| ());
        let down = Download {
            path: Bytes::from_static(b"file"),
            verify,
            ..Download::default()
        };
        let mut sink = Memory::of(Vec::new());
        let fetched = down
            .run(&place.sftp, &mut sink, &OtherBytes, |_| ())
            .await
            .map(|_| ());
        // What differs gets no name here.
        assert_eq!(sink.synced, !verify);
        for end in [sent, fetched] {
            match end {
                Err(TransferError::Differs { path }) => assert!(verify && path == "file"),
                end => assert!(!verify && end.is_ok(), "{end:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_exists_is_replaced_only_when_asked_and_keeps_its_mode() {
    let place = Place::openssh().await;
    place.put("file", b"old");
    let path = place.path().join("file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let mut source = Memory::of(b"new".to_vec());
    let refused = upload("file")
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await;
    assert!(
        matches!(refused, Err(TransferError::UserTargetExists { .. })),
        "{refused:?}"
    );
    assert_eq!(place.content("file"), b"old");

    let up = Upload {
        replace: true,
        mode: Some(0o755),
        ..upload("file")
    };
    let report = up
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap();
    assert!(!report.gap && !report.attributes_lost);
    // The old one is gone, so the new one must not be lost.
    assert!(report.synced);
    assert_eq!(place.content("file"), b"new");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

#[tokio::test]
async fn a_link_is_kept_and_what_it_leads_to_replaced() {
    let place = Place::openssh().await;
    std::fs::create_dir(place.path().join("real")).unwrap();
    place.put("real/target", b"old");
    std::os::unix::fs::symlink("real/target", place.path().join("link")).unwrap();
    let up = Upload {
        replace: true,
        ..upload("link")
    };
    up.run(
        &place.sftp,
        &mut Memory::of(b"new".to_vec()),
        &NoShell,
        |_| (),
    )
    .await
    .unwrap();
    assert_eq!(place.content("real/target"), b"new");
    assert!(place.path().join("link").is_symlink());
}

#[tokio::test]
async fn two_uploads_of_one_name_do_not_mix() {
    let place = Place::openssh().await;
    let (one, two) = (noise(3_000_000, 1), noise(3_000_000, 2));
    let up = |token: &str| Upload {
        token: token.to_owned(),
        replace: true,
        ..upload("file")
    };
    let (first, second) = (up("device1"), up("device2"));
    let (mut one_source, mut two_source) = (Memory::of(one.clone()), Memory::of(two.clone()));
    let (first, second) = futures::join!(
        first.run(&place.sftp, &mut one_source, &NoShell, |_| ()),
        second.run(&place.sftp, &mut two_source, &NoShell, |_| ()),
    );
    // The later one may find the other's file, which it did not see when it began.
    assert!(first.is_ok() || second.is_ok());
    let content = place.content("file");
    assert!(content == one || content == two);
}

#[tokio::test]
async fn a_folder_or_a_dangling_link_is_no_target() {
    let place = Place::openssh().await;
    std::fs::create_dir(place.path().join("folder")).unwrap();
    std::os::unix::fs::symlink("nowhere", place.path().join("dangling")).unwrap();
    let mut source = Memory::of(b"new".to_vec());
    let up = Upload {
        replace: true,
        ..upload("folder")
    };
    let failed = up
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap_err();
    assert_eq!(failed.to_string(), "folder is not an ordinary file");
    let up = Upload {
        replace: true,
        ..upload("dangling")
    };
    let failed = up
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap_err();
    assert!(matches!(&failed, TransferError::Remote(error)
        if error.status() == Some(Status::NoSuchFile)));
}

#[test]
fn a_part_never_has_a_name_that_is_too_long() {
    let name = [b'x'; 255];
    let part = part_path(&[b"/folder/", &name[..]].concat(), "abc/../def");
    assert!(part.starts_with(b"/folder/.xxx") && part.ends_with(b".abcdef.part"));
    assert_eq!(part.len(), 8 + 255);
}
