//! The browser's own cryptography, as far as keys of SSH need it (W3C Web Cryptography Level 2).
//!
//! Private keys are made so that nothing can read them, this program included: `exportKey`
//! rejects, and all that is ever stored is the browser's handle. Never ask for an extractable one
//! here.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use transom_keys::{PublicKey, SignatureAlgorithm};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::JsFailure;

#[wasm_bindgen]
extern "C" {
    type Crypto;

    // Missing outside a secure context.
    #[wasm_bindgen(method, getter)]
    fn subtle(this: &Crypto) -> Option<SubtleCrypto>;

    type SubtleCrypto;

    #[wasm_bindgen(method, catch, js_name = generateKey)]
    fn generate_key(
        this: &SubtleCrypto,
        algorithm: &JsValue,
        extractable: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = exportKey)]
    fn export_key(this: &SubtleCrypto, format: &str, key: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn sign(
        this: &SubtleCrypto,
        algorithm: &JsValue,
        key: &JsValue,
        message: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    type CryptoKeyPair;

    #[wasm_bindgen(method, getter, js_name = privateKey)]
    fn private_key(this: &CryptoKeyPair) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = publicKey)]
    fn public_key(this: &CryptoKeyPair) -> JsValue;
}

/// A kind of key that browsers make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519: short, fast, understood everywhere since 2014.
    Ed25519,
    /// ECDSA on P-256.
    EcdsaP256,
    /// ECDSA on P-384.
    EcdsaP384,
    /// RSA with 3072 bits, for servers that know nothing newer.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
}

/// `Algorithm` of WebCrypto, with the members that each kind needs.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Algorithm {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    named_curve: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modulus_length: Option<u32>,
}

/// RSA's public half as a JSON Web Key (RFC 7518 §6.3.1).
#[derive(Debug, Deserialize)]
struct RsaNumbers {
    n: String,
    e: String,
}

/// RSA in SSH's form. A key of WebCrypto is bound to one hash; SHA-512 is what every server with
/// OpenSSH 7.2 or later takes first.
const RSA: &str = "RSASSA-PKCS1-v1_5";
const RSA_HASH: &str = "SHA-512";
/// 65537, the exponent that everybody uses.
const RSA_EXPONENT: [u8; 3] = [1, 0, 1];

/// A private key that signs inside the browser and never leaves it.
#[derive(Clone, Debug)]
pub struct HiddenKey(JsValue);

impl HiddenKey {
    /// Makes a key. It cannot be exported, by nobody.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser does not know the kind, or the page is not secure.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves nothing behind.
    pub async fn generate(kind: KeyKind) -> Result<(Self, PublicKey), JsFailure> {
        let subtle = subtle()?;
        let algorithm = to_object(&kind.algorithm())?;
        if kind.is_rsa() {
            // Bytes, which serde would write as a list of numbers.
            let exponent = Uint8Array::from(RSA_EXPONENT.as_slice());
            Reflect::set(&algorithm, &"publicExponent".into(), &exponent)?;
        }
        let uses = Array::of2(&"sign".into(), &"verify".into());
        let pair = JsFuture::from(subtle.generate_key(&algorithm, false, &uses)?).await?;
        let pair: CryptoKeyPair = pair.unchecked_into();
        let public = exported(&subtle, kind, &pair.public_key()).await?;
        Ok((Self(pair.private_key()), public))
    }

    /// Signs `message`. The answer is the bare signature.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the key does not sign in this way, or the browser lost it.
    pub async fn sign(
        &self,
        way: SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, JsFailure> {
        let algorithm = match way {
            SignatureAlgorithm::Ed25519 => KeyKind::Ed25519.algorithm(),
            SignatureAlgorithm::EcdsaP256 => ecdsa("SHA-256"),
            SignatureAlgorithm::EcdsaP384 => ecdsa("SHA-384"),
            SignatureAlgorithm::RsaSha512 => KeyKind::Rsa3072.algorithm(),
            SignatureAlgorithm::RsaSha256 => {
                return Err(JsFailure::missing("RSA signatures with SHA-256"));
            }
        };
        let algorithm = to_object(&algorithm)?;
        let message = Uint8Array::from(message);
        let signed = subtle()?.sign(&algorithm, &self.0, &message)?;
        let signed = JsFuture::from(signed).await?;
        Ok(Uint8Array::new(&signed).to_vec())
    }

    pub(crate) fn from_js(key: JsValue) -> Self {
        Self(key)
    }

    pub(crate) fn as_js(&self) -> &JsValue {
        &self.0
    }
}

impl KeyKind {
    fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa3072 | Self::Rsa4096)
    }

    /// What makes a key of this kind.
    fn algorithm(self) -> Algorithm {
        let elliptic = |curve| Algorithm {
            name: "ECDSA",
            named_curve: Some(curve),
            ..Algorithm::default()
        };
        let rsa = |bits| Algorithm {
            name: RSA,
            hash: Some(RSA_HASH),
            modulus_length: Some(bits),
            ..Algorithm::default()
        };
        match self {
            Self::Ed25519 => Algorithm {
                name: "Ed25519",
                ..Algorithm::default()
            },
            Self::EcdsaP256 => elliptic("P-256"),
            Self::EcdsaP384 => elliptic("P-384"),
            Self::Rsa3072 => rsa(3072),
            Self::Rsa4096 => rsa(4096),
        }
    }
}

fn ecdsa(hash: &'static str) -> Algorithm {
    Algorithm {
        name: "ECDSA",
        hash: Some(hash),
        ..Algorithm::default()
    }
}

/// Reads the public half.
async fn exported(
    subtle: &SubtleCrypto,
    kind: KeyKind,
    key: &JsValue,
) -> Result<PublicKey, JsFailure> {
    let format = if kind.is_rsa() { "jwk" } else { "raw" };
    let value = JsFuture::from(subtle.export_key(format, key)?).await?;
    let public = match kind {
        KeyKind::Ed25519 => PublicKey::from_ed25519_point(&Uint8Array::new(&value).to_vec()),
        KeyKind::EcdsaP256 | KeyKind::EcdsaP384 => {
            PublicKey::from_ecdsa_point(&Uint8Array::new(&value).to_vec())
        }
        KeyKind::Rsa3072 | KeyKind::Rsa4096 => {
            let numbers: RsaNumbers = serde_wasm_bindgen::from_value(value)
                .map_err(|error| JsFailure::from(JsValue::from(error)))?;
            PublicKey::from_rsa_base64url(&numbers.e, &numbers.n)
        }
    };
    public.map_err(|_| JsFailure::missing("an encoding of the public key that SSH knows"))
}

fn to_object(algorithm: &Algorithm) -> Result<Object, JsFailure> {
    let object = algorithm
        .serialize(&Serializer::json_compatible())
        .map_err(|error| JsFailure::from(JsValue::from(error)))?;
    Ok(object.unchecked_into())
}

fn subtle() -> Result<SubtleCrypto, JsFailure> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    if crypto.is_undefined() {
        return Err(JsFailure::missing("crypto"));
    }
    let crypto: Crypto = crypto.unchecked_into();
    crypto
        .subtle()
        .ok_or_else(|| JsFailure::missing("crypto.subtle"))
}
