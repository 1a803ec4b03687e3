//! Folders with all in them. Links are never followed, and there is an end to every tree.

mod copy;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use crate::client::{Listing, Sftp};
use crate::codec::{Attributes, FileKind, Status};
use crate::error::SftpError;
use crate::path::{is_name, join};

/// Folders within folders that are looked at, at most. A folder that contains itself, as only a lying
/// server has one, ends here.
pub const MAX_DEPTH: usize = 64;

/// Failures that are kept; more are only counted as not done.
const MAX_FAILURES: usize = 100;

/// Files that are removed at once.
const REMOVALS: usize = 32;

/// The type of a link in the permission bits, `S_IFLNK` of POSIX.
const LINK: u32 = 0o120_000;

/// One step through a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A folder; what is in it follows.
    Enter {
        /// Its path.
        path: Bytes,
        /// What the server said about it; nothing for the root of the tree.
        attributes: Attributes,
    },
    /// The end of a folder.
    Leave {
        /// Its path.
        path: Bytes,
    },
    /// Anything but a folder.
    File {
        /// Its path.
        path: Bytes,
        /// What the server said about it.
        attributes: Attributes,
    },
    /// Something that is left out.
    Skipped {
        /// Its path, or its folder's where it has no name that stays there.
        path: Bytes,
        /// Why.
        why: Skip,
    },
}

/// Why something in a tree is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It cannot be listed.
    Refused(SftpError),
    /// Its name leads out of the folder.
    NoName,
    /// Too many folders within folders.
    TooDeep,
    /// The folder has more entries than can be listed.
    TooMany,
    /// A device, a pipe or a socket, which cannot be copied: reading it may never end.
    Special,
}

/// Goes through a folder with all in it, depth first.
#[derive(Debug)]
pub struct Walk {
    sftp: Sftp,
    root: Option<Bytes>,
    open: Vec<(Bytes, Listing)>,
}

impl Sftp {
    /// Begins to go through a folder with all in it.
    pub fn walk(&self, root: impl AsRef<[u8]>) -> Walk {
        let root = Some(Bytes::copy_from_slice(root.as_ref()));
        Walk {
            sftp: self.clone(),
            root,
            open: Vec::new(),
        }
    }

    /// Counts a file, or a folder with all in it. `told` hears of the count as it grows.
    ///
    /// # Errors
    ///
    /// An [`SftpError`] that ends the connection. Refusals are in the count.
    ///
    /// # Cancel safety
    ///
    /// Dropping it stops it.
    pub async fn count_tree(
        &self,
        path: impl AsRef<[u8]>,
        count: &mut TreeCount,
        mut told: impl FnMut(&TreeCount),
    ) -> Result<(), SftpError> {
        let path = Bytes::copy_from_slice(path.as_ref());
        match self.look(&path).await {
            Ok(attributes) if attributes.is_folder() => (),
            Ok(attributes) => {
                count.file(&attributes);
                return Ok(());
            }
            Err(error) => return count.refused(error),
        }
        let mut walk = self.walk(&path);
        while let Some(step) = walk.next().await? {
            match step {
                Step::Leave { .. } => count.folders += 1,
                Step::File { attributes, .. } => count.file(&attributes),
                Step::Skipped { why, .. } => count.skipped(why),
                Step::Enter { .. } => (),
            }
            told(count);
        }
        Ok(())
    }

    /// Removes a file or a link (not what it leads to), or a folder with all in it. `count` tells
    /// what was removed and what could not be.
    ///
    /// # Errors
    ///
    /// An [`SftpError`] that ends the connection. Refusals are in the count.
    ///
    /// # Cancel safety
    ///
    /// Dropping it stops it: some is removed.
    pub async fn remove_tree(
        &self,
        path: impl AsRef<[u8]>,
        count: &mut TreeCount,
        mut told: impl FnMut(&TreeCount),
    ) -> Result<(), SftpError> {
        let path = Bytes::copy_from_slice(path.as_ref());
        match self.look(&path).await {
            Ok(attributes) if attributes.is_folder() => (),
            Ok(attributes) => {
                match self.remove(&path).await {
                    Ok(()) => count.file(&attributes),
                    Err(error) => count.refused(error)?,
                }
                return Ok(());
            }
            Err(error) => return count.refused(error),
        }
        let mut walk = self.walk(&path);
        let mut removals = FuturesUnordered::new();
        while let Some(step) = walk.next().await? {
            match step {
                Step::File { path, attributes } => {
                    removals.push(async move { (self.remove(path).await, attributes) });
                }
                Step::Leave { path } => {
                    drain(&mut removals, 0, count).await?;
                    match self.rmdir(&path).await {
                        Ok(()) => count.folders += 1,
                        Err(error) => count.refused(error)?,
                    }
                }
                Step::Skipped { why, .. } => count.skipped(why),
                Step::Enter { .. } => (),
            }
            drain(&mut removals, REMOVALS, count).await?;
            told(count);
        }
        Ok(())
    }

    /// What something itself is. ProFTPD's server answers `SSH_FXP_LSTAT` with what a link leads to;
    /// whoever believed it would remove what is in there.
    async fn look(&self, path: &[u8]) -> Result<Attributes, SftpError> {
        let mut attributes = self.lstat(path).await?;
        if attributes.kind() == FileKind::Link {
            return Ok(attributes);
        }
        match self.readlink(path).await {
            Ok(_) => {
                let mode = attributes.mode().unwrap_or(0o777);
                attributes.permissions = Some(LINK | mode);
                Ok(attributes)
            }
            Err(error) if error.ends_connection() => Err(error),
            // It is no link, or the server knows none.
            Err(_) => Ok(attributes),
        }
    }

    /// Makes a folder and those above it that are missing.
    ///
    /// # Errors
    ///
    /// Any [`SftpError`].
    ///
    /// # Cancel safety
    ///
    /// Dropping it may leave some of them made.
    pub async fn mkdir_all(&self, path: impl AsRef<[u8]>) -> Result<(), SftpError> {
        let path = path.as_ref();
        let mut missing = vec![path];
        // From the inside, because most of the time all is there.
        while let Some(folder) = missing.last() {
            if folder.is_empty() || self.stat(folder).await.is_ok_and(|found| found.is_folder()) {
                missing.pop();
                break;
            }
            missing.push(crate::path::parent(folder));
        }
        while let Some(folder) = missing.pop() {
            let made = self.mkdir(folder).await;
            // Another transfer may have made it meanwhile.
            if let Err(error) = made
                && !self.stat(folder).await.is_ok_and(|found| found.is_folder())
            {
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Waits until at most `most` removals are under way.
async fn drain<R>(
    removals: &mut FuturesUnordered<R>,
    most: usize,
    count: &mut TreeCount,
) -> Result<(), SftpError>
where
    R: Future<Output = (Result<(), SftpError>, Attributes)>,
{
    while removals.len() > most {
        match removals.next().await {
            Some((Ok(()), attributes)) => count.file(&attributes),
            Some((Err(error), _)) => count.refused(error)?,
            None => break,
        }
    }
    Ok(())
}

/// What a tree holds, or what of it was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeCount {
    /// Files and links.
    pub files: u64,
    /// Folders.
    pub folders: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// Why something was left out, the first hundred times.
    pub failures: Vec<Skip>,
    /// Something was left out.
    pub cut: bool,
}

impl TreeCount {
    fn file(&mut self, attributes: &Attributes) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(attributes.size.unwrap_or(0));
    }

    fn skipped(&mut self, why: Skip) {
        self.cut = true;
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(why);
        }
    }

    fn refused(&mut self, error: SftpError) -> Result<(), SftpError> {
        if error.ends_connection() {
            return Err(error);
        }
        // Somebody else removed it: nothing is left to do.
        if error.status() != Some(Status::NoSuchFile) || self.files + self.folders == 0 {
            self.skipped(Skip::Refused(error));
        }
        Ok(())
    }
}

impl Walk {
    /// Takes the next step; `None` at the end.
    ///
    /// # Errors
    ///
    /// An [`SftpError`] that ends the connection. What the server refuses is a step.
    ///
    /// # Cancel safety
    ///
    /// A dropped call may lose a step.
    pub async fn next(&mut self) -> Result<Option<Step>, SftpError> {
        if let Some(root) = self.root.take() {
            return self.enter(root, Attributes::default()).await.map(Some);
        }
        let Some((folder, listing)) = self.open.last_mut() else {
            return Ok(None);
        };
        let entry = match listing.next().await {
            Ok(Some(entry)) => entry,
            Ok(None) if listing.is_cut() => {
                let path = folder.clone();
                // Once: the next call finds it ended.
                self.open.pop();
                return Ok(Some(Step::Skipped {
                    path,
                    why: Skip::TooMany,
                }));
            }
            Ok(None) => {
                let path = folder.clone();
                self.open.pop();
                return Ok(Some(Step::Leave { path }));
            }
            Err(error) if error.ends_connection() => return Err(error),
            Err(error) => {
                let path = folder.clone();
                self.open.pop();
                return Ok(Some(Step::Skipped {
                    path,
                    why: Skip::Refused(error),
                }));
            }
        };
        if !is_name(&entry.name) {
            let path = folder.clone();
            return Ok(Some(Step::Skipped {
                path,
                why: Skip::NoName,
            }));
        }
        let path = join(folder, &entry.name);
        if !entry.attributes.is_folder() {
            return Ok(Some(Step::File {
                path,
                attributes: entry.attributes,
            }));
        }
        self.enter(path, entry.attributes).await.map(Some)
    }

    async fn enter(&mut self, path: Bytes, attributes: Attributes) -> Result<Step, SftpError> {
        if self.open.len() >= MAX_DEPTH {
            return Ok(Step::Skipped {
                path,
                why: Skip::TooDeep,
            });
        }
        match self.sftp.listdir_iter(&path).await {
            Ok(listing) => {
                self.open.push((path.clone(), listing));
                Ok(Step::Enter { path, attributes })
            }
            Err(error) if error.ends_connection() => Err(error),
            Err(error) => Ok(Step::Skipped {
                path,
                why: Skip::Refused(error),
            }),
        }
    }
}
