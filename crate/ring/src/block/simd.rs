//! The operations in WebAssembly's simd128.
#![expect(
    unsafe_code,
    reason = "vectors are loaded and stored through pointers; each block says why it is sound"
)]

use core::arch::wasm32::{
    u8x16_shr, u8x16_swizzle, v128, v128_and, v128_load, v128_store, v128_xor,
};

use super::Block;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(crate) struct Bytes(v128);

impl Bytes {
    #[inline]
    pub(crate) fn load(block: &Block) -> Self {
        // SAFETY: the reference is valid for reading 16 bytes, and a vector is loaded from any
        // alignment.
        Self(unsafe { v128_load(block.as_ptr().cast()) })
    }

    #[inline]
    pub(crate) fn store(self, block: &mut Block) {
        // SAFETY: the reference is valid for writing 16 bytes and is the only one, and a vector is
        // stored at any alignment.
        unsafe { v128_store(block.as_mut_ptr().cast(), self.0) }
    }

    #[inline]
    pub(crate) fn xor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }

    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    /// The upper half of each byte.
    #[inline]
    pub(crate) fn upper(self) -> Self {
        Self(u8x16_shr(self.0, 4))
    }

    /// Looks up each byte of `index` in this table; beyond the table it is 0.
    #[inline]
    pub(crate) fn lookup(self, index: Self) -> Self {
        Self(u8x16_swizzle(self.0, index.0))
    }
}
