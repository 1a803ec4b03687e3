//! Keys of the person: taking in key files, and putting public halves on servers.

mod append;
mod backup;
mod export;
mod import;
mod prove;
mod secrets;

use std::rc::Rc;

use transom_browser::unix_millis;
use transom_browser::vault::{DEFAULT_NAME, KeyRecord, StoredKey, Vault, VaultKey};
use transom_protocol::{Event, FilesErrorCode, InstallProblem, KeyInstall, KeysCommand, KeysEvent};
use transom_ssh::display_safe;
use wasm_bindgen::JsValue;

use crate::engine::Engine;
use crate::files::Files;
use crate::page::PageId;
use append::append;
pub(crate) use prove::SessionFacts;
use prove::{Verdict, prove};

/// Does as a page commands, and tells that page.
///
/// - `object`: a handle of the browser, where the command takes one.
pub(crate) fn command(
    engine: &Rc<Engine>,
    page: PageId,
    command: KeysCommand,
    object: Option<JsValue>,
) {
    let engine = Rc::clone(engine);
    // It ends by itself: each wait in it has a deadline.
    wasm_bindgen_futures::spawn_local(async move {
        match command {
            KeysCommand::Import {
                name,
                text,
                passphrase,
                exportable,
            } => {
                let place = import::Place {
                    vault_key: object.map(VaultKey::from_js),
                    exportable,
                };
                let outcome = import::import(&name, &text, passphrase.as_ref(), &place).await;
                let event = KeysEvent::Import { outcome };
                engine.tell(page, &Event::Keys { event }, None);
            }
            KeysCommand::Export {
                text,
                name,
                passphrase,
            } => {
                let text = export::export(&text, &name, &passphrase);
                let event = KeysEvent::Export { text };
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
            KeysCommand::Backup { command } => {
                let outcome = backup::perform(command);
                let event = KeysEvent::Backup { outcome };
                engine.tell(page, &Event::Keys { event }, None);
            }
            KeysCommand::Vault { command } => {
                secrets::answer(&engine, page, command, object).await;
            }
        }
    });
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
