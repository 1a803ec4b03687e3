//! Checksums of the files of a folder that is downloaded.

use core::cell::Cell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use bytes::Bytes;
use transom_sftp::{FolderDownload, NoShell, Shell, TransferError, ZipDownload};

use crate::folder::Disk;
use crate::local::{LocalShell, Memory};
use crate::support::Place;

/// Files in the folder.
const FILES: u64 = 150;

/// A shell of which a command about many files, or each, says another checksum of the first of them.
struct Twists<'place> {
    shell: LocalShell<'place>,
    always: bool,
    twisted: Cell<u32>,
}

impl<'place> Twists<'place> {
    fn new(place: &'place Place, always: bool) -> Self {
        let shell = LocalShell(place);
        let twisted = Cell::new(0);
        Self {
            shell,
            always,
            twisted,
        }
    }
}

impl Shell for Twists<'_> {
    async fn run(&self, command: Vec<u8>) -> Option<Bytes> {
        assert!(command.len() < 20 * 1024);
        let many = command.starts_with(b"sh -c 'for ");
        let mut output = self.shell.run(command).await?.to_vec();
        if self.twisted.get() == 0 || self.always && !many {
            self.twisted.set(self.twisted.get() + 1);
            let first = output.first_mut()?;
            *first = if *first == b'0' { b'1' } else { b'0' };
        }
        Some(output.into())
    }
}

async fn planted() -> Place {
    let place = Place::openssh().await;
    let folder = place.path().join("tree");
    std::fs::create_dir(&folder).unwrap();
    for number in 0..FILES {
        let mut name = format!("it's\n{number} ").into_bytes();
        name.extend_from_slice(b"\xff");
        std::fs::write(folder.join(OsStr::from_bytes(&name)), number.to_string()).unwrap();
    }
    place
}

fn folder() -> FolderDownload {
    FolderDownload {
        path: Bytes::from_static(b"tree"),
        resume: false,
        verify: true,
    }
}

fn zip() -> ZipDownload {
    ZipDownload {
        path: Bytes::from_static(b"tree"),
        verify: true,
    }
}

#[tokio::test]
async fn each_file_of_a_folder_is_compared_where_the_server_has_a_shell() {
    let place = planted().await;
    let local = tempfile::tempdir().unwrap();
    let disk = Disk(local.path().join("tree"));
    let shell = LocalShell(&place);
    let report = folder().run((&place.sftp, &shell), &disk, |_| ()).await;
    let report = report.unwrap();
    assert_eq!(
        (report.files, report.equal, report.untold),
        (FILES, FILES, 0)
    );
    let report = folder().run((&place.sftp, &NoShell), &disk, |_| ()).await;
    let report = report.unwrap();
    assert_eq!(
        (report.files, report.equal, report.untold),
        (FILES, 0, FILES)
    );
    let mut packed = Memory::default();
    let report = zip().run((&place.sftp, &shell), &mut packed, |_| ()).await;
    assert_eq!(report.unwrap().equal, FILES);
}

#[tokio::test]
async fn a_file_that_differs_is_fetched_once_more() {
    let place = planted().await;
    let local = tempfile::tempdir().unwrap();
    let disk = Disk(local.path().join("tree"));
    let shell = Twists::new(&place, false);
    let report = folder().run((&place.sftp, &shell), &disk, |_| ()).await;
    let report = report.unwrap();
    assert_eq!((shell.twisted.get(), report.equal), (1, FILES));
    assert_eq!((report.files, report.left_out), (FILES, 0));
}

#[tokio::test]
async fn a_file_that_differs_again_is_told_and_not_kept() {
    let place = planted().await;
    let local = tempfile::tempdir().unwrap();
    let disk = Disk(local.path().join("tree"));
    let shell = Twists::new(&place, true);
    let report = folder().run((&place.sftp, &shell), &disk, |_| ()).await;
    let report = report.unwrap();
    assert_eq!((report.equal, report.files), (FILES - 1, FILES - 1));
    assert_eq!(report.left_out, 1);
    let told = |note: &String| note.contains("was left out") && note.contains("differs");
    assert!(report.notes.iter().any(told), "{:#?}", report.notes);
    let sizes = std::fs::read_dir(&disk.0).unwrap();
    let empty = sizes.filter(|entry| entry.as_ref().unwrap().metadata().unwrap().len() == 0);
    assert_eq!(empty.count(), 1);
}

#[tokio::test]
async fn a_zip_with_a_file_that_differs_has_no_end_and_says_which() {
    let place = planted().await;
    let mut packed = Memory::default();
    let shell = Twists::new(&place, true);
    let failed = zip().run((&place.sftp, &shell), &mut packed, |_| ()).await;
    let Err(TransferError::ManyDiffer { paths, count: 1 }) = failed else {
        panic!("{failed:?}");
    };
    assert!(paths[0].starts_with(b"tree/it's\n"), "{paths:?}");
}
