//! Stands in for the `ring` crate: the slice of its AEAD interface that russh calls, over
//! RustCrypto and, for WebAssembly, ciphers of its own.
//!
//! The original is C and assembler, which for wasm needs a C compiler and yields portable code
//! anyway. Names, shapes and behaviour here are those of `ring` 0.17, so that russh compiles
//! unchanged through `[patch.crates-io]`; nothing else should use this crate.

pub mod aead;
mod chacha20;
pub mod error;
#[cfg(any(target_arch = "wasm32", test))]
mod ghash;
