//! Backups: what goes in, what comes out, and the worker that encrypts and opens them.

use std::cell::RefCell;
use std::rc::Rc;

use transom_browser::JsFailure;
use transom_browser::vault::{DEFAULT_NAME, KeyHolder, Store, Vault, VaultKey};
use transom_protocol::{
    BackupCommand, BackupOutcome, Command, Event, KeysCommand, KeysEvent, SavedHost, Secret,
};
use yew::Callback;

use crate::service::link::Link;
use crate::state::backup::{BackedKey, Content, Summary};
use crate::state::settings::Settings;
use crate::state::snippets::Snippet;

/// A backup that is encrypted or opened. Dropping it ends its worker.
pub(crate) struct Work(#[expect(dead_code, reason = "keeps the worker")] Link);

/// Where a component keeps it.
pub(crate) type Slot = Rc<RefCell<Option<Work>>>;

impl Work {
    /// Starts it; `None` where the browser has no workers.
    ///
    /// - `on_outcome`: hears what came of it; `None` when the worker failed.
    pub(crate) fn start(
        command: BackupCommand,
        on_outcome: Callback<Option<BackupOutcome>>,
    ) -> Option<Self> {
        let outcome = |event| match event {
            Event::Keys {
                event: KeysEvent::Backup { outcome },
            } => Some(outcome),
            _ => None,
        };
        let link = Link::for_answers(outcome, on_outcome)?;
        let command = KeysCommand::Backup { command };
        link.send(&Command::Keys { command }, None);
        Some(Self(link))
    }
}

/// Whether there are keys that can be in a backup: these need the vault.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn needs_vault() -> Result<bool, JsFailure> {
    let keys = Vault::open(DEFAULT_NAME).await?.keys().await?;
    let sealed = |holder: &KeyHolder| matches!(holder, KeyHolder::Vault);
    Ok(keys.iter().any(|key| sealed(&key.private)))
}

/// Gathers what goes into a backup.
///
/// - `key`: of the vault, if it is open; without it no key is in the backup.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn gather(
    key: Option<VaultKey>,
    settings: &Settings,
) -> Result<(Secret, Summary), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    let mut content = Content {
        hosts: vault.records(Store::Hosts).await?,
        known_hosts: vault.known_hosts().await?,
        snippets: vault.records(Store::Snippets).await?,
        settings: settings.to_json(),
        ..Content::default()
    };
    let mut left = Vec::new();
    for stored in vault.keys().await? {
        let record = stored.record;
        let text = match (&stored.private, &key) {
            (KeyHolder::Vault, Some(key)) => vault.sealed_key(key, &record.fingerprint).await?,
            _ => None,
        };
        match text.and_then(|text| String::from_utf8(text).ok()) {
            Some(text) => content.keys.push(BackedKey {
                record,
                text: Secret::new(text),
            }),
            None => left.push(record.name),
        }
    }
    Ok((content.to_text(), content.summary(left)))
}

/// Keeps what a backup holds. Hosts and snippets take the place of those with the same id; keys and
/// known hosts that are there already stay as they are.
///
/// - `key`: of the vault, which is open if there are keys.
///
/// # Errors
///
/// [`JsFailure`] when something could not be kept; what came before it is.
pub(crate) async fn restore(content: &Content, key: Option<&VaultKey>) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    let fits = |host: &&SavedHost| !host.id.is_empty() && host.target().is_ok();
    for host in content.hosts.iter().filter(fits) {
        vault.put_record(Store::Hosts, host).await?;
    }
    let named = |snippet: &&Snippet| !snippet.id.is_empty();
    for snippet in content.snippets.iter().filter(named) {
        vault.put_record(Store::Snippets, snippet).await?;
    }
    let known = vault.known_hosts().await?;
    let fresh = content.known_hosts.iter();
    let fresh = fresh.filter(|host| known.iter().all(|known| known.line != host.line));
    let fresh: Vec<_> = fresh.cloned().collect();
    vault.replace_known_hosts(&[], &fresh).await?;
    let present = vault.keys().await?;
    for BackedKey { record, text } in &content.keys {
        let mut present = present.iter().map(|key| &key.record.fingerprint);
        let there = present.any(|fingerprint| *fingerprint == record.fingerprint);
        if let Some(key) = key.filter(|_| !there) {
            vault
                .put_sealed_key(key, record.clone(), text.expose())
                .await?;
        }
    }
    Ok(())
}
