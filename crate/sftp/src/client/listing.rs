//! Folders, entry by entry, draft §6.7.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::{Sftp, sent, subject, unexpected};
use crate::codec::{Attributes, Name, Request, Response, Status};
use crate::error::{Operation, SftpError, Subject};
use crate::link::{Answer, Asked, RemoteHandle};

/// Requests for entries that are under way at once. Each brings about a hundred, so a folder of
/// 100 000 entries takes some hundred round trips less than one at a time would.
const AHEAD: usize = 8;

/// Entries that one listing gives at most. Far above what a person can use, and a bound on a
/// folder that has no end.
pub const MAX_ENTRIES: usize = 1_000_000;

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name, as the server says it: bytes of any kind. It may be no name at all (`../x`), so
    /// nothing local may get it as it is.
    pub name: Bytes,
    /// As `lstat` says it.
    pub attributes: Attributes,
    /// User and group in words, where the server's long line has them in the usual place.
    pub owner: Option<(String, String)>,
}

/// Entries of a folder as they arrive.
#[derive(Debug)]
pub struct Listing {
    sftp: Sftp,
    handle: Arc<RemoteHandle>,
    subject: Subject,
    asked: VecDeque<Asked>,
    ready: VecDeque<Name>,
    ended: bool,
    left: usize,
}

impl Sftp {
    /// Begins to list a folder. `.` and `..` are left out.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the call, or the listing, frees what the server opened.
    pub async fn listdir_iter(&self, path: impl AsRef<[u8]>) -> Result<Listing, SftpError> {
        let subject = subject(Operation::List, &path);
        let request = Request::OpenDir { path: sent(path) };
        match self.shared().call(&request, None, subject.clone()).await? {
            Answer::Handle(handle) => Ok(Listing {
                sftp: self.clone(),
                handle,
                subject,
                asked: VecDeque::new(),
                ready: VecDeque::new(),
                ended: false,
                left: MAX_ENTRIES,
            }),
            Answer::Plain(_) => Err(unexpected(subject)),
        }
    }

    /// Lists a folder, with at most `most` entries. The flag tells that there are more.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    pub async fn listdir(
        &self,
        path: impl AsRef<[u8]>,
        most: usize,
    ) -> Result<(Vec<DirEntry>, bool), SftpError> {
        let mut listing = self.listdir_iter(path).await?;
        let mut entries = Vec::new();
        while let Some(entry) = listing.next().await? {
            if entries.len() >= most {
                return Ok((entries, true));
            }
            entries.push(entry);
        }
        Ok((entries, listing.is_cut()))
    }
}

impl Listing {
    /// Takes the next entry; `None` at the end.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the call may lose entries that were on their way.
    pub async fn next(&mut self) -> Result<Option<DirEntry>, SftpError> {
        loop {
            while let Some(name) = self.ready.pop_front() {
                if matches!(name.name.as_ref(), b"." | b"..") {
                    continue;
                }
                if self.left == 0 {
                    return Ok(None);
                }
                self.left -= 1;
                return Ok(Some(entry(name)));
            }
            if self.ended || self.left == 0 {
                return Ok(None);
            }
            self.more().await?;
        }
    }

    /// Whether entries were left out, because there are more than [`MAX_ENTRIES`].
    pub fn is_cut(&self) -> bool {
        self.left == 0
    }

    /// Waits for more entries, or the end.
    async fn more(&mut self) -> Result<(), SftpError> {
        while self.asked.len() < AHEAD {
            let request = Request::ReadDir {
                handle: self.handle.bytes(),
            };
            let subject = self.subject.clone();
            let asked = self
                .sftp
                .shared()
                .ask(&request, Some(&self.handle), subject);
            self.asked.push_back(asked.await?);
        }
        let Some(asked) = self.asked.pop_front() else {
            return Ok(());
        };
        match asked.answer().await {
            Ok(Answer::Plain(Response::Names(names))) => {
                // A server that answers with nothing, for ever, would keep us here.
                self.ended = names.is_empty();
                self.ready = names.into();
                Ok(())
            }
            Err(error) if error.status() == Some(Status::Eof) => {
                self.ended = true;
                Ok(())
            }
            Ok(_) => Err(unexpected(self.subject.clone())),
            Err(error) => Err(error),
        }
    }
}

fn entry(name: Name) -> DirEntry {
    DirEntry {
        // A packet is not kept alive by one of its names.
        name: Bytes::copy_from_slice(&name.name),
        owner: owner(&name.long),
        attributes: name.attributes,
    }
}

/// Third and fourth word of a line like `-rw-r--r--    1 tara     staff   …`.
fn owner(long: &[u8]) -> Option<(String, String)> {
    let mut words = long
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let mode = words.next()?;
    // Servers that do not follow `ls` have no such first word.
    (mode.len() >= 10 && words.next()?.iter().all(u8::is_ascii_digit)).then_some(())?;
    let word = |word: &[u8]| crate::display_bytes(word, 64);
    Some((word(words.next()?), word(words.next()?)))
}
