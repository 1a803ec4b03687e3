//! Whole files, there and back, cut and changed.

use std::cell::Cell;
use std::os::unix::fs::PermissionsExt as _;
use std::pin::pin;

use bytes::Bytes;
use transom_sftp::{
    Download, LocalError, LocalProblem, Mark, NoShell, Progress, Resumed, Shell, Sink, Source,
    Status, TransferError, Upload, discard_part, part_path,
};

use crate::support::{Place, noise};

/// A file in memory.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    pub(crate) content: Vec<u8>,
    /// Reads after this many bytes never end, as where the source is cut off.
    stops_at: Option<u64>,
    changed: bool,
}

impl Memory {
    pub(crate) fn of(content: Vec<u8>) -> Self {
        Self {
            content,
            ..Self::default()
        }
    }

    fn slice(&self, offset: u64, length: usize) -> Bytes {
        let offset = usize::try_from(offset).unwrap();
        Bytes::copy_from_slice(self.content.get(offset..offset + length).unwrap())
    }
}

impl Source for Memory {
    fn size(&self) -> u64 {
        u64::try_from(self.content.len()).unwrap()
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        if self.stops_at.is_some_and(|stop| offset >= stop) {
            std::future::pending::<()>().await;
        }
        Ok(self.slice(offset, length))
    }

    async fn check(&mut self) -> Result<(), LocalError> {
        let problem = LocalProblem::Changed;
        let error = LocalError {
            problem,
            detail: String::new(),
        };
        if self.changed { Err(error) } else { Ok(()) }
    }
}

impl Sink for Memory {
    async fn size(&mut self) -> Result<u64, LocalError> {
        Ok(Source::size(self))
    }

    async fn read(&mut self, offset: u64, length: usize) -> Result<Bytes, LocalError> {
        Ok(self.slice(offset, length))
    }

    async fn write(&mut self, offset: u64, data: Bytes) -> Result<(), LocalError> {
        if self.stops_at.is_some_and(|stop| offset >= stop) {
            std::future::pending::<()>().await;
        }
        assert_eq!(offset, Source::size(self));
        self.content.extend_from_slice(&data);
        Ok(())
    }

    async fn truncate(&mut self, size: u64) -> Result<(), LocalError> {
        self.content.truncate(usize::try_from(size).unwrap());
        Ok(())
    }

    async fn sync(&mut self) -> Result<(), LocalError> {
        Ok(())
    }
}

/// The machine's shell, in the server's folder.
struct LocalShell<'place>(&'place Place, Cell<u32>);

impl Shell for LocalShell<'_> {
    async fn run(&self, command: Vec<u8>) -> Option<Bytes> {
        use std::os::unix::ffi::OsStrExt as _;
        let mut shell = tokio::process::Command::new("sh");
        let command = std::ffi::OsStr::from_bytes(&command);
        let run = shell
            .arg("-c")
            .arg(command)
            .current_dir(self.0.path())
            .output();
        self.1.set(self.1.get() + 1);
        Some(run.await.unwrap().stdout.into())
    }
}

fn upload(target: &str) -> Upload {
    Upload {
        target: Bytes::copy_from_slice(target.as_bytes()),
        token: "t0k3n".to_owned(),
        ..Upload::default()
    }
}

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
        let shell = LocalShell(&place, Cell::new(0));
        let mut source = Memory::of(content.clone());
        let done = up.run(&place.sftp, &mut source, &shell, |progress| {
            if let Progress::Moving { done, total } = progress {
                assert!(done >= last && done <= total);
                last = done;
            }
        });
        let report = done.await.unwrap();
        assert!(report.checksum.is_some() && !report.in_place);
        // Small new files do not wait for the disk.
        assert_eq!(report.synced, size == 5_000_001);
        assert_eq!(report.resumed, Resumed::Fresh);
        assert_eq!(last, u64::try_from(size).unwrap());
        assert!(place.content(&name) == content);
        assert_eq!(place.sftp.stat(&name).await.unwrap().modified(), Some(8));
    }
    assert!(std::fs::read_dir(place.path()).unwrap().count() == 4);
}

#[tokio::test]
async fn an_upload_that_was_cut_is_verified_and_continued() {
    for with_shell in [false, true] {
        let place = Place::openssh().await;
        let content = noise(6_000_000, 5);
        cut_upload(&place, &content, 3_145_728).await;
        assert!(!place.path().join("file").exists());

        let up = upload("file");
        let mut source = Memory::of(content.clone());
        let shell = LocalShell(&place, Cell::new(0));
        let report = if with_shell {
            up.run(&place.sftp, &mut source, &shell, |_| ())
                .await
                .unwrap()
        } else {
            up.run(&place.sftp, &mut source, &NoShell, |_| ())
                .await
                .unwrap()
        };
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
        let up = upload("file");
        let mut source = Memory::of(content.clone());
        let shell = LocalShell(&place, Cell::new(0));
        let report = if with_shell {
            up.run(&place.sftp, &mut source, &shell, |_| ())
                .await
                .unwrap()
        } else {
            up.run(&place.sftp, &mut source, &NoShell, |_| ())
                .await
                .unwrap()
        };
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

fn download(path: &str) -> Download {
    Download {
        path: Bytes::copy_from_slice(path.as_bytes()),
        ..Download::default()
    }
}

#[tokio::test]
async fn a_download_arrives_whole() {
    let place = Place::openssh().await;
    for size in [0, 1, 65_536, 5_000_001] {
        let content = noise(size, 5);
        place.put("file", &content);
        let mut sink = Memory::default();
        let down = Download {
            verify: true,
            ..download("file")
        };
        let shell = LocalShell(&place, Cell::new(0));
        let report = down
            .run(&place.sftp, &mut sink, &shell, |_| ())
            .await
            .unwrap();
        assert!(sink.content == content);
        assert!(report.checksum.is_some() && !report.changed);
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
        let shell = LocalShell(&place, Cell::new(0));
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
    let shell = LocalShell(&place, Cell::new(0));
    let report = up
        .run(&place.sftp, &mut source, &shell, |_| ())
        .await
        .unwrap();
    assert_eq!(report.resumed, Resumed::From(700_000));
    assert!(report.in_place && report.checksum.is_some());
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
