//! The browser's own cryptography, as far as keys of SSH need it (W3C Web Cryptography Level 2).
//!
//! Private keys are made so that nothing can read them, this program included: `exportKey`
//! rejects, and all that is ever stored is the browser's handle. Never keep an extractable one.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use transom_keys::{PublicKey, SignatureAlgorithm};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

use crate::JsFailure;
use crate::subtle::{Subtle, subtle};

#[wasm_bindgen]
extern "C" {
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

/// RSA in SSH's form. A key of WebCrypto is bound to one hash. Every server with OpenSSH 7.2 or
/// later takes SHA-512; some others take only SHA-256, so there is a second handle for that.
const RSA: &str = "RSASSA-PKCS1-v1_5";
const RSA_HASH: &str = "SHA-512";
const RSA_OTHER_HASH: &str = "SHA-256";
/// 65537, the exponent that everybody uses.
const RSA_EXPONENT: [u8; 3] = [1, 0, 1];

/// A private key that signs inside the browser and never leaves it.
#[derive(Clone, Debug)]
pub struct HiddenKey {
    handle: JsValue,
    /// The same key of RSA, bound to SHA-256. Keys that were made before there was one have none.
    sha256: Option<JsValue>,
}

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
        let pair = pair(&subtle, kind, kind.is_rsa()).await?;
        let public = exported(&subtle, kind, &pair.public_key()).await?;
        let private = pair.private_key();
        let hidden = if kind.is_rsa() {
            twice(&subtle, &private).await?
        } else {
            Self::from_js(private)
        };
        Ok((hidden, public))
    }

    /// Makes a key that can be exported, in PKCS#8, not encrypted, and its public half. Nothing of
    /// it is kept in the browser; who calls encrypts and wipes it.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser does not know the kind, or the page is not secure.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves nothing behind.
    pub async fn generate_exportable(
        kind: KeyKind,
    ) -> Result<(Zeroizing<Vec<u8>>, PublicKey), JsFailure> {
        let subtle = subtle()?;
        let pair = pair(&subtle, kind, true).await?;
        let public = exported(&subtle, kind, &pair.public_key()).await?;
        let pkcs8 = subtle.export_key("pkcs8", &pair.private_key())?;
        let pkcs8 = Uint8Array::new(&JsFuture::from(pkcs8).await?);
        let bytes = Zeroizing::new(pkcs8.to_vec());
        // The copy on the other side of the border.
        pkcs8.fill(0, 0, pkcs8.length());
        Ok((bytes, public))
    }

    /// Takes in a key that was made elsewhere. From then on it cannot be exported.
    ///
    /// - `pkcs8`: the key, not encrypted; who calls wipes it.
    /// - `public`: its public half, which says of what type it is.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] where the browser does not know the type, or refuses this key.
    ///
    /// # Cancel safety
    ///
    /// A dropped call leaves nothing behind.
    pub async fn import(pkcs8: &[u8], public: &PublicKey) -> Result<Self, JsFailure> {
        let way = SignatureAlgorithm::of(public, true)
            .filter(|way| *way != SignatureAlgorithm::Passkey)
            .ok_or_else(|| JsFailure::missing("keys of this type"))?;
        let subtle = subtle()?;
        let bytes = Uint8Array::from(pkcs8);
        let take = async |algorithm: Algorithm| {
            let algorithm = to_object(&algorithm)?;
            let uses = Array::of1(&"sign".into());
            let key = subtle.import_key("pkcs8", &bytes, &algorithm, false, &uses)?;
            Ok::<_, JsFailure>(JsFuture::from(key).await?)
        };
        let taken = async {
            let handle = take(imported(way)).await?;
            let sha256 = match way {
                SignatureAlgorithm::RsaSha512 => Some(take(rsa(RSA_OTHER_HASH)).await?),
                _ => None,
            };
            Ok(Self { handle, sha256 })
        }
        .await;
        // The copy on the other side of the border.
        bytes.fill(0, 0, bytes.length());
        taken
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
            SignatureAlgorithm::EcdsaP521 => ecdsa("SHA-512"),
            SignatureAlgorithm::RsaSha512 => rsa(RSA_HASH),
            SignatureAlgorithm::RsaSha256 => rsa(RSA_OTHER_HASH),
            SignatureAlgorithm::Passkey => {
                return Err(JsFailure::missing(
                    "signatures of authenticators by WebCrypto",
                ));
            }
        };
        let key = match (way, &self.sha256) {
            (SignatureAlgorithm::RsaSha256, Some(key)) => key,
            (SignatureAlgorithm::RsaSha256, None) => {
                return Err(JsFailure::missing("RSA signatures with SHA-256"));
            }
            _ => &self.handle,
        };
        let algorithm = to_object(&algorithm)?;
        let message = Uint8Array::from(message);
        let signed = subtle()?.sign(&algorithm, key, &message)?;
        let signed = JsFuture::from(signed).await?;
        Ok(Uint8Array::new(&signed).to_vec())
    }

    pub(crate) fn from_js(handle: JsValue) -> Self {
        Self {
            handle,
            sha256: None,
        }
    }

    pub(crate) fn with_sha256(self, handle: JsValue) -> Self {
        Self {
            sha256: handle.is_object().then_some(handle),
            ..self
        }
    }

    pub(crate) fn as_js(&self) -> &JsValue {
        &self.handle
    }

    pub(crate) fn sha256_as_js(&self) -> Option<&JsValue> {
        self.sha256.as_ref()
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
            modulus_length: Some(bits),
            ..rsa(RSA_HASH)
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

fn rsa(hash: &'static str) -> Algorithm {
    Algorithm {
        name: RSA,
        hash: Some(hash),
        ..Algorithm::default()
    }
}

/// What names the type of a key that is taken in.
fn imported(way: SignatureAlgorithm) -> Algorithm {
    match way {
        SignatureAlgorithm::Ed25519 => KeyKind::Ed25519.algorithm(),
        SignatureAlgorithm::EcdsaP256 => KeyKind::EcdsaP256.algorithm(),
        SignatureAlgorithm::EcdsaP384 => KeyKind::EcdsaP384.algorithm(),
        SignatureAlgorithm::EcdsaP521 => Algorithm {
            name: "ECDSA",
            named_curve: Some("P-521"),
            ..Algorithm::default()
        },
        SignatureAlgorithm::RsaSha256 | SignatureAlgorithm::RsaSha512 => rsa(RSA_HASH),
        // Refused before.
        SignatureAlgorithm::Passkey => Algorithm::default(),
    }
}

/// Makes both halves of a key.
async fn pair(
    subtle: &Subtle,
    kind: KeyKind,
    extractable: bool,
) -> Result<CryptoKeyPair, JsFailure> {
    let algorithm = to_object(&kind.algorithm())?;
    if kind.is_rsa() {
        // Bytes, which serde would write as a list of numbers.
        let exponent = Uint8Array::from(RSA_EXPONENT.as_slice());
        Reflect::set(&algorithm, &"publicExponent".into(), &exponent)?;
    }
    let uses = Array::of2(&"sign".into(), &"verify".into());
    let pair = JsFuture::from(subtle.generate_key(&algorithm, extractable, &uses)?).await?;
    Ok(pair.unchecked_into())
}

/// Makes two handles of one RSA key that can be exported, and these cannot.
///
/// The browser encrypts it under a key that is made for this moment and cannot be read either, and
/// opens it twice: the private half is never in this program's memory.
async fn twice(subtle: &Subtle, private: &JsValue) -> Result<HiddenKey, JsFailure> {
    let wrapping = Object::new();
    Reflect::set(&wrapping, &"name".into(), &"AES-GCM".into())?;
    Reflect::set(&wrapping, &"length".into(), &256.into())?;
    let uses = Array::of2(&"wrapKey".into(), &"unwrapKey".into());
    let key = JsFuture::from(subtle.generate_key(&wrapping, false, &uses)?).await?;
    // The key wraps once, so any vector will do.
    Reflect::set(&wrapping, &"iv".into(), &Uint8Array::new_with_length(12))?;
    let wrapped = subtle.wrap_key("pkcs8", private, &key, &wrapping)?;
    let wrapped = JsFuture::from(wrapped).await?;
    let open = async |hash| {
        let algorithm = to_object(&rsa(hash))?;
        let uses = Array::of1(&"sign".into());
        let opened =
            subtle.unwrap_key("pkcs8", &wrapped, &key, &wrapping, &algorithm, false, &uses)?;
        Ok::<_, JsFailure>(JsFuture::from(opened).await?)
    };
    Ok(HiddenKey {
        handle: open(RSA_HASH).await?,
        sha256: Some(open(RSA_OTHER_HASH).await?),
    })
}

/// Reads the public half.
async fn exported(subtle: &Subtle, kind: KeyKind, key: &JsValue) -> Result<PublicKey, JsFailure> {
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
