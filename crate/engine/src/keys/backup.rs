//! Backups: encrypted and opened here, in a worker that ends with the answer, so that the derivation of
//! the key never holds up the page.

use transom_keys::{BACKUP_CHANCE_BYTES, BackupError, PassphraseCost, open_backup, seal_backup};
use transom_protocol::{BackupCommand, BackupOutcome, Secret};

/// Does as a page commands. It takes some tenths of a second of this thread.
pub(super) fn perform(command: BackupCommand) -> BackupOutcome {
    let done = match command {
        BackupCommand::Seal {
            content,
            passphrase,
        } => seal(&content, &passphrase),
        BackupCommand::Open { text, passphrase } => open(&text, &passphrase),
    };
    done.unwrap_or_else(told)
}

fn seal(content: &Secret, passphrase: &Secret) -> Result<BackupOutcome, BackupError> {
    let mut chance = [0; BACKUP_CHANCE_BYTES];
    getrandom::fill(&mut chance).map_err(|_| BackupError::Derivation)?;
    let (content, passphrase) = (content.expose().as_bytes(), passphrase.expose());
    let text = seal_backup(content, passphrase, PassphraseCost::USUAL, &chance)?;
    Ok(BackupOutcome::Sealed { text })
}

fn open(text: &str, passphrase: &Secret) -> Result<BackupOutcome, BackupError> {
    let content = open_backup(text, passphrase.expose())?;
    // Whoever sealed it had the passphrase, and sealed no text.
    let content = core::str::from_utf8(&content).map_err(|_| BackupError::Damaged)?;
    let content = Secret::new(content);
    Ok(BackupOutcome::Opened { content })
}

fn told(error: BackupError) -> BackupOutcome {
    match error {
        BackupError::NotABackup => BackupOutcome::NotABackup,
        BackupError::Damaged => BackupOutcome::Damaged,
        BackupError::TooNew => BackupOutcome::TooNew,
        BackupError::TooCheap => BackupOutcome::TooCheap,
        BackupError::TooDear => BackupOutcome::TooDear,
        BackupError::WrongPassphrase => BackupOutcome::WrongPassphrase,
        BackupError::TooLarge => BackupOutcome::TooLarge,
        _ => BackupOutcome::Failed,
    }
}
