//! The stand-in against published vectors and against the crate it stands in for.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

mod gcm;
mod openssh;
mod random;
mod real;
mod support;
mod wycheproof;
