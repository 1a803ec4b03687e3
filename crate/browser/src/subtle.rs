//! WebCrypto, as far as keys and the vault need it (W3C Web Cryptography Level 2).

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use transom_keys::PASSPHRASE_KEY_BYTES;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::JsFailure;

/// Bytes of a vector of AES-GCM (NIST SP 800-38D §8.2.2): chance, since secrets are few.
pub(crate) const IV_BYTES: usize = 12;

#[wasm_bindgen]
extern "C" {
    type Crypto;

    // Missing outside a secure context.
    #[wasm_bindgen(method, getter)]
    fn subtle(this: &Crypto) -> Option<Subtle>;

    #[wasm_bindgen(method, catch, js_name = getRandomValues)]
    fn fill(this: &Crypto, bytes: &Uint8Array) -> Result<Uint8Array, JsValue>;

    /// `SubtleCrypto`.
    pub(crate) type Subtle;

    #[wasm_bindgen(method, catch, js_name = generateKey)]
    pub(crate) fn generate_key(
        this: &Subtle,
        algorithm: &JsValue,
        extractable: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = importKey)]
    pub(crate) fn import_key(
        this: &Subtle,
        format: &str,
        key: &Uint8Array,
        algorithm: &JsValue,
        extractable: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = wrapKey)]
    pub(crate) fn wrap_key(
        this: &Subtle,
        format: &str,
        key: &JsValue,
        wrapping: &JsValue,
        algorithm: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = unwrapKey)]
    pub(crate) fn unwrap_key(
        this: &Subtle,
        format: &str,
        wrapped: &JsValue,
        unwrapping: &JsValue,
        algorithm: &JsValue,
        of_key: &JsValue,
        extractable: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = exportKey)]
    pub(crate) fn export_key(
        this: &Subtle,
        format: &str,
        key: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn sign(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        message: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn encrypt(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        bytes: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn decrypt(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        bytes: &Uint8Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = deriveKey)]
    pub(crate) fn derive_key(
        this: &Subtle,
        algorithm: &JsValue,
        base: &JsValue,
        of_key: &JsValue,
        extractable: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;
}

/// `AesGcmParams` of WebCrypto with `iv`, or what names a key of AES-GCM.
pub(crate) fn aes(iv: Option<&[u8]>, bound_to: Option<&str>) -> Result<JsValue, JsFailure> {
    let object = Object::new();
    Reflect::set(&object, &"name".into(), &"AES-GCM".into())?;
    let bits = u32::try_from(PASSPHRASE_KEY_BYTES * 8).unwrap_or_default();
    Reflect::set(&object, &"length".into(), &bits.into())?;
    if let Some(iv) = iv {
        Reflect::set(&object, &"iv".into(), &Uint8Array::from(iv))?;
    }
    if let Some(bound_to) = bound_to {
        let bytes = Uint8Array::from(bound_to.as_bytes());
        Reflect::set(&object, &"additionalData".into(), &bytes)?;
    }
    Ok(object.into())
}

/// Overwrites the copy on the other side of the border.
pub(crate) fn wipe(bytes: &Uint8Array) {
    bytes.fill(0, 0, bytes.length());
}

/// Bytes of chance.
pub(crate) fn chance(bytes: usize) -> Result<Vec<u8>, JsFailure> {
    let filled = crypto()?.fill(&Uint8Array::new_with_length(
        u32::try_from(bytes).unwrap_or_default(),
    ))?;
    Ok(filled.to_vec())
}

/// Finds `crypto.subtle`.
pub(crate) fn subtle() -> Result<Subtle, JsFailure> {
    crypto()?
        .subtle()
        .ok_or_else(|| JsFailure::missing("crypto.subtle"))
}

fn crypto() -> Result<Crypto, JsFailure> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    if crypto.is_undefined() {
        return Err(JsFailure::missing("crypto"));
    }
    Ok(crypto.unchecked_into())
}
