//! Stands in for the `ctr` crate of RustCrypto: the slice of it that russh and aes-gcm call.
//!
//! russh and ssh-key take `aes128-ctr` and the like ([RFC 4344 §4]) from `ctr` over `aes`, of which
//! WebAssembly gets the portable code. There, `Ctr128BE` is over the AES that the stand-in of `ring` has
//! for AES-GCM; elsewhere it is over whichever cipher it is given. Names and shapes are those of the
//! original, so that both compile unchanged through `[patch.crates-io]`; nothing else should use this crate.
//!
//! [RFC 4344 §4]: https://www.rfc-editor.org/rfc/rfc4344#section-4

mod core;
pub mod flavors;
#[cfg(target_arch = "wasm32")]
mod vector;

pub use cipher;

pub use crate::core::CtrCore;
pub use flavors::CtrFlavor;
#[cfg(target_arch = "wasm32")]
pub use vector::{AesKey, Ctr128BE};

/// CTR mode with a big-endian counter of 128 bits (NIST SP 800-38A, 6.5).
#[cfg(not(target_arch = "wasm32"))]
pub type Ctr128BE<C> = cipher::StreamCipherCoreWrapper<CtrCore<C, flavors::Ctr128BE>>;
