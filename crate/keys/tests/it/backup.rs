//! Backups: what is sealed is opened again, and each way to fail is told apart.

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use transom_keys::{
    BACKUP_CHANCE_BYTES, BackupError, MAX_BACKUP_BYTES, PassphraseCost, open_backup, seal_backup,
};

const CHANCE: [u8; BACKUP_CHANCE_BYTES] = [9; BACKUP_CHANCE_BYTES];

/// The least that is allowed, so that tests are short.
fn cheap() -> PassphraseCost {
    PassphraseCost::stored(19 * 1024, 2).unwrap()
}

fn sealed(content: &[u8]) -> String {
    seal_backup(content, "correct horse", cheap(), &CHANCE).unwrap()
}

fn opened(text: &str) -> Result<Vec<u8>, BackupError> {
    open_backup(text, "correct horse").map(|content| content.to_vec())
}

/// The bytes between the marks, changed, with a sum that fits.
fn forged(text: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    use base64ct::{Base64, Encoding as _};
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let mut bytes = Base64::decode_vec(&body).unwrap();
    bytes.truncate(bytes.len() - 32);
    change(&mut bytes);
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    let body = Base64::encode_string(&bytes);
    format!("-----BEGIN TRANSOM BACKUP-----\n{body}\n-----END TRANSOM BACKUP-----\n")
}

#[test]
fn a_backup_survives_mail_and_other_line_ends() {
    let text = sealed(b"hosts and keys");
    assert!(text.lines().all(|line| line.len() <= 64), "{text}");
    let mailed = format!("Dear me,\r\n{}\r\nbye", text.replace('\n', "\r\n  "));
    assert_eq!(opened(&mailed), Ok(b"hosts and keys".to_vec()));
}

#[test]
fn a_backup_that_is_cut_short_anywhere_is_damaged() {
    let text = sealed(b"hosts and keys");
    for length in 0..text.trim_end().len() {
        let part = text.get(..length).unwrap();
        let error = opened(part).unwrap_err();
        let expected = if length < "-----BEGIN TRANSOM BACKUP-----".len() {
            BackupError::NotABackup
        } else {
            BackupError::Damaged
        };
        assert_eq!(error, expected, "cut at {length}");
    }
}

#[test]
fn each_way_to_fail_is_told_apart() {
    let text = sealed(b"hosts and keys");
    let wrong = open_backup(&text, "correct horsf");
    assert_eq!(wrong.err(), Some(BackupError::WrongPassphrase));
    assert_eq!(opened("Dear all,"), Err(BackupError::NotABackup));
    let memory =
        |kib: u32| move |bytes: &mut Vec<u8>| bytes[8..12].copy_from_slice(&kib.to_be_bytes());
    let passes =
        |count: u32| move |bytes: &mut Vec<u8>| bytes[12..16].copy_from_slice(&count.to_be_bytes());
    for (forged, error) in [
        (forged(&text, memory(8)), BackupError::TooCheap),
        (forged(&text, passes(1)), BackupError::TooCheap),
        (forged(&text, memory(u32::MAX)), BackupError::TooDear),
        (forged(&text, passes(u32::MAX)), BackupError::TooDear),
        // Bound to the content, although it is not secret.
        (forged(&text, passes(3)), BackupError::WrongPassphrase),
        (forged(&text, |bytes| bytes[7] = 2), BackupError::TooNew),
        (
            forged(&text, |bytes| bytes[0] = b'T'),
            BackupError::NotABackup,
        ),
        (
            forged(&text, |bytes| bytes.truncate(59)),
            BackupError::Damaged,
        ),
    ] {
        let started = std::time::Instant::now();
        assert_eq!(opened(&forged), Err(error));
        assert!(started.elapsed().as_secs() < 5, "{error}");
    }
    let large = vec![0; MAX_BACKUP_BYTES + 1];
    let refused = seal_backup(&large, "correct horse", cheap(), &CHANCE);
    assert_eq!(refused, Err(BackupError::TooLarge));
    let long = "x".repeat(8 * MAX_BACKUP_BYTES);
    assert_eq!(opened(&long), Err(BackupError::TooLarge));
    let full = sealed(&large[1..]);
    assert!(opened(&full.replace('\n', "\r\n")).is_ok());
}

#[test]
fn the_content_cannot_be_seen_in_the_file() {
    let text = sealed(&[b'a'; 3000]);
    let again = seal_backup(
        &[b'a'; 3000],
        "correct horse",
        cheap(),
        &[8; BACKUP_CHANCE_BYTES],
    );
    assert_ne!(Ok(&text), again.as_ref());
    assert!(!text.contains("YWFhYWFh"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_is_sealed_is_opened(content in prop::collection::vec(any::<u8>(), 0..2000), passphrase in ".{1,40}") {
        let text = seal_backup(&content, &passphrase, cheap(), &CHANCE).unwrap();
        let opened = open_backup(&text, &passphrase).map(|content| content.to_vec());
        prop_assert_eq!(opened, Ok(content));
    }

    #[test]
    fn one_changed_letter_is_seen(place in 31_usize..150, letter in "[A-Za-z0-9+/]") {
        let text = sealed(b"hosts and keys, and many more of them, to have some lines");
        let mut changed = text.clone();
        changed.replace_range(place..=place, &letter);
        let mended = changed.lines().collect::<String>() == text.lines().collect::<String>();
        prop_assert_eq!(opened(&changed).is_ok(), mended);
    }
}

proptest! {
    #[test]
    fn any_text_is_refused_without_a_trap(text in "(-----BEGIN TRANSOM BACKUP-----)?[A-Za-z0-9+/=\n]{0,400}(-----END TRANSOM BACKUP-----)?") {
        prop_assert!(opened(&text).is_err());
    }
}
