//! Paths by pattern: `log/*.txt`, as a shell expands them.

mod pattern;

use bytes::Bytes;
use futures::{StreamExt as _, stream};

use crate::client::{DirEntry, Sftp};
use crate::codec::FileKind;
use crate::error::SftpError;
use crate::path::{is_name, join};

pub use pattern::Pattern;

/// Paths that are looked at, and folders that are listed, at once.
const AT_ONCE: usize = 16;

/// Folders that one name of a pattern may match on the way to the next. With as many under way at
/// once as [`AT_ONCE`] allows, a server that lies holds no more than one long listing does.
const MAX_FOLDERS: usize = 65_536;

/// Paths that match so far. `cut` says that there are more.
#[derive(Default)]
struct Found {
    paths: Vec<Bytes>,
    cut: bool,
}

impl Found {
    fn push(&mut self, path: Bytes, most: usize) {
        if self.paths.len() < most {
            self.paths.push(path);
        } else {
            self.cut = true;
        }
    }
}

impl Sftp {
    /// Finds the paths that match a pattern, sorted, at most `most`. The flag tells that there are
    /// more.
    ///
    /// Each name between slashes is a [`Pattern`] and matches within one folder. A slash at the end
    /// asks for folders only. Links are followed, as a shell does. What is not there, and a folder
    /// that may not be listed, matches nothing.
    ///
    /// # Errors
    ///
    /// An [`SftpError`] that ends the connection.
    ///
    /// # Cancel safety
    ///
    /// Dropping it stops it.
    pub async fn glob(
        &self,
        pattern: impl AsRef<[u8]>,
        most: usize,
    ) -> Result<(Vec<Bytes>, bool), SftpError> {
        let pattern = pattern.as_ref();
        let folders_only = pattern.ends_with(b"/");
        let mut names = pattern
            .split(|byte| *byte == b'/')
            .filter(|name| !name.is_empty())
            .peekable();
        let root: &[u8] = if pattern.starts_with(b"/") { b"/" } else { b"" };
        let mut found = Found::default();
        if names.peek().is_some() || !root.is_empty() {
            found.paths.push(Bytes::copy_from_slice(root));
        }
        while let Some(name) = names.next() {
            let last = names.peek().is_none();
            let most = if last { most } else { MAX_FOLDERS };
            let enter = !last || folders_only;
            found = self
                .glob_in(found, &Pattern::new(name), enter, most)
                .await?;
        }
        found.paths.sort_unstable();
        Ok((found.paths, found.cut))
    }

    /// Finds what matches in each of the folders; only folders where `enter`.
    async fn glob_in(
        &self,
        folders: Found,
        pattern: &Pattern,
        enter: bool,
        most: usize,
    ) -> Result<Found, SftpError> {
        let mut found = Found {
            cut: folders.cut,
            ..Found::default()
        };
        let folders = stream::iter(folders.paths);
        let mut answers = folders
            .map(|folder| async move {
                match pattern.literal() {
                    Some(name) => self.glob_one(join(&folder, &name), enter).await,
                    None => self.glob_many(&folder, pattern, enter, most).await,
                }
            })
            .buffered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            let answer = answer?;
            found.cut |= answer.cut;
            for path in answer.paths {
                found.push(path, most);
            }
            if found.cut && found.paths.len() >= most {
                break;
            }
        }
        Ok(found)
    }

    /// Looks whether a path is there, and a folder where `enter`.
    async fn glob_one(&self, path: Bytes, enter: bool) -> Result<Found, SftpError> {
        let attributes = if enter {
            self.stat(&path).await
        } else {
            self.lstat(&path).await
        };
        match attributes {
            Ok(attributes) if !enter || attributes.is_folder() => Ok(Found {
                paths: vec![path],
                cut: false,
            }),
            Err(error) if error.ends_connection() => Err(error),
            Ok(_) | Err(_) => Ok(Found::default()),
        }
    }

    /// Lists one folder for what matches.
    async fn glob_many(
        &self,
        folder: &[u8],
        pattern: &Pattern,
        enter: bool,
        most: usize,
    ) -> Result<Found, SftpError> {
        match self.glob_listing(folder, pattern, enter, most).await {
            Err(error) if !error.ends_connection() => Ok(Found::default()),
            answer => answer,
        }
    }

    async fn glob_listing(
        &self,
        folder: &[u8],
        pattern: &Pattern,
        enter: bool,
        most: usize,
    ) -> Result<Found, SftpError> {
        let mut found = Found::default();
        let listed: &[u8] = if folder.is_empty() { b"." } else { folder };
        let mut listing = self.listdir_iter(listed).await?;
        while let Some(entry) = listing.next().await? {
            if !is_name(&entry.name) || !pattern.matches(&entry.name) {
                continue;
            }
            let path = join(folder, &entry.name);
            if enter && !self.leads_to_folder(&path, &entry).await? {
                continue;
            }
            found.push(path, most);
            if found.cut {
                return Ok(found);
            }
        }
        found.cut = listing.is_cut();
        Ok(found)
    }

    async fn leads_to_folder(&self, path: &Bytes, entry: &DirEntry) -> Result<bool, SftpError> {
        match entry.attributes.kind() {
            FileKind::Folder => Ok(true),
            FileKind::File | FileKind::Special => Ok(false),
            FileKind::Link | FileKind::Unknown => {
                let found = self.glob_one(path.clone(), true).await?;
                Ok(!found.paths.is_empty())
            }
        }
    }
}
