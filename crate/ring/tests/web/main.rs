//! The ciphers as WebAssembly: where it has vectors, other code computes them.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what went wrong by panicking"
)]

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

mod gcm;
#[path = "../it/openssh.rs"]
mod openssh;
#[path = "../it/random.rs"]
mod random;
#[path = "../it/support.rs"]
mod support;
