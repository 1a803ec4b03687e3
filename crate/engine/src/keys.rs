//! Keys of the person: taking in key files, and putting public halves on servers.

mod append;
mod prove;
mod secrets;

use std::rc::Rc;

use transom_browser::vault::{DEFAULT_NAME, KeyRecord, StoredKey, Vault};
use transom_browser::{HiddenKey, unix_millis};
use transom_keys::{KeyError, PrivateKey};
use transom_protocol::{
    Event, FilesErrorCode, InstallProblem, KeyImport, KeyInstall, KeysCommand, KeysEvent, Secret,
};
use transom_ssh::display_safe;

use crate::engine::Engine;
use crate::files::Files;
use crate::login::problem;
use crate::page::PageId;
use append::append;
pub(crate) use prove::SessionFacts;
use prove::{Verdict, prove};

/// Longest name of a key, in bytes.
const NAME_BYTES: usize = 128;

/// Does as a page commands, and tells that page.
pub(crate) fn command(engine: &Rc<Engine>, page: PageId, command: KeysCommand) {
    let engine = Rc::clone(engine);
    // It ends by itself: each wait in it has a deadline.
    wasm_bindgen_futures::spawn_local(async move {
        match command {
            KeysCommand::Import {
                name,
                text,
                passphrase,
            } => {
                let outcome = import(&name, &text, passphrase.as_ref()).await;
                let event = KeysEvent::Import { outcome };
                engine.tell(page, &Event::Keys { event }, None);
            }
            KeysCommand::Install { fingerprint } => {
                let tell = |state| {
                    let event = KeysEvent::Install { state };
                    engine.tell(page, &Event::Keys { event }, None);
                };
                let state = install(&engine, &fingerprint, tell).await;
                tell(state.unwrap_or_else(|failed| failed));
            }
            KeysCommand::Vault { command } => secrets::answer(&engine, page, command).await,
        }
    });
}

/// Reads a key file and keeps the key.
async fn import(name: &str, text: &Secret, passphrase: Option<&Secret>) -> KeyImport {
    let passphrase = passphrase.map(Secret::expose);
    let key = match PrivateKey::parse(text.expose().as_bytes(), passphrase) {
        Ok(key) => key,
        Err(KeyError::NeedsPassphrase) => return KeyImport::NeedsPassphrase { wrong: false },
        Err(KeyError::WrongPassphrase) => return KeyImport::NeedsPassphrase { wrong: true },
        Err(error) => {
            let problem = problem(error);
            return KeyImport::Refused { problem };
        }
    };
    match keep(name, &key).await {
        Ok(outcome) => outcome,
        Err(detail) => KeyImport::NotKept {
            kind: key.public_key().kind(),
            detail,
        },
    }
}

async fn keep(name: &str, key: &PrivateKey) -> Result<KeyImport, String> {
    let public = key.public_key();
    let words = |failure: transom_browser::JsFailure| failure.to_string();
    let vault = Vault::open(DEFAULT_NAME).await.map_err(words)?;
    let kept = vault.keys().await.map_err(words)?;
    let fingerprint = public.fingerprint();
    if kept
        .iter()
        .any(|kept| kept.record.fingerprint == fingerprint)
    {
        let again = true;
        return Ok(KeyImport::Kept { fingerprint, again });
    }
    let pkcs8 = key.to_pkcs8().map_err(|error| error.to_string())?;
    let private = HiddenKey::import(&pkcs8, &public).await.map_err(words)?;
    let comment = key.comment();
    let name = [name.trim(), comment.trim(), "imported"]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default();
    let record = KeyRecord::new(display_safe(name, NAME_BYTES), &public);
    let stored = StoredKey { record, private };
    vault.put_key(&stored).await.map_err(words)?;
    let again = false;
    Ok(KeyImport::Kept { fingerprint, again })
}

/// Puts the public half of a kept key on the server, and tries it.
///
/// # Cancel safety
///
/// A dropped call leaves the line, whole, or nothing.
async fn install(
    engine: &Rc<Engine>,
    fingerprint: &str,
    tell: impl Fn(KeyInstall),
) -> Result<KeyInstall, KeyInstall> {
    let none = || failed(InstallProblem::NotConnected, "");
    let session = engine.session_facts().ok_or_else(none)?;
    let key = kept(fingerprint).await;
    let key = key.ok_or_else(|| failed(InstallProblem::NoSuchKey, ""))?;
    let sftp = Files::sftp(engine).await.map_err(|failure| {
        let problem = match failure.code {
            FilesErrorCode::NoSftp => InstallProblem::NoFiles,
            _ => InstallProblem::NotConnected,
        };
        failed(problem, &failure.detail)
    })?;
    let line = authorized_line(&key.record);
    let appended = append(&sftp, &line).await;
    let already = appended.map_err(|(problem, detail)| failed(problem, &detail))?;
    tell(KeyInstall::Written { already });
    match prove(&session, &key).await {
        Ok(Verdict::Accepted { more_needed }) => {
            note_use(key, &session.target.known_hosts_name()).await;
            Ok(KeyInstall::Proven {
                already,
                more_needed,
            })
        }
        Ok(Verdict::Refused) => Err(failed(InstallProblem::NotAccepted, "")),
        Err(detail) => Err(failed(InstallProblem::NotTried, &detail)),
    }
}

/// Remembers that the key works there, so that it is offered first the next time.
async fn note_use(mut key: StoredKey, host: &str) {
    key.record.used(host, unix_millis());
    if let Ok(vault) = Vault::open(DEFAULT_NAME).await {
        // Only the order and a date on a screen are at stake.
        let _ = vault.put_key(&key).await;
    }
}

async fn kept(fingerprint: &str) -> Option<StoredKey> {
    let vault = Vault::open(DEFAULT_NAME).await.ok()?;
    let mut keys = vault.keys().await.ok()?.into_iter();
    keys.find(|key| key.record.fingerprint == fingerprint)
}

/// The line of `authorized_keys`. The name is a comment, and cannot begin another line.
fn authorized_line(record: &KeyRecord) -> String {
    let name = record.name.chars().filter(|letter| !letter.is_control());
    format!("{} {}", record.public, name.collect::<String>())
}

fn failed(problem: InstallProblem, detail: &str) -> KeyInstall {
    KeyInstall::Failed {
        problem,
        detail: display_safe(detail, 1024),
    }
}
