//! AES in Galois/Counter Mode (NIST SP 800-38D), with nonces of 96 bits and tags of 128 bits.
//!
//! WebAssembly has no instructions for AES, so it gets code that makes the most of the vectors it has;
//! elsewhere RustCrypto uses those of the processor.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(any(target_arch = "wasm32", test))]
mod vector;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use native::Gcm;
#[cfg(target_arch = "wasm32")]
pub(super) use vector::Gcm;
