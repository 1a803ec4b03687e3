//! Secrets under the vault key.

use transom_browser::monotonic;
use transom_browser::vault::{Store, Vault, VaultError};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_secret_is_read_with_the_passphrase_only_and_outlives_its_change() {
    let vault = Vault::open("secret-round-trip").await.unwrap();
    let key = vault.create_key("correct horse").await.unwrap();
    vault
        .put_secret(&key, "password:a", b"hunter2")
        .await
        .unwrap();
    assert!(matches!(
        vault.create_key("another").await,
        Err(VaultError::Exists)
    ));
    assert!(matches!(
        vault.open_key("correct horsf").await,
        Err(VaultError::WrongPassphrase)
    ));
    let began = monotonic();
    let again = vault.open_key("correct horse").await.unwrap();
    let took = monotonic().saturating_sub(began).as_millis();
    wasm_bindgen_test::console_log!("opening took {took} ms");
    let read = vault.secret(&again, "password:a").await.unwrap();
    assert_eq!(read.as_deref(), Some(b"hunter2".as_slice()));
    let changed = vault
        .change_passphrase("correct horse", "battery staple")
        .await
        .unwrap();
    let read = vault.secret(&changed, "password:a").await.unwrap();
    assert_eq!(read.as_deref(), Some(b"hunter2".as_slice()));
    assert!(matches!(
        vault.open_key("correct horse").await,
        Err(VaultError::WrongPassphrase)
    ));
    assert_eq!(
        vault.secrets().await.unwrap(),
        (true, vec!["password:a".to_owned()])
    );
    vault.remove_secret("password:a").await.unwrap();
    assert!(vault.secret(&key, "password:a").await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_secret_under_another_name_does_not_open() {
    let vault = Vault::open("secret-swapped").await.unwrap();
    let key = vault.create_key("correct horse").await.unwrap();
    vault
        .put_secret(&key, "password:a", b"hunter2")
        .await
        .unwrap();
    let records = vault.raw_records(Store::Secrets).await.unwrap();
    for record in records {
        let id = js_sys::Reflect::get(&record, &"id".into()).unwrap();
        if id == "password:a" {
            js_sys::Reflect::set(&record, &"id".into(), &"password:b".into()).unwrap();
            vault.put_raw_record(Store::Secrets, &record).await.unwrap();
        }
    }
    assert!(vault.secret(&key, "password:b").await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_cost_below_the_floor_is_refused() {
    let vault = Vault::open("secret-floor").await.unwrap();
    vault.create_key("correct horse").await.unwrap();
    let records = vault.raw_records(Store::Secrets).await.unwrap();
    for record in records {
        js_sys::Reflect::set(&record, &"memory_kib".into(), &8.into()).unwrap();
        vault.put_raw_record(Store::Secrets, &record).await.unwrap();
    }
    assert!(matches!(
        vault.open_key("correct horse").await,
        Err(VaultError::Damaged(_))
    ));
}
