//! Somebody who makes tickets, good ones and bad ones.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm as Signature, EncodingKey};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};
use tempfile::TempDir;
use transom_relay::{Algorithm, Config, TicketConfig, TicketKey};

use crate::world::loopback;

pub(crate) const AUDIENCE: &str = "wss://relay.test";
pub(crate) const ISSUER: &str = "https://dashboard.test";

/// Making an RSA key takes a while, so all tests share the keys.
static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);

struct Keys {
    ed: KeyPair,
    es: KeyPair,
    rs: KeyPair,
    other_ed: KeyPair,
    secret: String,
}

impl Keys {
    fn new() -> Self {
        Self {
            ed: KeyPair::generate_for(&PKCS_ED25519).unwrap(),
            es: KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
            rs: KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap(),
            other_ed: KeyPair::generate_for(&PKCS_ED25519).unwrap(),
            secret: "0123456789abcdef0123456789abcdef".repeat(2),
        }
    }
}

/// Somebody who makes tickets, with the files that the relay reads.
pub(crate) struct Issuer {
    folder: TempDir,
}

impl Issuer {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
        for (name, key) in [("ed", &KEYS.ed), ("es", &KEYS.es), ("rs", &KEYS.rs)] {
            write(name, &key.public_key_pem()).unwrap();
            write(&format!("{name}.private"), &key.serialize_pem()).unwrap();
        }
        write("hs", &format!("{}\n", KEYS.secret)).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a relay needs to know to check the tickets. Each key is named as its file.
    pub(crate) fn tickets(&self) -> TicketConfig {
        let key = |name: &str, algorithm| TicketKey {
            file: self.path(name),
            algorithm,
            id: Some(name.to_owned()),
        };
        let mut config = bare();
        config.issuer = Some(ISSUER.to_owned());
        config.keys = vec![
            key("ed", Algorithm::EdDsa),
            key("es", Algorithm::Es256),
            key("rs", Algorithm::Rs256),
            key("hs", Algorithm::Hs256),
        ];
        config
    }

    /// A relay that asks for tickets, and may reach this machine.
    pub(crate) fn config(&self) -> Config {
        Config {
            tickets: Some(self.tickets()),
            ..loopback()
        }
    }
}

/// Tickets without keys.
pub(crate) fn bare() -> TicketConfig {
    TicketConfig::new(AUDIENCE)
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// Claims of a good ticket to `dst`. Each call names another.
pub(crate) fn claims(dst: &str) -> Value {
    use core::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let jti = format!("ticket-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    json!({"aud": AUDIENCE, "iss": ISSUER, "sub": "alice", "dst": dst, "jti": jti,
           "exp": now() + 60, "nbf": now()})
}

/// `claims` without `name`.
pub(crate) fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name).unwrap();
    claims
}

/// `claims` with `name` as `value`.
pub(crate) fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims
        .as_object_mut()
        .unwrap()
        .insert(name.to_owned(), value.into());
    claims
}

pub(crate) fn part(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Key and algorithm by the name of the file.
pub(crate) fn key(name: &str) -> (EncodingKey, Signature) {
    let pem = |pair: &KeyPair| pair.serialize_pem();
    match name {
        "ed" => (
            EncodingKey::from_ed_pem(pem(&KEYS.ed).as_bytes()).unwrap(),
            Signature::EdDSA,
        ),
        "other" => {
            let key = EncodingKey::from_ed_pem(pem(&KEYS.other_ed).as_bytes());
            (key.unwrap(), Signature::EdDSA)
        }
        "es" => (
            EncodingKey::from_ec_pem(pem(&KEYS.es).as_bytes()).unwrap(),
            Signature::ES256,
        ),
        "rs" => (
            EncodingKey::from_rsa_pem(pem(&KEYS.rs).as_bytes()).unwrap(),
            Signature::RS256,
        ),
        "hs" => (
            EncodingKey::from_secret(KEYS.secret.as_bytes()),
            Signature::HS256,
        ),
        _ => unreachable!("{name}"),
    }
}

/// Signs any header over any text.
pub(crate) fn signed(header: &Value, payload: &str, key: &EncodingKey, how: Signature) -> String {
    let message = format!("{}.{}", part(header.to_string()), part(payload));
    let signature = sign(message.as_bytes(), key, how).unwrap();
    format!("{message}.{signature}")
}

/// A ticket with good form, signed by the key of this name.
pub(crate) fn ticket(name: &str, claims: &Value) -> String {
    let (key, how) = key(name);
    let header = json!({"alg": how, "typ": "JWT", "kid": name});
    signed(&header, &claims.to_string(), &key, how)
}

/// The public key of this name, as PEM and as raw bytes.
pub(crate) fn public(name: &str) -> (String, Vec<u8>) {
    let pair = match name {
        "ed" => &KEYS.ed,
        "es" => &KEYS.es,
        "rs" => &KEYS.rs,
        _ => &KEYS.other_ed,
    };
    (pair.public_key_pem(), pair.public_key_raw().to_vec())
}

/// A set of public keys, and with them some that no ticket is signed with.
pub(crate) fn key_set() -> Value {
    let jwk = |name: &str| {
        let (key, how) = key(name);
        let jwk = serde_json::to_value(Jwk::from_encoding_key(&key, how).unwrap()).unwrap();
        with(with(jwk, "kid", name), "use", "sig")
    };
    let ed = json!({"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": part(public("ed").1)});
    json!({"keys": [
        {"kty": "future", "kid": "strange"},
        {"kty": "OKP", "crv": "X25519", "kid": "other", "x": part([7; 32])},
        ed, jwk("es"), jwk("rs"), jwk("hs"),
    ]})
}
