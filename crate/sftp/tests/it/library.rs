//! Every operation that they have against the servers of asyncssh, Paramiko and ProFTPD, and behind Dropbear.

use transom_sftp::{Feature, FileKind, NoShell, Open, OpenFlags, Status, TreeCount, Upload};
use transom_testkit::{Dropbear, Library, ProFtpd, PythonServer};

use crate::local::Memory;
use crate::support::{Place, noise};

async fn begin(library: Library) -> (Place, PythonServer) {
    let folder = tempfile::tempdir().unwrap();
    let server = PythonServer::start(library, folder.path()).await.unwrap();
    let pipe = server.connect().unwrap();
    (Place::begin(folder, pipe).await, server)
}

#[tokio::test]
async fn asyncssh_does_all() {
    let (place, _server) = begin(Library::Asyncssh).await;
    every_operation(&place).await;
    links_as_they_are(&place).await;
}

#[tokio::test]
async fn paramiko_does_all() {
    let (place, _server) = begin(Library::Paramiko).await;
    every_operation(&place).await;
    links_as_they_are(&place).await;
}

#[tokio::test]
async fn asyncssh_reads_and_writes_at_random_places() {
    let (place, _server) = begin(Library::Asyncssh).await;
    crate::support::random_places(&place).await;
}

#[tokio::test]
async fn paramiko_reads_and_writes_at_random_places() {
    let (place, _server) = begin(Library::Paramiko).await;
    crate::support::random_places(&place).await;
}

/// ProFTPD's server on a fresh folder; `None` where it is not installed.
async fn begin_proftpd() -> Option<(Place, ProFtpd)> {
    let folder = tempfile::tempdir().unwrap();
    let server = ProFtpd::start(folder.path()).await.unwrap()?;
    let pipe = server.connect().unwrap();
    Some((Place::begin(folder, pipe).await, server))
}

#[tokio::test]
async fn proftpd_does_all_where_it_is_installed() {
    if let Some((place, _server)) = begin_proftpd().await {
        every_operation(&place).await;
    }
}

#[tokio::test]
async fn proftpd_reads_and_writes_at_random_places_where_it_is_installed() {
    if let Some((place, _server)) = begin_proftpd().await {
        crate::support::random_places(&place).await;
    }
}

#[tokio::test]
async fn openssh_behind_dropbear_does_all_where_it_is_installed() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Dropbear::start(folder.path()).await.unwrap() else {
        return;
    };
    let pipe = server.connect().unwrap();
    let place = Place::begin(folder, pipe).await;
    every_operation(&place).await;
    links_as_they_are(&place).await;
    crate::support::random_places(&place).await;
}

async fn every_operation(place: &Place) {
    folders_and_names(place).await;
    attributes(place).await;
    links(place).await;
    transfers(place).await;
    crate::glob::every_pattern(place).await;
    crate::folder_upload::goes_up_and_comes_down(place).await;
}

async fn folders_and_names(place: &Place) {
    let sftp = &place.sftp;
    assert!(sftp.normalize(".").await.unwrap().starts_with(b"/"));
    sftp.mkdir("folder").await.unwrap();
    sftp.mkdir_all("folder/a/b").await.unwrap();
    for number in 0..250 {
        place.put(&format!("folder/{number}"), b"x");
    }
    let (entries, more) = sftp.listdir("folder", 1000).await.unwrap();
    assert_eq!((entries.len(), more), (251, false));
    assert!(sftp.rename("folder/1", "folder/2").await.is_err());
    sftp.rename("folder/1", "folder/new").await.unwrap();
    if sftp.offer().has(Feature::PosixRename) {
        sftp.posix_rename("folder/new", "folder/2").await.unwrap();
    } else {
        sftp.remove("folder/2").await.unwrap();
        sftp.rename("folder/new", "folder/2").await.unwrap();
    }
    sftp.remove("folder/3").await.unwrap();
    assert!(sftp.rmdir("folder").await.is_err());
    let missing = sftp.stat("nothing").await.unwrap_err();
    assert_eq!(missing.status(), Some(Status::NoSuchFile));
    let mut removed = TreeCount::default();
    sftp.remove_tree("folder", &mut removed, |_| ())
        .await
        .unwrap();
    assert_eq!((removed.files, removed.folders), (248, 3));
    assert!(!place.path().join("folder").exists());
}

async fn attributes(place: &Place) {
    let sftp = &place.sftp;
    place.put("file", b"0123456789");
    sftp.chmod("file", 0o640).await.unwrap();
    sftp.chown("file", 12, 34).await.unwrap();
    sftp.truncate("file", 4).await.unwrap();
    sftp.utime("file", 1_000_000_000, 1_100_000_000)
        .await
        .unwrap();
    let seen = sftp.stat("file").await.unwrap();
    assert_eq!(seen.kind(), FileKind::File);
    assert_eq!((seen.mode(), seen.size), (Some(0o640), Some(4)));
    assert_eq!(seen.owner, Some((12, 34)));
    assert_eq!(seen.times, Some((1_000_000_000, 1_100_000_000)));
}

async fn links(place: &Place) {
    let sftp = &place.sftp;
    sftp.symlink("file", "link").await.unwrap();
    assert_eq!(
        place.path().join("link").read_link().unwrap().to_str(),
        Some("file")
    );
    assert_eq!(sftp.readlink("link").await.unwrap(), "file");
    assert_eq!(sftp.stat("link").await.unwrap().kind(), FileKind::File);

    sftp.mkdir("led to").await.unwrap();
    place.put("led to/kept", b"kept");
    sftp.symlink("led to", "way").await.unwrap();
    let mut removed = TreeCount::default();
    sftp.remove_tree("way", &mut removed, |_| ()).await.unwrap();
    assert_eq!((removed.files, removed.folders), (1, 0), "{removed:?}");
    assert!(!place.path().join("way").is_symlink());
    assert_eq!(place.content("led to/kept"), b"kept");
}

/// What ProFTPD 1.3.8 does otherwise: it tells of what a link leads to, and reads a link as if it
/// lay in the account's folder.
async fn links_as_they_are(place: &Place) {
    let seen = place.sftp.lstat("link").await.unwrap();
    assert_eq!(seen.kind(), FileKind::Link);
    crate::copy::every_kind_of_copy(place).await;
}

async fn transfers(place: &Place) {
    let sftp = &place.sftp;
    let content = noise(3_000_001, 5);
    let up = Upload {
        target: "upload".into(),
        token: "t0k3nt0k3n".to_owned(),
        replace: true,
        ..Upload::default()
    };
    for _ in 0..2 {
        let mut source = Memory::of(content.clone());
        up.run(sftp, &mut source, &NoShell, |_| ()).await.unwrap();
        assert!(place.content("upload") == content);
    }
    let mut sink = Memory::default();
    let down = transom_sftp::Download {
        path: "upload".into(),
        ..Default::default()
    };
    down.run(sftp, &mut sink, &NoShell, |_| ()).await.unwrap();
    assert!(sink.content == content);
    let refused = sftp.open("upload", Open::exclusive()).await;
    assert!(refused.is_err());
    let both = Open::read().with(OpenFlags::WRITE);
    let file = sftp.open("upload", both).await.unwrap();
    file.write_at(5, b"changed").await.unwrap();
    assert_eq!(file.read_at(5, 7).await.unwrap(), "changed");
    file.truncate(10).await.unwrap();
    assert_eq!(file.stat().await.unwrap().size, Some(10));
    file.close().await.unwrap();
    assert_eq!(place.content("upload").len(), 10);
}
