//! Checksums by real shells, of files with names that a shell would misunderstand.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use transom_sftp::{Shell, sha256, sha256_of_all};

/// A shell of this machine that runs a command as `sshd` has it run: by `-c`.
struct Login {
    program: &'static str,
    folder: PathBuf,
}

impl Shell for Login {
    async fn run(&self, command: Vec<u8>) -> Option<Bytes> {
        let run = tokio::process::Command::new(self.program)
            .arg("-c")
            .arg(OsStr::from_bytes(&command))
            .current_dir(&self.folder)
            .output();
        let run = run.await.unwrap();
        run.status.success().then(|| run.stdout.into())
    }
}

/// Names that end a word, are options or commands, or are changed by some shell.
const NAMES: [&[u8]; 15] = [
    b"plain",
    b"with space",
    b"it's \"quoted\"",
    b"line\nfeed\n",
    b"-rf",
    b"-",
    b"--",
    b"$(touch owned)`touch owned`",
    // In fish, `\'` inside of quotes is no end of them.
    b"back\\'; touch owned #",
    b"back\\",
    b"!!!touch",
    b"100%s\\0101",
    b"~ * ? [a] {b,c}",
    b"\xff\xfe",
    b"#(=",
];

/// Whether a program is there.
fn is_installed(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Many commands' worth of names, a folder and what is not there between them.
async fn all_at_once(login: &Login) {
    let program = login.program;
    let not_there: [&[u8]; 3] = [b"nothing", b".", b""];
    let names = || NAMES.iter().copied().chain(not_there);
    let paths: Vec<_> = names().cycle().take(100).map(Bytes::from_static).collect();
    let told = sha256_of_all(login, &paths).await;
    assert_eq!(told.len(), paths.len(), "{program}");
    for (path, told) in paths.iter().zip(told) {
        let number = NAMES.iter().position(|name| name == path);
        let expected = number.map(|number| Sha256::digest(format!("content {number}")).into());
        assert_eq!(told, expected, "{program}: {path:?}");
    }
}

#[tokio::test]
async fn a_checksum_is_that_of_the_file_whatever_its_name_and_whoever_reads_the_command() {
    let folder = tempfile::tempdir().unwrap();
    for (number, name) in NAMES.iter().enumerate() {
        let content = format!("content {number}");
        std::fs::write(folder.path().join(OsStr::from_bytes(name)), content).unwrap();
    }
    let before = std::fs::read_dir(folder.path()).unwrap().count();
    // Those beyond the first two are tried where they are installed.
    let shells = ["sh", "bash", "dash", "zsh", "ksh", "fish", "tcsh"];
    for program in shells.into_iter().filter(|shell| is_installed(shell)) {
        let login = Login {
            program,
            folder: folder.path().to_owned(),
        };
        for (number, name) in NAMES.iter().enumerate() {
            let content = format!("content {number}");
            let name_shown = String::from_utf8_lossy(name);
            let whole: [u8; 32] = Sha256::digest(&content).into();
            let told = sha256(&login, name, None).await;
            assert_eq!(told, Some(whole), "{program}: {name_shown}");
            let start: [u8; 32] = Sha256::digest(&content.as_bytes()[..3]).into();
            let told = sha256(&login, name, Some(3)).await;
            assert_eq!(told, Some(start), "{program}: {name_shown}");
        }
        assert_eq!(sha256(&login, b"nothing", None).await, None, "{program}");
        all_at_once(&login).await;
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), before);
}
