//! Appending to `authorized_keys` of Debian's OpenSSH server.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tempfile::TempDir;
use tokio::time::Instant;
use transom_protocol::InstallProblem;
use transom_sftp::{Clock, Options, Sftp};
use transom_testkit::SftpServer;

use super::append;

const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINxlwanBwqDoGXe9R my laptop";

struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

struct Home {
    sftp: Sftp,
    folder: TempDir,
    _server: SftpServer,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = SftpServer::openssh(folder.path(), &[]).unwrap();
        let (output, input) = server.streams().unwrap();
        let clock = Arc::new(TokioClock(Instant::now()));
        let begun = Sftp::begin(output, input, clock, Options::default()).await;
        let (sftp, driver) = begun.unwrap();
        tokio::spawn(driver.run());
        Self {
            sftp,
            folder,
            _server: server,
        }
    }

    fn ssh(&self) -> PathBuf {
        self.folder.path().join(".ssh")
    }

    fn file(&self) -> PathBuf {
        self.ssh().join("authorized_keys")
    }

    fn content(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn folder_and_file_are_made_with_the_modes_that_sshd_wants() {
    let home = Home::new().await;
    assert_eq!(append(&home.sftp, LINE).await, Ok(false));
    assert_eq!(home.content(), format!("{LINE}\n"));
    assert_eq!((mode(&home.ssh()), mode(&home.file())), (0o700, 0o600));
}

#[tokio::test]
async fn a_second_time_changes_nothing() {
    let home = Home::new().await;
    assert_eq!(append(&home.sftp, LINE).await, Ok(false));
    let other_name = LINE.replace("my laptop", "another name");
    assert_eq!(append(&home.sftp, &other_name).await, Ok(true));
    assert_eq!(home.content(), format!("{LINE}\n"));
}

#[tokio::test]
async fn a_last_line_without_an_end_is_not_continued() {
    let home = Home::new().await;
    fs::create_dir(home.ssh()).unwrap();
    fs::write(home.file(), "# mine\nssh-rsa AAAA bob").unwrap();
    assert_eq!(append(&home.sftp, LINE).await, Ok(false));
    assert_eq!(
        home.content(),
        format!("# mine\nssh-rsa AAAA bob\n{LINE}\n")
    );
}

#[tokio::test]
async fn a_key_behind_options_counts_and_one_in_a_comment_does_not() {
    let home = Home::new().await;
    fs::create_dir(home.ssh()).unwrap();
    fs::write(home.file(), format!("#{LINE}\n# {LINE}\n")).unwrap();
    assert_eq!(append(&home.sftp, LINE).await, Ok(false));
    fs::write(
        home.file(),
        format!("restrict,from=\"10.0.0.0/8\" {LINE}\n"),
    )
    .unwrap();
    assert_eq!(append(&home.sftp, LINE).await, Ok(true));
}

#[tokio::test]
async fn the_right_of_others_to_write_is_taken_away_and_nothing_else() {
    let home = Home::new().await;
    fs::create_dir(home.ssh()).unwrap();
    fs::write(home.file(), "").unwrap();
    set_mode(&home.ssh(), 0o775);
    set_mode(&home.file(), 0o664);
    assert_eq!(append(&home.sftp, LINE).await, Ok(false));
    assert_eq!((mode(&home.ssh()), mode(&home.file())), (0o755, 0o644));
}

#[tokio::test]
async fn what_is_no_file_is_left_alone() {
    let home = Home::new().await;
    fs::write(home.ssh(), "").unwrap();
    let problem = append(&home.sftp, LINE).await.unwrap_err().0;
    assert_eq!(problem, InstallProblem::NotAFile);
    fs::remove_file(home.ssh()).unwrap();
    fs::create_dir_all(home.file()).unwrap();
    let problem = append(&home.sftp, LINE).await.unwrap_err().0;
    assert_eq!(problem, InstallProblem::NotAFile);
    fs::remove_dir(home.file()).unwrap();
    let big = fs::File::create(home.file()).unwrap();
    big.set_len(1024 * 1024 + 1).unwrap();
    let problem = append(&home.sftp, LINE).await.unwrap_err().0;
    assert_eq!(problem, InstallProblem::NotAFile);
}
