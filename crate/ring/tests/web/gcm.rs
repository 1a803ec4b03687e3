//! AES-GCM against RustCrypto's, in WebAssembly, where other code computes it.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use ring::aead::{AES_128_GCM, AES_256_GCM};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::random::Random;
use crate::support::{open, seal};

/// Texts that are compared for each length of key.
const CASES: usize = 50_000;

fn theirs<C: KeyInit + AeadInOut>(key: &[u8], nonce: &[u8], aad: &[u8], text: &[u8]) -> Vec<u8> {
    let cipher = C::new_from_slice(key).unwrap();
    let mut sealed = text.to_vec();
    let nonce = nonce.try_into().unwrap();
    let tag = cipher.encrypt_inout_detached(nonce, aad, sealed.as_mut_slice().into());
    sealed.extend_from_slice(&tag.unwrap());
    sealed
}

#[wasm_bindgen_test]
fn a_hundred_thousand_texts_are_sealed_and_opened_as_by_rustcrypto() {
    let mut random = Random(2);
    for case in 0..CASES {
        let (key, nonce) = (random.bytes(32), random.bytes(12));
        let aad_bytes = random.below(40);
        let aad = random.bytes(aad_bytes);
        let text = random.packet();
        for short in [true, false] {
            let (algorithm, key) = if short {
                (&AES_128_GCM, &key[..16])
            } else {
                (&AES_256_GCM, &key[..])
            };
            let sealed = seal(algorithm, key, &nonce, &aad, &text);
            let expected = if short {
                theirs::<Aes128Gcm>(key, &nonce, &aad, &text)
            } else {
                theirs::<Aes256Gcm>(key, &nonce, &aad, &text)
            };
            assert!(sealed == expected, "case {case}");
            let mut wrong = sealed.clone();
            wrong[case % sealed.len()] ^= 1;
            assert!(
                open(algorithm, key, &nonce, &aad, &wrong).is_err(),
                "case {case}"
            );
            assert!(
                open(algorithm, key, &nonce, &aad, &sealed).as_ref() == Ok(&text),
                "case {case}"
            );
        }
    }
}
