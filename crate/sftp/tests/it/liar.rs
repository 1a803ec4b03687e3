//! A server that lies about what it has, over SSH.

use transom_sftp::TreeCount;
use transom_testkit::{Double, LYING_NAMES, Lie, Script, SftpServer};

use crate::support::Place;

#[tokio::test]
async fn names_that_are_none_are_left_out_of_what_is_counted() {
    let double = Double::start(Script {
        sftp: Some(Lie::Names),
        ..Script::default()
    })
    .await
    .unwrap();
    let pipe = SftpServer::through_ssh(double.port(), "anybody", &[]).unwrap();
    let place = Place::begin(tempfile::tempdir().unwrap(), pipe).await;
    assert_eq!(place.sftp.normalize(".").await.unwrap(), "/home/u");
    let mut count = TreeCount::default();
    let counted = place.sftp.count_tree("/home/u", &mut count, |_| ()).await;
    counted.unwrap();
    // `.` and `..` belong to every listing.
    assert_eq!(count.failures.len(), 4, "{count:?}");
    assert_eq!(count.files, 8, "{count:?} of {}", LYING_NAMES.len());
}
