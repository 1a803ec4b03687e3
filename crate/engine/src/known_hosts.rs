//! Taking in lines of `known_hosts` files: read by the rules that host keys are judged by.

use std::collections::HashSet;
use std::rc::Rc;

use transom_browser::vault::{DEFAULT_NAME, KnownHost, Vault};
use transom_browser::{JsFailure, unix_millis};
use transom_keys::KnownHosts;
use transom_protocol::{Event, KnownHostsImport};

use crate::engine::Engine;
use crate::page::PageId;

/// Lines that are kept, at most: each log-in reads all of them.
const MAX_LINES: usize = 20_000;

/// Numbers of lines that are told.
const MAX_TOLD: usize = 100;

/// Keeps what the lines say, and tells the page.
pub(crate) fn import(engine: &Rc<Engine>, page: PageId, text: String) {
    let engine = Rc::clone(engine);
    wasm_bindgen_futures::spawn_local(async move {
        let outcome = keep(&text).await.unwrap_or_else(|failure| {
            let detail = failure.to_string();
            KnownHostsImport::NotKept { detail }
        });
        engine.tell(page, &Event::KnownHosts { outcome }, None);
    });
}

async fn keep(text: &str) -> Result<KnownHostsImport, JsFailure> {
    let given = KnownHosts::parse(text);
    let (told, unread) = given.told();
    let vault = Vault::open(DEFAULT_NAME).await?;
    let kept = vault.known_hosts().await?;
    if told.len() + kept.len() > MAX_LINES {
        return Ok(KnownHostsImport::TooMany);
    }
    let mut lines: HashSet<&str> = kept.iter().map(|host| host.line.as_str()).collect();
    let now = unix_millis();
    let fresh = told.iter().filter(|line| lines.insert(line));
    let added: Vec<KnownHost> = fresh
        .map(|line| KnownHost {
            line: (*line).to_owned(),
            first_seen_ms: now,
            last_seen_ms: 0.0,
        })
        .collect();
    vault.replace_known_hosts(&[], &added).await?;
    let unread = unread.iter().take(MAX_TOLD).copied();
    Ok(KnownHostsImport::Kept {
        added: count(added.len()),
        already: count(told.len() - added.len()),
        unread: unread.map(count).collect(),
    })
}

/// No text has more lines.
fn count(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}
