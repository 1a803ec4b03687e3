//! The operations in WebAssembly's simd128.
#![expect(
    unsafe_code,
    reason = "vectors are loaded and stored through pointers; each block says why it is sound"
)]

use core::arch::wasm32::{
    i32x4_shuffle, u8x16_eq, u8x16_shr, u8x16_splat, u8x16_swizzle, u64x2_shl, u64x2_shr, v128,
    v128_and, v128_load, v128_store, v128_xor,
};

use super::Block;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub struct Bytes(v128);

impl Bytes {
    /// Takes the bytes of `block`.
    #[inline]
    pub fn load(block: &Block) -> Self {
        // SAFETY: the reference is valid for reading 16 bytes, and a vector is loaded from any
        // alignment.
        Self(unsafe { v128_load(block.as_ptr().cast()) })
    }

    /// Puts the bytes into `block`.
    #[inline]
    pub fn store(self, block: &mut Block) {
        // SAFETY: the reference is valid for writing 16 bytes and is the only one, and a vector is
        // stored at any alignment.
        unsafe { v128_store(block.as_mut_ptr().cast(), self.0) }
    }

    /// The same byte sixteen times.
    #[inline]
    pub fn splat(byte: u8) -> Self {
        Self(u8x16_splat(byte))
    }

    #[inline]
    pub(super) fn xor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }

    #[inline]
    pub(super) fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0))
    }

    /// The upper half of each byte.
    #[inline]
    pub(super) fn upper(self) -> Self {
        Self(u8x16_shr(self.0, 4))
    }

    /// Moves all bits down; those that come from another byte have no meaning.
    #[inline]
    pub fn down<const BITS: u32>(self) -> Self {
        Self(u64x2_shr(self.0, BITS))
    }

    /// Moves all bits up; those that come from another byte have no meaning.
    #[inline]
    pub fn up<const BITS: u32>(self) -> Self {
        Self(u64x2_shl(self.0, BITS))
    }

    /// Moves words of four bytes down by one, the lowest back to the top.
    #[inline]
    pub fn words_down_1(self) -> Self {
        Self(i32x4_shuffle::<1, 2, 3, 0>(self.0, self.0))
    }

    /// Moves words of four bytes down by two, the lowest ones back to the top.
    #[inline]
    pub fn words_down_2(self) -> Self {
        Self(i32x4_shuffle::<2, 3, 0, 1>(self.0, self.0))
    }

    /// All ones in each byte that has this one bit, else none.
    #[inline]
    pub fn has(self, bit: u8) -> Self {
        let bit = u8x16_splat(bit);
        Self(u8x16_eq(v128_and(self.0, bit), bit))
    }

    /// Looks up each byte of `index` in this table; beyond the table it is 0.
    #[inline]
    pub fn lookup(self, index: Self) -> Self {
        Self(u8x16_swizzle(self.0, index.0))
    }
}
