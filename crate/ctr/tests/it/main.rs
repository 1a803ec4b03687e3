//! Counter mode against published vectors.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

mod nist;
