//! Asks that change something: names, attributes, copies.

use transom_protocol::{FilesAsk, FilesErrorCode, FilesFailure, RemotePath};
use transom_sftp::{Attributes, Feature, Sftp, SftpError, Status, TreeCount};

use super::super::words;
use super::refused;

/// Asks that change something and have nothing to tell.
pub(super) async fn change(sftp: &Sftp, change: FilesAsk) -> Result<(), FilesFailure> {
    match change {
        FilesAsk::MakeFolder { path } => {
            let made = sftp.mkdir(path.bytes()).await;
            explain_taken(sftp, &path, made).await
        }
        FilesAsk::Rename { from, to, replace } => rename(sftp, &from, &to, replace).await,
        FilesAsk::MakeLink { target, link } => {
            let made = sftp.symlink(target.bytes(), link.bytes()).await;
            explain_taken(sftp, &link, made).await
        }
        FilesAsk::SetAttributes {
            path,
            mode,
            owner,
            modified,
        } => {
            let mut accessed = None;
            if modified.is_some() {
                // The two times are set together only.
                let now = sftp.stat(path.bytes()).await.map_err(refused)?;
                accessed = now.times.map(|(accessed, _)| accessed);
            }
            let attributes = Attributes {
                permissions: mode.map(|mode| mode & 0o7777),
                owner,
                times: modified.map(|modified| (accessed.unwrap_or(modified), modified)),
                ..Attributes::default()
            };
            sftp.set_attributes(path.bytes(), attributes)
                .await
                .map_err(refused)
        }
        FilesAsk::Copy { from, to } => copy(sftp, &from, &to).await,
        // Every other ask is answered elsewhere.
        _ => Ok(()),
    }
}

/// SFTP has no status for a name that is taken.
async fn explain_taken(
    sftp: &Sftp,
    path: &RemotePath,
    done: Result<(), SftpError>,
) -> Result<(), FilesFailure> {
    match done {
        Err(error) if error.status() == Some(Status::Failure) => {
            if sftp.exists(path.bytes()).await.unwrap_or(false) {
                let detail = format!("{} exists already", path.shown());
                return Err(words::failure(FilesErrorCode::Exists, detail));
            }
            Err(refused(error))
        }
        done => done.map_err(refused),
    }
}

async fn rename(
    sftp: &Sftp,
    from: &RemotePath,
    to: &RemotePath,
    replace: bool,
) -> Result<(), FilesFailure> {
    if !replace {
        let renamed = sftp.rename(from.bytes(), to.bytes()).await;
        return explain_taken(sftp, to, renamed).await;
    }
    if sftp.offer().has(Feature::PosixRename) {
        return sftp
            .posix_rename(from.bytes(), to.bytes())
            .await
            .map_err(refused);
    }
    match sftp.remove(to.bytes()).await {
        Err(error) if error.status() != Some(Status::NoSuchFile) => return Err(refused(error)),
        _ => (),
    }
    sftp.rename(from.bytes(), to.bytes()).await.map_err(refused)
}

/// Copies a file, or a folder with all in it, on the server, or through here where the server cannot.
async fn copy(sftp: &Sftp, from: &RemotePath, to: &RemotePath) -> Result<(), FilesFailure> {
    let mut count = TreeCount::default();
    let copied = sftp
        .copy_tree(from.bytes(), to.bytes(), &mut count, |_| ())
        .await;
    explain_taken(sftp, to, copied).await?;
    match count.failures.first() {
        None => Ok(()),
        Some(first) => Err(words::skip_failure(first)),
    }
}
