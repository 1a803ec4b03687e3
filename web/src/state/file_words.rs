//! Sizes, times, permissions and transfers in words.

use transom_protocol::{
    EntryKind, FileEntry, FilesErrorCode, FilesFailure, Transfer, TransferState,
};

use crate::state::message::files as words;
use crate::state::number;

/// A size for people, in steps of 1000.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let (mut tenths, mut unit) = (bytes / 100, 0_usize);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if tenths >= 100 {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{} {name}", number::with_tenth(tenths))
    }
}

/// The same of a count that JavaScript gave.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest whole number that there is"
)]
pub(crate) fn size_of(bytes: f64) -> String {
    size(bytes as u64)
}

/// Permission bits as `ls` shows them: `drwxr-x---`.
pub(crate) fn mode(entry: &FileEntry) -> String {
    let kind = match entry.kind {
        EntryKind::Folder => 'd',
        EntryKind::Link => 'l',
        EntryKind::Special => 's',
        EntryKind::File | EntryKind::Unknown => '-',
    };
    let Some(mode) = entry.mode else {
        return String::new();
    };
    let mut text = String::from(kind);
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 == 0 { '-' } else { 'r' });
        text.push(if bits & 2 == 0 { '-' } else { 'w' });
        text.push(match (bits & 1 != 0, mode & special != 0) {
            (true, true) => letter,
            (false, true) => letter.to_ascii_uppercase(),
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    text
}

/// User and group, by name where it is known.
pub(crate) fn owner(entry: &FileEntry) -> String {
    let part = |name: &str, number: Option<u32>| {
        if name.is_empty() {
            number.map(|number| number.to_string()).unwrap_or_default()
        } else {
            name.to_owned()
        }
    };
    let user = part(&entry.user_name, entry.user);
    let group = part(&entry.group_name, entry.group);
    if user == group || group.is_empty() {
        user
    } else {
        format!("{user}:{group}")
    }
}

/// A time that is left: `0:21`, `1:02:03`.
pub(crate) fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// Where a transfer stands.
pub(crate) fn transfer(transfer: &Transfer) -> String {
    match &transfer.state {
        TransferState::Queued => words::QUEUED.say().to_owned(),
        TransferState::Verifying => words::COMPARING.say().to_owned(),
        TransferState::Moving if transfer.files_total > 0 => words::FILES_DONE.with(&[
            ("done", &number::whole(transfer.files_done)),
            (
                "files",
                &words::COUNT_FILES.counted(transfer.files_total, &[]),
            ),
            (
                "progress",
                &progress(transfer.done, transfer.total, rate(transfer)),
            ),
        ]),
        TransferState::Moving => progress(transfer.done, transfer.total, rate(transfer)),
        TransferState::Paused => words::PAUSED.with(&[
            ("some", &size(transfer.done)),
            ("all", &size(transfer.total)),
        ]),
        TransferState::NeedsFile => words::CHOOSE_AGAIN.say().to_owned(),
        TransferState::Done { notes } if notes.is_empty() => {
            words::DONE.with(&[("size", &size(transfer.total))])
        }
        TransferState::Done { notes } => words::DONE_NOTES.with(&[
            ("size", &size(transfer.total)),
            ("notes", &notes.join(". ")),
        ]),
        TransferState::Skipped => words::SKIPPED.say().to_owned(),
        TransferState::Failed { failure } if transfer.streamed => {
            words::FAILED_STREAM.with(&[("why", stream_failure(failure))])
        }
        TransferState::Failed { failure } => failure.detail.clone(),
    }
}

/// Why the browser got no whole download.
fn stream_failure(failure: &FilesFailure) -> &str {
    match failure.code {
        FilesErrorCode::LocalStopped => words::STREAM_STOPPED.say(),
        FilesErrorCode::LocalGone => words::STREAM_GONE.say(),
        _ => &failure.detail,
    }
}

/// Bytes in a second, as whole ones.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest whole number that there is"
)]
pub(crate) fn rate(transfer: &Transfer) -> u64 {
    transfer.rate as u64
}

/// How far something is, how fast, and how long it still takes.
pub(crate) fn progress(done: u64, total: u64, rate: u64) -> String {
    let (some, all) = (size(done), size(total));
    match total.saturating_sub(done).checked_div(rate) {
        Some(seconds) => words::PROGRESS_RATE.with(&[
            ("some", &some),
            ("all", &all),
            ("rate", &size(rate)),
            ("time", &clock(seconds)),
        ]),
        None => words::PROGRESS.with(&[("some", &some), ("all", &all)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1000, 1234, 99_949, 1_000_000, u64::MAX].map(size);
        let words = [
            "0 B", "999 B", "1.0 kB", "1.2 kB", "99 kB", "1.0 MB", "18 EB",
        ];
        assert_eq!(sizes, words);
    }

    #[test]
    fn time_left_is_a_clock() {
        assert_eq!(clock(21), "0:21");
        assert_eq!(clock(3723), "1:02:03");
        assert_eq!(progress(50, 100, 0), "50 B of 100 B");
        assert_eq!(progress(50, 100, 10), "50 B of 100 B · 10 B/s · 0:05 left");
    }
}
