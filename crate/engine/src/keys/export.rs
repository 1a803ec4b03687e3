//! Writing keys as encrypted files.

use transom_keys::{KEY_FILE_CHANCE_BYTES, PrivateKey};
use transom_protocol::Secret;

/// Writes a key in OpenSSH's format, encrypted. It takes some tenths of a second of this thread.
pub(super) fn export(text: &Secret, name: &str, passphrase: &Secret) -> Option<String> {
    let key = PrivateKey::parse(text.expose().as_bytes(), None).ok()?;
    let mut chance = [0; KEY_FILE_CHANCE_BYTES];
    getrandom::fill(&mut chance).ok()?;
    let file = key.to_encrypted_openssh(passphrase.expose(), name, &chance);
    // It is encrypted, so no longer a secret.
    Some(file.ok()?.to_string())
}
