//! Files that are not replaced by others but written where they are, and why.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

use bytes::Bytes;
use tokio::process::Command;
use transom_sftp::{InPlace, NoShell, Over, Upload, Uploaded, link_count};
use transom_testkit::SftpServer;

use crate::local::{LocalShell, Memory};
use crate::support::Place;

/// Where Debian keeps OpenSSH's SFTP server.
const SFTP_SERVER: &str = "/usr/lib/openssh/sftp-server";

/// Number of `nobody`, and of their group.
const ACCOUNT: u32 = 65534;

/// A server of that user, in a folder of theirs.
async fn of_an_account() -> Place {
    let folder = tempfile::tempdir().unwrap();
    chown(folder.path(), Some(ACCOUNT), Some(ACCOUNT)).unwrap();
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .args([SFTP_SERVER, "-d"])
        .arg(folder.path());
    Place::begin(folder, SftpServer::spawn(command).unwrap()).await
}

/// Saves a text as an editor does, over a longer one.
async fn save(place: &Place, target: &str, over: Over) -> Uploaded {
    let upload = Upload {
        target: Bytes::copy_from_slice(target.as_bytes()),
        token: "t0k3n".to_owned(),
        replace: true,
        over,
        ..Upload::default()
    };
    let mut source = Memory::of(b"short".to_vec());
    let saved = upload.run(&place.sftp, &mut source, &NoShell, |_| ());
    saved.await.unwrap()
}

/// Files in the folder, parts included.
fn count(place: &Place) -> usize {
    std::fs::read_dir(place.path()).unwrap().count()
}

#[tokio::test]
async fn a_file_with_other_names_stays_one_file() {
    let place = Place::openssh().await;
    let (shell, path) = (LocalShell(&place), place.path().join("it's a\nfile"));
    place.put("it's a\nfile", b"a longer text");
    std::fs::hard_link(&path, place.path().join("twin")).unwrap();
    symlink("twin", place.path().join("link")).unwrap();
    for name in ["it's a\nfile", "twin", "link"] {
        assert_eq!(link_count(&shell, name.as_bytes()).await, Some(2), "{name}");
    }
    assert_eq!(link_count(&shell, b"nothing").await, None);
    assert_eq!(link_count(&NoShell, b"twin").await, None);

    let report = save(&place, "link", Over::InPlace).await;
    assert_eq!(report.in_place, Some(InPlace::Links));
    assert!(report.synced && !report.attributes_lost);
    assert_eq!(place.content("it's a\nfile"), b"short");
    assert_eq!(path.metadata().unwrap().nlink(), 2);
    assert_eq!(count(&place), 3);
}

#[tokio::test]
async fn a_file_of_ones_own_is_replaced_by_one_that_is_alike() {
    let place = of_an_account().await;
    place.put("file", b"a longer text");
    let path = place.path().join("file");
    chown(&path, Some(ACCOUNT), Some(ACCOUNT)).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o4750)).unwrap();
    let before = path.metadata().unwrap().ino();
    let report = save(&place, "file", Over::Alike).await;
    assert_eq!(report.in_place, None);
    let now = path.metadata().unwrap();
    assert!(now.ino() != before);
    assert_eq!((now.uid(), now.mode() & 0o7777), (ACCOUNT, 0o4750));
    assert_eq!(place.content("file"), b"short");
}

#[tokio::test]
async fn a_file_whose_owner_could_not_be_kept_is_written_in_place() {
    let place = of_an_account().await;
    place.put("file", b"a longer text");
    let path = place.path().join("file");
    std::fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    let before = path.metadata().unwrap();
    let report = save(&place, "file", Over::Alike).await;
    assert_eq!(report.in_place, Some(InPlace::Owner));
    let now = path.metadata().unwrap();
    assert_eq!((now.ino(), now.uid()), (before.ino(), before.uid()));
    assert_eq!(place.content("file"), b"short");
    assert_eq!(count(&place), 1);

    // An upload of a file replaces it all the same, and tells.
    let report = save(&place, "file", Over::Swap).await;
    assert!(report.in_place.is_none() && report.attributes_lost);
}

#[tokio::test]
async fn a_file_in_a_folder_that_takes_no_new_ones_is_written_in_place() {
    let place = of_an_account().await;
    place.put("file", b"a longer text");
    let path = place.path().join("file");
    chown(&path, Some(ACCOUNT), Some(ACCOUNT)).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o4755)).unwrap();
    std::fs::set_permissions(place.path(), Permissions::from_mode(0o555)).unwrap();
    for over in [Over::Alike, Over::Swap] {
        let report = save(&place, "file", over).await;
        assert_eq!(report.in_place, Some(InPlace::Folder));
        assert_eq!(place.content("file"), b"short");
        // The bits that writing takes away are given back.
        assert_eq!(path.metadata().unwrap().mode() & 0o7777, 0o4755);
    }
}

#[tokio::test]
async fn a_file_that_is_mounted_is_written_in_place() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["file", "mounted"] {
        std::fs::write(folder.path().join(name), "a longer text").unwrap();
    }
    // Only the server sees the mount, as a file of a container.
    let script = format!("mount --bind mounted file && exec {SFTP_SERVER} -d \"$PWD\"");
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "sh", "-c", &script])
        .current_dir(folder.path());
    let place = Place::begin(folder, SftpServer::spawn(command).unwrap()).await;
    let report = save(&place, "file", Over::Alike).await;
    assert_eq!(report.in_place, Some(InPlace::Name));
    assert_eq!(place.content("mounted"), b"short");
    assert_eq!(count(&place), 2);
}

#[tokio::test]
async fn a_quota_is_told_apart_from_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    // A file that may not grow stands for a share of the disk that is used up.
    let script = format!("trap '' XFSZ; ulimit -f 2048; exec {SFTP_SERVER} -d \"$PWD\"");
    command.args(["-c", &script]).current_dir(folder.path());
    let place = Place::begin(folder, SftpServer::spawn(command).unwrap()).await;
    let upload = Upload {
        target: Bytes::from_static(b"file"),
        token: "t0k3n".to_owned(),
        ..Upload::default()
    };
    let mut source = Memory::of(crate::support::noise(3_000_000, 5));
    let failed = upload
        .run(&place.sftp, &mut source, &NoShell, |_| ())
        .await
        .unwrap_err();
    assert!(
        failed
            .to_string()
            .contains("its disk has room: your share of it (quota)"),
        "{failed}"
    );
}
