//! Folders with all in them, into a folder and into a zip.

use std::path::PathBuf;
use std::process::Command;

use bytes::Bytes;
use transom_sftp::{
    FolderDownload, FolderReport, LocalError, NoShell, Place as LocalPlace, Sink, ZipDownload,
};

use crate::local::Memory;
use crate::support::{Place, noise};

/// A folder of this machine.
pub(crate) struct Disk(pub(crate) PathBuf);

/// A file that is written to the disk at the end.
pub(crate) struct DiskFile(PathBuf, Memory);

impl LocalPlace for Disk {
    type Sink = DiskFile;

    async fn folder(&self, path: &[String]) -> Result<(), LocalError> {
        std::fs::create_dir_all(self.0.join(path.join("/"))).unwrap();
        Ok(())
    }

    async fn size(&self, path: &[String]) -> Result<Option<u64>, LocalError> {
        let there = std::fs::metadata(self.0.join(path.join("/")));
        Ok(there.ok().map(|there| there.len()))
    }

    async fn file(&self, path: &[String]) -> Result<DiskFile, LocalError> {
        let path = self.0.join(path.join("/"));
        assert!(path.parent().unwrap().is_dir());
        Ok(DiskFile(path, Memory::default()))
    }
}

impl Sink for DiskFile {
    async fn size(&mut self) -> Result<u64, LocalError> {
        Sink::size(&mut self.1).await
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        Sink::read(&mut self.1, offset, length).await
    }

    async fn write(&mut self, offset: u64, data: Bytes) -> Result<(), LocalError> {
        self.1.write(offset, data).await
    }

    async fn truncate(&mut self, size: u64) -> Result<(), LocalError> {
        self.1.truncate(size).await
    }

    async fn sync(&mut self) -> Result<(), LocalError> {
        std::fs::write(&self.0, &self.1.content).unwrap();
        Ok(())
    }
}

/// A tree with names, links and files of every kind; returns its files and what is in them.
fn plant(place: &Place) -> Vec<(&'static str, Vec<u8>)> {
    std::fs::create_dir_all(place.path().join("tree/a/empty")).unwrap();
    let files = vec![
        ("a/large", noise(3_000_001, 3)),
        ("a/zero", Vec::new()),
        ("a/it's \"quoted\" \u{1f41a}.txt", noise(10, 4)),
        ("Readme", noise(1000, 5)),
    ];
    for (name, content) in &files {
        place.put(&format!("tree/{name}"), content);
    }
    place.put("tree/README", b"only the case differs");
    let link = |to: &str, at: &str| {
        std::os::unix::fs::symlink(to, place.path().join(at)).unwrap();
    };
    link("a/large", "tree/to-file");
    link("..", "tree/loop");
    link("nothing", "tree/dangles");
    files
}

/// What the plants come to, whichever way they are fetched.
fn check(report: &FolderReport) {
    assert_eq!((report.files, report.folders), (6, 3), "{report:#?}");
    // The loop and the dangling link; the other case and the quotes.
    assert_eq!((report.left_out, report.renamed), (2, 2), "{report:#?}");
    assert_eq!(report.notes.len(), 4, "{report:#?}");
}

fn digests(folder: &std::path::Path) -> String {
    let script = "find . -type f | sort | tr '\\n' '\\0' | xargs -0 sha256sum";
    let run = Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .output();
    String::from_utf8(run.unwrap().stdout).unwrap()
}

#[tokio::test]
async fn a_folder_arrives_with_all_in_it_and_what_is_left_out_is_told() {
    let place = Place::openssh().await;
    let files = plant(&place);
    let local = tempfile::tempdir().unwrap();
    let disk = Disk(local.path().join("tree"));
    let mut download = FolderDownload {
        path: Bytes::from_static(b"tree/"),
        ..FolderDownload::default()
    };
    let mut last = None;
    let report = download
        .run((&place.sftp, &NoShell), &disk, |now| last = Some(now))
        .await
        .unwrap();
    check(&report);
    let last = last.unwrap();
    assert_eq!((last.files_done, last.files_total), (8, 8));
    let fetched = std::fs::read(disk.0.join("a/large")).unwrap();
    assert!(fetched == files[0].1);
    assert!(disk.0.join("a/empty").is_dir());
    assert!(!disk.0.join("dangles").exists());
    assert!(std::fs::read(disk.0.join("a/it's _quoted_ \u{1f41a}.txt")).unwrap() == files[2].1);

    // What is there is not fetched again; what is not whole is.
    std::fs::write(disk.0.join("a/large"), b"half").unwrap();
    std::fs::write(disk.0.join("Readme"), noise(1000, 77)).unwrap();
    let other = std::fs::read(disk.0.join("README (2)"));
    assert!(other.is_ok() || disk.0.join("Readme (2)").exists());
    download.resume = true;
    check(
        &download
            .run((&place.sftp, &NoShell), &disk, |_| ())
            .await
            .unwrap(),
    );
    assert!(std::fs::read(disk.0.join("a/large")).unwrap() == files[0].1);
}

#[tokio::test]
async fn a_folder_becomes_a_zip_that_others_can_read() {
    let place = Place::openssh().await;
    plant(&place);
    let mut zip = Memory::of(b"what was there before".to_vec());
    let download = ZipDownload {
        path: Bytes::from_static(b"tree"),
        verify: false,
    };
    let report = download
        .run((&place.sftp, &NoShell), &mut zip, |_| ())
        .await
        .unwrap();
    check(&report);

    let local = tempfile::tempdir().unwrap();
    std::fs::write(local.path().join("tree.zip"), &zip.content).unwrap();
    let script = "import zipfile; z = zipfile.ZipFile('tree.zip'); assert z.testzip() is None; z.extractall('out')";
    let run = Command::new("python3")
        .args(["-c", script])
        .current_dir(local.path())
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let disk = Disk(local.path().join("same"));
    let same = FolderDownload {
        path: Bytes::from_static(b"tree"),
        ..FolderDownload::default()
    };
    same.run((&place.sftp, &NoShell), &disk, |_| ())
        .await
        .unwrap();
    assert_eq!(digests(&local.path().join("out")), digests(&disk.0));
    assert!(local.path().join("out/a/empty").is_dir());
}

#[tokio::test]
async fn a_folder_that_is_none_is_refused() {
    let place = Place::openssh().await;
    place.put("file", b"no folder");
    for path in ["file", "nothing"] {
        let mut zip = Memory::default();
        let download = ZipDownload {
            path: Bytes::from_static(path.as_bytes()),
            verify: false,
        };
        assert!(
            download
                .run((&place.sftp, &NoShell), &mut zip, |_| ())
                .await
                .is_err()
        );
    }
}
