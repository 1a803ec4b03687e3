//! Asks against Debian's OpenSSH server.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use tempfile::TempDir;
use tokio::time::Instant;
use transom_protocol::{
    EntryKind, FileEntry, FileMark, FilesAnswer, FilesAsk, FilesErrorCode, RemotePath,
};
use transom_sftp::{Clock, NoShell, Options, Sftp};
use transom_testkit::SftpServer;

use super::answer;

struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

struct Place {
    sftp: Sftp,
    folder: TempDir,
    _server: SftpServer,
}

impl Place {
    async fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut server = SftpServer::openssh(folder.path(), &[])?;
        let (output, input) = server.streams()?;
        let clock = Arc::new(TokioClock(Instant::now()));
        let (sftp, driver) = Sftp::begin(output, input, clock, Options::default()).await?;
        tokio::spawn(driver.run());
        Ok(Self {
            sftp,
            folder,
            _server: server,
        })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn ask(&self, ask: FilesAsk) -> FilesAnswer {
        answer((&self.sftp, &NoShell), ask, None, |_| ()).await.0
    }
}

fn path(path: &str) -> RemotePath {
    RemotePath::from(path)
}

fn code(answer: &FilesAnswer) -> Option<FilesErrorCode> {
    match answer {
        FilesAnswer::Failed { failure } => Some(failure.code),
        _ => None,
    }
}

#[tokio::test]
async fn a_folder_is_listed_with_what_its_links_lead_to() {
    let place = Place::new().await.unwrap();
    for number in 0..2500 {
        std::fs::write(place.path().join(format!("f{number}")), b"").unwrap();
    }
    std::fs::create_dir(place.path().join("folder")).unwrap();
    std::os::unix::fs::symlink("folder", place.path().join("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", place.path().join("dangling")).unwrap();
    let batches: RefCell<Vec<Vec<FileEntry>>> = RefCell::default();
    let ask = FilesAsk::List { path: path("") };
    let told = |batch| batches.borrow_mut().push(batch);
    let (answer, _) = answer((&place.sftp, &NoShell), ask, None, told).await;
    let FilesAnswer::Listed {
        path: folder,
        cut: false,
    } = answer
    else {
        panic!("{answer:?}")
    };
    assert!(folder.bytes().starts_with(b"/"));
    let batches = batches.into_inner();
    assert!(batches[0].len() <= 100 && batches.iter().all(|batch| batch.len() <= 1000));
    let entries: Vec<FileEntry> = batches.into_iter().flatten().collect();
    assert_eq!(entries.len(), 2503);
    let target = |name: &str| {
        let found = entries.iter().find(|entry| entry.name == path(name));
        found.map(|entry| (entry.kind, entry.target_kind)).unwrap()
    };
    assert_eq!(target("link"), (EntryKind::Link, Some(EntryKind::Folder)));
    assert_eq!(target("dangling"), (EntryKind::Link, None));
    assert_eq!(entries[0].user_name, "root");
}

#[tokio::test]
async fn a_file_is_saved_only_over_what_was_read() {
    let place = Place::new().await.unwrap();
    let local = place.path().join("notes");
    std::fs::write(&local, b"one").unwrap();
    let read = FilesAsk::Read {
        path: path("notes"),
        offset: 0,
        length: 100,
    };
    let (FilesAnswer::Content { mark, offset: 0 }, Some(bytes)) =
        answer((&place.sftp, &NoShell), read, None, |_| ()).await
    else {
        panic!("not read")
    };
    assert_eq!(bytes, "one");
    let save = |expected| FilesAsk::Write {
        path: path("notes"),
        expected,
    };
    let text = Some(Bytes::from_static(b"three"));
    let (saved, _) = answer(
        (&place.sftp, &NoShell),
        save(Some(mark)),
        text.clone(),
        |_| (),
    )
    .await;
    assert!(matches!(saved, FilesAnswer::Written { entry, in_place: None } if entry.size == 5));
    let (stale, _) = answer((&place.sftp, &NoShell), save(Some(mark)), text, |_| ()).await;
    assert_eq!(code(&stale), Some(FilesErrorCode::Changed));
    assert_eq!(std::fs::read(&local).unwrap(), b"three");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    let gone = FilesAsk::Write {
        path: path("gone"),
        expected: Some(FileMark {
            size: 1,
            modified: 1,
        }),
    };
    assert_eq!(code(&place.ask(gone).await), Some(FilesErrorCode::Changed));
}

#[tokio::test]
async fn the_end_of_a_log_is_read() {
    let place = Place::new().await.unwrap();
    std::fs::write(place.path().join("log"), b"0123456789").unwrap();
    let ask = FilesAsk::Read {
        path: path("log"),
        offset: -4,
        length: 100,
    };
    let (FilesAnswer::Content { offset: 6, .. }, Some(bytes)) =
        answer((&place.sftp, &NoShell), ask, None, |_| ()).await
    else {
        panic!("not read")
    };
    assert_eq!(bytes, "6789");
}

#[tokio::test]
async fn names_that_are_taken_are_told_as_such() {
    let place = Place::new().await.unwrap();
    std::fs::write(place.path().join("a"), b"a").unwrap();
    std::fs::write(place.path().join("b"), b"b").unwrap();
    let rename = |replace| FilesAsk::Rename {
        from: path("a"),
        to: path("b"),
        replace,
    };
    assert_eq!(
        code(&place.ask(rename(false)).await),
        Some(FilesErrorCode::Exists)
    );
    let make = FilesAsk::MakeFolder { path: path("a") };
    assert_eq!(code(&place.ask(make).await), Some(FilesErrorCode::Exists));
    let link = FilesAsk::MakeLink {
        target: path("x"),
        link: path("a"),
    };
    assert_eq!(code(&place.ask(link).await), Some(FilesErrorCode::Exists));
    let copy = FilesAsk::Copy {
        from: path("a"),
        to: path("b"),
    };
    assert_eq!(code(&place.ask(copy).await), Some(FilesErrorCode::Exists));
    let copy = FilesAsk::Copy {
        from: path("a"),
        to: path("c"),
    };
    assert_eq!(place.ask(copy).await, FilesAnswer::Done);
    assert_eq!(place.ask(rename(true)).await, FilesAnswer::Done);
    assert_eq!(std::fs::read(place.path().join("b")).unwrap(), b"a");
    assert_eq!(std::fs::read(place.path().join("c")).unwrap(), b"a");
}

#[tokio::test]
async fn what_will_be_deleted_is_counted_first() {
    let place = Place::new().await.unwrap();
    std::fs::create_dir(place.path().join("folder")).unwrap();
    std::fs::write(place.path().join("folder/a"), b"12345").unwrap();
    std::fs::write(place.path().join("b"), b"1").unwrap();
    let paths = vec![path("folder"), path("b")];
    let counted = place
        .ask(FilesAsk::Count {
            paths: paths.clone(),
        })
        .await;
    let FilesAnswer::Counted {
        files: 2,
        folders: 1,
        bytes: 6,
        ..
    } = &counted
    else {
        panic!("{counted:?}")
    };
    assert_eq!(place.ask(FilesAsk::Remove { paths }).await, counted);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn attributes_are_set_and_seen() {
    let place = Place::new().await.unwrap();
    std::fs::write(place.path().join("a"), b"").unwrap();
    let set = FilesAsk::SetAttributes {
        path: path("a"),
        mode: Some(0o600),
        owner: Some((1, 2)),
        modified: Some(1_000_000_000),
    };
    assert_eq!(place.ask(set).await, FilesAnswer::Done);
    let FilesAnswer::Entry { entry } = place.ask(FilesAsk::Stat { path: path("a") }).await else {
        panic!("no entry")
    };
    assert_eq!(
        (entry.mode, entry.user, entry.group, entry.modified),
        (Some(0o600), Some(1), Some(2), Some(1_000_000_000))
    );
    let FilesAnswer::Space { available, total } =
        place.ask(FilesAsk::Space { path: path(".") }).await
    else {
        panic!("no space")
    };
    assert!(available > 0 && available <= total);
}

#[tokio::test]
async fn home_and_its_sign_are_understood() {
    let place = Place::new().await.unwrap();
    let FilesAnswer::Path { path: home } = place.ask(FilesAsk::Home).await else {
        panic!("no home")
    };
    assert!(home.bytes().starts_with(b"/"));
    let tilde = place.ask(FilesAsk::Resolve { path: path("~") }).await;
    assert!(matches!(tilde, FilesAnswer::Path { path } if path.bytes().starts_with(b"/")));
}
