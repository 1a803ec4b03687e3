//! Whole files from the server.

use std::pin::pin;

use bytes::Bytes;
use transom_sftp::{Download, Downloaded, NoShell, Progress};

use crate::local::{LocalShell, Memory};
use crate::support::{Place, noise};

pub(crate) fn download(path: &str) -> Download {
    Download {
        path: Bytes::copy_from_slice(path.as_bytes()),
        ..Download::default()
    }
}

/// Downloads, and has checksums compared; gives what arrived as well.
async fn compared(place: &Place, mut download: Download) -> (Downloaded, Vec<u8>) {
    let mut sink = Memory::default();
    download.verify = true;
    let report = download
        .run(&place.sftp, &mut sink, &LocalShell(place), |_| ())
        .await
        .unwrap();
    (report, sink.content)
}

#[tokio::test]
async fn a_download_arrives_whole() {
    let place = Place::openssh().await;
    for size in [0, 1, 65_536, 5_000_001] {
        let content = noise(size, 5);
        place.put("file", &content);
        let (report, arrived) = compared(&place, download("file")).await;
        assert!(arrived == content);
        assert!(report.checksum.is_some() && !report.changed);
    }
}

#[tokio::test]
async fn no_more_than_was_settled_is_taken_of_a_file_that_grew() {
    let place = Place::openssh().await;
    let content = noise(3_000_001, 5);
    place.put("file", &content);
    for (at_most, taken) in [(2_000_000, 2_000_000), (3_000_001, 3_000_001)] {
        let down = Download {
            at_most: Some(at_most),
            ..download("file")
        };
        let (report, arrived) = compared(&place, down).await;
        assert!(arrived == content[..taken]);
        // A checksum of the whole would say nothing about a part.
        let cut = taken < content.len();
        assert_eq!((report.changed, report.checksum.is_none()), (cut, cut));
    }
}

#[tokio::test]
async fn a_file_without_a_size_is_read_to_its_end() {
    let place = Place::openssh().await;
    let mut sink = Memory::default();
    download("/proc/self/status")
        .run(&place.sftp, &mut sink, &NoShell, |_| ())
        .await
        .unwrap();
    assert!(sink.content.starts_with(b"Name:"));
}

#[tokio::test]
async fn a_file_that_is_cut_while_it_is_read_is_told() {
    let place = Place::openssh().await;
    place.put("file", &noise(20_000_000, 5));
    let mut sink = Memory {
        stops_at: Some(0),
        ..Memory::default()
    };
    let down = download("file");
    {
        let mut run = pin!(down.run(&place.sftp, &mut sink, &NoShell, |_| ()));
        for _ in 0..100 {
            assert!(futures::poll!(run.as_mut()).is_pending());
            tokio::task::yield_now().await;
        }
    }
    let mut sink = Memory::default();
    let path = place.path().join("file");
    let failed = down.run(&place.sftp, &mut sink, &NoShell, |progress| {
        if matches!(progress, Progress::Moving { done: 0, .. }) {
            std::fs::File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_len(3_000_000)
                .unwrap();
        }
    });
    let failed = failed.await.unwrap_err();
    assert_eq!(
        failed.to_string(),
        "file changed on the server during the transfer"
    );
}
