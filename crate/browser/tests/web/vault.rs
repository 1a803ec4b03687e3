//! Known hosts in a real IndexedDB.

use transom_browser::vault::{KnownHost, Vault};
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
