//! Transfers that were cut, and what changed between the cut and the next attempt.

use std::pin::pin;

use transom_sftp::{
    Download, InPlace, Mark, NoShell, Resumed, TransferError, Upload, Uploaded, discard_part,
};

use crate::download::download;
use crate::local::{LocalShell, Memory};
use crate::support::{Place, noise};
use crate::upload::upload;

const PART: &str = ".file.t0k3n.part";

/// Runs an upload until the source stops, and drops it there.
async fn cut_upload(place: &Place, content: &[u8], at: usize) {
    let at = u64::try_from(at).unwrap();
    let stops_at = Some(at);
    let mut source = Memory {
        stops_at,
        ..Memory::of(content.to_vec())
    };
    let up = upload("file");
    let mut run = pin!(up.run(&place.sftp, &mut source, &NoShell, |_| ()));
    let part = place.path().join(PART);
    let grown = || std::fs::metadata(&part).is_ok_and(|part| part.len() >= at);
    while !grown() {
        assert!(futures::poll!(run.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
}

/// Uploads the whole content, over what an earlier attempt left.
async fn upload_again(place: &Place, content: &[u8], with_shell: bool) -> Uploaded {
    let (up, mut source) = (upload("file"), Memory::of(content.to_vec()));
    let report = if with_shell {
        let shell = LocalShell(place);
        up.run(&place.sftp, &mut source, &shell, |_| ()).await
    } else {
        up.run(&place.sftp, &mut source, &NoShell, |_| ()).await
    };
    report.unwrap()
}

#[tokio::test]
async fn an_upload_that_was_cut_is_verified_and_continued() {
    for with_shell in [false, true] {
        let place = Place::openssh().await;
        let content = noise(6_000_000, 5);
        cut_upload(&place, &content, 3_145_728).await;
        assert!(!place.path().join("file").exists());

        let report = upload_again(&place, &content, with_shell).await;
        assert!(
            matches!(report.resumed, Resumed::From(3_145_728..)),
            "{:?}",
            report.resumed
        );
        assert!(place.content("file") == content);
        assert!(!place.path().join(PART).exists());
    }
}

#[tokio::test]
async fn a_part_that_was_edited_is_thrown_away() {
    for with_shell in [false, true] {
        let place = Place::openssh().await;
        let content = noise(4_000_000, 5);
        cut_upload(&place, &content, 2_097_152).await;
        let mut part = place.content(PART);
        part[1_000_000] ^= 1;
        place.put(PART, &part);
        let report = upload_again(&place, &content, with_shell).await;
        assert_eq!(report.resumed, Resumed::Discarded);
        assert!(place.content("file") == content);
    }
}

#[tokio::test]
async fn a_part_that_was_truncated_is_continued_from_there() {
    let place = Place::openssh().await;
    let content = noise(4_000_000, 5);
    cut_upload(&place, &content, 2_097_152).await;
    let part = place.content(PART);
    place.put(PART, &part[..1_000_000]);
    let mut source = Memory::of(content.clone());
    let report = upload("file")
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap();
    assert_eq!(report.resumed, Resumed::From(1_000_000));
    assert!(place.content("file") == content);
}

#[tokio::test]
async fn a_source_that_changed_is_told_and_nothing_gets_the_final_name() {
    let place = Place::openssh().await;
    cut_upload(&place, &noise(4_000_000, 5), 2_097_152).await;
    // Another content between cut and resume: the part is thrown away.
    let mut source = Memory::of(noise(4_000_000, 6));
    source.changed = true;
    let failed = upload("file")
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap_err();
    assert_eq!(
        failed.to_string(),
        "the file here has changed since it was chosen"
    );
    assert!(!place.path().join("file").exists());
    discard_part(&place.sftp, b"file", "t0k3n").await.unwrap();
    discard_part(&place.sftp, b"file", "t0k3n").await.unwrap();
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_that_is_the_beginning_of_another_is_continued_where_it_is() {
    let place = Place::openssh().await;
    let content = noise(2_000_001, 8);
    place.put("file", content.get(..700_000).unwrap());
    let up = Upload {
        continues: true,
        verify: true,
        ..upload("file")
    };
    let mut source = Memory::of(content.clone());
    let shell = LocalShell(&place);
    let report = up
        .run(&place.sftp, &mut source, &shell, |_| ())
        .await
        .unwrap();
    assert_eq!(report.resumed, Resumed::From(700_000));
    assert_eq!(report.in_place, Some(InPlace::Continued));
    assert!(report.checksum.is_some());
    assert!(place.content("file") == content);

    // One that is not is left alone.
    place.put("file", b"something else");
    let error = up
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap_err();
    assert!(matches!(error, TransferError::Differs { .. }), "{error:?}");
    assert_eq!(place.content("file"), b"something else");
}
#[tokio::test]
async fn a_download_that_was_cut_is_verified_and_continued() {
    let place = Place::openssh().await;
    let content = noise(5_000_000, 5);
    place.put("file", &content);
    let attributes = place.sftp.stat("file").await.unwrap();
    let mark = Mark::of(&attributes);
    for with_shell in [false, true] {
        let mut sink = Memory::of(content[..2_000_001].to_vec());
        let down = Download {
            mark,
            ..download("file")
        };
        let shell = LocalShell(&place);
        let report = if with_shell {
            down.run(&place.sftp, &mut sink, &shell, |_| ())
                .await
                .unwrap()
        } else {
            down.run(&place.sftp, &mut sink, &NoShell, |_| ())
                .await
                .unwrap()
        };
        assert_eq!(report.resumed, Resumed::From(2_000_001));
        assert!(sink.content == content);
    }
}

#[tokio::test]
async fn a_part_of_another_file_is_not_continued() {
    let place = Place::openssh().await;
    let content = noise(3_000_000, 5);
    place.put("file", &content);
    let now = Mark::of(&place.sftp.stat("file").await.unwrap());
    let touched = now.map(|mark| Mark {
        modified: mark.modified - 1,
        ..mark
    });
    let mut edited = content[..1_000_000].to_vec();
    edited[5] ^= 1;
    for (mark, part) in [(touched, content[..1_000_000].to_vec()), (now, edited)] {
        let mut sink = Memory::of(part);
        let down = Download {
            mark,
            ..download("file")
        };
        let report = down
            .run(&place.sftp, &mut sink, &NoShell, |_| ())
            .await
            .unwrap();
        assert_eq!(report.resumed, Resumed::Discarded);
        assert!(sink.content == content);
    }
}
