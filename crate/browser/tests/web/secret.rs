//! Secrets under the vault key.

use transom_browser::monotonic;
use transom_browser::vault::{PasskeySecret, Store, Vault, VaultError, VaultKey, VaultPasskey};
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

/// What an authenticator would have made.
async fn made(byte: u8) -> PasskeySecret {
    let bytes = js_sys::Uint8Array::from([byte; 32].as_slice());
    let secret = PasskeySecret::take(&bytes).await.unwrap();
    assert_eq!(bytes.to_vec(), [0; 32], "the secret is wiped");
    secret
}

#[wasm_bindgen_test]
async fn a_passkey_opens_the_vault_beside_the_passphrase_and_no_later_one() {
    let vault = Vault::open("secret-passkey").await.unwrap();
    let key = vault.create_key("correct horse").await.unwrap();
    vault
        .put_secret(&key, "password:a", b"hunter2")
        .await
        .unwrap();
    let (secret, other) = (made(7).await, made(8).await);
    let passkey = VaultPasskey::new(vec![1, 2], vec!["usb".to_owned()]);
    let refused = vault.add_passkey("correct horsf", passkey.clone(), &secret);
    assert!(matches!(refused.await, Err(VaultError::WrongPassphrase)));
    assert!(vault.passkeys().await.unwrap().is_empty());
    let added = vault.add_passkey("correct horse", passkey.clone(), &secret);
    added.await.unwrap();
    assert_eq!(vault.passkeys().await.unwrap(), [passkey]);
    // It is no secret of the person.
    assert_eq!(
        vault.secrets().await.unwrap(),
        (true, vec!["password:a".to_owned()])
    );
    let opened = vault.open_key_with(&[1, 2], &secret).await.unwrap();
    assert!(!extractable(&opened));
    let read = vault.secret(&opened, "password:a").await.unwrap();
    assert_eq!(read.as_deref(), Some(b"hunter2".as_slice()));
    for (credential, secret) in [(vec![1, 2], &other), (vec![3], &secret)] {
        assert!(matches!(
            vault.open_key_with(&credential, secret).await,
            Err(VaultError::WrongPasskey)
        ));
    }
    let gone = vault.remove_record(Store::Secrets, "vault-key");
    gone.await.unwrap();
    assert!(matches!(
        vault.open_key_with(&[1, 2], &secret).await,
        Err(VaultError::Missing)
    ));
    vault.create_key("battery staple").await.unwrap();
    assert!(vault.passkeys().await.unwrap().is_empty());
}

fn extractable(key: &VaultKey) -> bool {
    js_sys::Reflect::get(key.as_js(), &"extractable".into()).unwrap() != false
}
