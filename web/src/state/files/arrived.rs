//! What uploads have brought to a folder since it was read.

use std::collections::BTreeSet;

use transom_protocol::{Direction, RemotePath, Transfer, TransferState};

use crate::state::transfer_list::is_whole;

/// Tells by its value when a folder should be read again: once it counts more than before. `None` while
/// files go up right into it, so that many are seen at once. A folder in it counts with its first file.
pub(crate) fn arrived(folder: &RemotePath, transfers: &[Transfer]) -> Option<usize> {
    let (mut files, mut folders) = (0, BTreeSet::new());
    for transfer in transfers.iter().filter(|transfer| is_upload(transfer)) {
        let done = is_whole(transfer);
        match below(folder, &transfer.path) {
            Some((name, true)) if done => {
                folders.insert(name);
            }
            Some((_, false)) if done => files += 1,
            Some((_, false)) if is_under_way(&transfer.state) => return None,
            _ => (),
        }
    }
    Some(files + folders.len())
}

fn is_upload(transfer: &Transfer) -> bool {
    transfer.direction == Direction::Upload
}

fn is_under_way(state: &TransferState) -> bool {
    matches!(
        state,
        TransferState::Queued | TransferState::Verifying | TransferState::Moving
    )
}

/// The name in `folder` that leads to `path`, and whether more follows.
fn below<'a>(folder: &RemotePath, path: &'a RemotePath) -> Option<(&'a [u8], bool)> {
    let folder = folder.bytes();
    // Before the first listing no folder is known.
    if folder.is_empty() {
        return None;
    }
    let folder = folder.strip_suffix(b"/").unwrap_or(folder);
    let inner = path.bytes().strip_prefix(folder)?.strip_prefix(b"/")?;
    let mut parts = inner.splitn(2, |byte| *byte == b'/');
    Some((parts.next()?, parts.next().is_some()))
}

#[cfg(test)]
mod tests {
    use transom_protocol::TransferId;

    use super::*;

    fn upload(path: &str, state: TransferState) -> Transfer {
        Transfer {
            id: TransferId(path.to_owned()),
            direction: Direction::Upload,
            path: RemotePath::from(path),
            local_name: "x".to_owned(),
            picked: false,
            streamed: false,
            files_done: 0,
            files_total: 0,
            state,
            done: 0,
            total: 10,
            rate: 0.0,
        }
    }

    #[test]
    fn a_folder_that_was_dropped_is_seen_with_its_first_file_and_files_together() {
        let done = || TransferState::Done { notes: Vec::new() };
        let mut all = vec![
            upload("/srv/tree/a", done()),
            upload("/srv/tree/deep/b", done()),
            upload("/srv/tree/c", TransferState::Moving),
            upload("/srv/file", done()),
            upload("/elsewhere/file", TransferState::Moving),
        ];
        let srv = RemotePath::from("/srv");
        assert_eq!(arrived(&srv, &all), Some(2));
        all.push(upload("/srv/second", TransferState::Queued));
        assert_eq!(arrived(&srv, &all), None);
        for transfer in &mut all {
            transfer.direction = Direction::Download;
        }
        assert_eq!(arrived(&srv, &all), Some(0));
    }

    #[test]
    fn the_way_to_a_file_begins_with_a_name_in_the_folder() {
        let way = |folder: &str, path: &str| {
            let (folder, path) = (RemotePath::from(folder), RemotePath::from(path));
            below(&folder, &path).map(|(name, more)| (name.to_vec(), more))
        };
        assert_eq!(way("/srv", "/srv/a"), Some((b"a".to_vec(), false)));
        assert_eq!(way("/", "/a/b/c"), Some((b"a".to_vec(), true)));
        assert_eq!(way("/srv", "/srv2/a"), None);
        assert_eq!(way("/srv/deep", "/srv/a"), None);
        assert_eq!(way("", "/srv/a"), None);
    }
}
