//! Checksums of the files of a folder, compared while more of them arrive.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::Mark;
use crate::shell::{MOST_AT_ONCE, Sha256, Shell, sha256_of_all};

/// Files that wait to be compared at most; then the download waits.
const WAITING_FILES: usize = 1024;

/// A file that arrived.
#[derive(Debug)]
pub(super) struct Arrived {
    /// On the server.
    pub(super) path: Bytes,
    /// Here, as a list of names.
    pub(super) local: Vec<String>,
    /// What it was on the server when it was read.
    pub(super) mark: Option<Mark>,
    /// Of what arrived.
    pub(super) sum: Sha256,
}

/// Takes files that are to be compared. Dropping it says that there are no more.
#[derive(Debug)]
pub(super) struct Checks(Option<mpsc::Sender<Arrived>>);

/// What a comparison showed.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Files that are the same on the server.
    pub(super) equal: u64,
    /// Files whose checksum the server did not tell.
    pub(super) untold: u64,
    /// Files that are others there.
    pub(super) different: Vec<Arrived>,
}

/// Where files are told, and where they come out again to be compared.
pub(super) fn checks(wanted: bool) -> (Checks, mpsc::Receiver<Arrived>) {
    let (to, waiting) = mpsc::channel(WAITING_FILES);
    (Checks(wanted.then_some(to)), waiting)
}

impl Checks {
    /// Whether anything is compared.
    pub(super) fn are_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Has a file compared.
    pub(super) async fn take(&self, arrived: Arrived) {
        if let Some(to) = &self.0 {
            // The other end lives until all are compared.
            let _taken = to.send(arrived).await;
        }
    }
}

/// Compares all that is told, many files with one command.
pub(super) async fn compare(shell: &impl Shell, mut waiting: mpsc::Receiver<Arrived>) -> Compared {
    let mut compared = Compared::default();
    let mut batch = Vec::with_capacity(MOST_AT_ONCE);
    while waiting.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
        let paths: Vec<_> = batch.iter().map(|arrived| arrived.path.clone()).collect();
        let told = sha256_of_all(shell, &paths).await;
        for (arrived, there) in batch.drain(..).zip(told) {
            match there {
                None => compared.untold += 1,
                Some(there) if there == arrived.sum => compared.equal += 1,
                Some(_) => compared.different.push(arrived),
            }
        }
    }
    compared
}
