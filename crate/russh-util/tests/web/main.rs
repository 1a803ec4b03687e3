//! Both stand-ins in the target for which they exist: the clock and tasks of this crate, and the
//! published vectors of `ring`'s (that crate's own tests run natively, beside the real one).
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what went wrong by panicking"
)]

#[path = "../../../ring/tests/it/gcm.rs"]
mod gcm;
#[path = "../../../ring/tests/it/openssh.rs"]
mod openssh;
mod runtime;
#[path = "../../../ring/tests/it/support.rs"]
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
