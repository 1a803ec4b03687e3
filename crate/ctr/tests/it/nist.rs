//! The vectors of NIST, natively and in WebAssembly, where other code computes them.

use aes::{Aes128, Aes192, Aes256};
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use hex_literal::hex;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// NIST SP 800-38A, appendix F.5.
const COUNTER: [u8; 16] = hex!("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
const TEXT: [u8; 64] = hex!(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
);

fn encrypted<C: KeyIvInit + StreamCipher>(key: &[u8]) -> [u8; 64] {
    let mut text = TEXT;
    let mut cipher = C::new_from_slices(key, &COUNTER).unwrap();
    cipher.apply_keystream(&mut text);
    text
}

#[test]
fn the_vectors_of_nist_are_encrypted() {
    let text = encrypted::<Ctr128BE<Aes128>>(&hex!("2b7e151628aed2a6abf7158809cf4f3c"));
    let expected = hex!(
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"
    );
    assert_eq!(text, expected);
    let text =
        encrypted::<Ctr128BE<Aes192>>(&hex!("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"));
    let expected = hex!(
        "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
        "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050"
    );
    assert_eq!(text, expected);
    let text = encrypted::<Ctr128BE<Aes256>>(&hex!(
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
    ));
    let expected = hex!(
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
        "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"
    );
    assert_eq!(text, expected);
}
