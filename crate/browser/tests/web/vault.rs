//! Known hosts in a real IndexedDB.

use core::task::{Context, Waker};

use idb::{DatabaseEvent, Factory};
use serde::{Deserialize, Serialize};
use transom_browser::vault::{KnownHost, Store, Vault};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;

fn host(line: &str, first_seen_ms: f64) -> KnownHost {
    KnownHost {
        line: line.to_owned(),
        first_seen_ms,
        last_seen_ms: first_seen_ms,
    }
}

#[wasm_bindgen_test]
async fn what_is_stored_is_there_when_the_database_is_opened_again() {
    let name = "vault-reopened";
    let stored = host("web-1 ssh-ed25519 AAAA", 1_795_392_000_000.0);
    let vault = Vault::open(name).await.unwrap();
    vault
        .replace_known_hosts(&[], std::slice::from_ref(&stored))
        .await
        .unwrap();
    drop(vault);
    let vault = Vault::open(name).await.unwrap();
    assert_eq!(vault.known_hosts().await.unwrap(), [stored]);
}

#[wasm_bindgen_test]
async fn a_key_takes_the_place_of_another() {
    let vault = Vault::open("vault-replaced").await.unwrap();
    let old = host("web-1 ssh-ed25519 OLD", 1.0);
    let other = host("web-2 ssh-ed25519 OTHER", 2.0);
    let new = host("web-1 ssh-ed25519 NEW", 3.0);
    vault
        .replace_known_hosts(&[], &[old.clone(), other.clone()])
        .await
        .unwrap();
    vault
        .replace_known_hosts(&[old.line], std::slice::from_ref(&new))
        .await
        .unwrap();
    assert_eq!(vault.known_hosts().await.unwrap(), [new, other]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    id: String,
    text: String,
}

fn note(id: &str, text: &str) -> Note {
    Note {
        id: id.to_owned(),
        text: text.to_owned(),
    }
}

#[wasm_bindgen_test]
async fn each_store_keeps_its_own_records() {
    let vault = Vault::open("vault-stores").await.unwrap();
    for store in Store::ALL {
        let (kept, gone) = (note("kept", &format!("{store:?}")), note("gone", ""));
        vault.put_record(store, &note("kept", "old")).await.unwrap();
        vault.put_record(store, &kept).await.unwrap();
        vault.put_record(store, &gone).await.unwrap();
        vault.remove_record(store, "gone").await.unwrap();
        vault.remove_record(store, "never there").await.unwrap();
    }
    for store in Store::ALL {
        let records: Vec<Note> = vault.records(store).await.unwrap();
        assert_eq!(records, [note("kept", &format!("{store:?}"))]);
    }
}

#[wasm_bindgen_test]
async fn an_open_database_makes_way_for_a_newer_version() {
    let name = "vault-makes-way";
    let _older = Vault::open(name).await.unwrap();
    let mut newer = Factory::new().unwrap().open(name, Some(1_000)).unwrap();
    newer.on_upgrade_needed(|event| assert!(event.database().is_ok()));
    assert_eq!(newer.await.unwrap().version(), Ok(1_000));
}

#[wasm_bindgen_test]
async fn a_database_of_the_first_version_keeps_its_known_hosts() {
    let name = "vault-of-old";
    let mut first = Factory::new().unwrap().open(name, Some(1)).unwrap();
    first.on_upgrade_needed(|event| {
        let mut params = idb::ObjectStoreParams::new();
        params.key_path(Some(idb::KeyPath::new_single("line")));
        let database = event.database().unwrap();
        database.create_object_store("known-hosts", params).unwrap();
    });
    let database = first.await.unwrap();
    let stored = host("web-1 ssh-ed25519 AAAA", 1.0);
    let transaction = database
        .transaction(&["known-hosts"], idb::TransactionMode::ReadWrite)
        .unwrap();
    let record = serde_wasm_bindgen::to_value(&stored).unwrap();
    let store = transaction.object_store("known-hosts").unwrap();
    store.put(&record, None).unwrap().await.unwrap();
    transaction.commit().unwrap().await.unwrap();
    database.close();
    let vault = Vault::open(name).await.unwrap();
    assert_eq!(vault.known_hosts().await.unwrap(), [stored]);
    let none: Vec<Note> = vault.records(Store::Hosts).await.unwrap();
    assert_eq!(none, []);
}

/// Begins a call, lets the browser go on until its request is under way, and drops it.
async fn begin_and_drop<T>(call: impl Future<Output = T>) {
    let mut call = Box::pin(call);
    let mut context = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut context).is_pending());
    // A turn of the microtasks: the request is made, and its event has not come.
    let turn = js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL);
    wasm_bindgen_futures::JsFuture::from(turn).await.unwrap();
    assert!(call.as_mut().poll(&mut context).is_pending());
}

#[wasm_bindgen_test]
async fn a_call_that_is_dropped_runs_to_its_end_and_harms_nobody() {
    let name = "vault-dropped";
    begin_and_drop(Vault::open(name)).await;
    let vault = Vault::open(name).await.unwrap();
    let stored = host("web-1 ssh-ed25519 AAAA", 1.0);
    begin_and_drop(vault.replace_known_hosts(&[], std::slice::from_ref(&stored))).await;
    begin_and_drop(vault.known_hosts()).await;
    begin_and_drop(vault.put_record(Store::Hosts, &note("a", "b"))).await;
    begin_and_drop(vault.raw_records(Store::Hosts)).await;
    // It is answered after all of them.
    assert_eq!(vault.known_hosts().await.unwrap(), [stored]);
    let notes: Vec<Note> = vault.records(Store::Hosts).await.unwrap();
    assert_eq!(notes, [note("a", "b")]);
    assert_eq!(uncaught(), 0, "a listener was called that is gone");
}

#[wasm_bindgen(
    inline_js = "let count = 0; addEventListener('error', () => count++); \
    export function uncaught() { return count; }"
)]
extern "C" {
    /// Exceptions that nobody caught, as a call of a closure that is gone is one.
    fn uncaught() -> u32;
}
