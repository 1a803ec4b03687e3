//! Vectors of four words in WebAssembly's simd128.
#![expect(
    unsafe_code,
    reason = "vectors are loaded and stored through pointers; each block says why it is sound"
)]

use core::arch::wasm32::{
    i16x8_shuffle, i32x4_shuffle, u32x4, u32x4_add, u32x4_shl, u32x4_shr, u32x4_splat, v128,
    v128_load, v128_or, v128_store, v128_xor,
};

/// The same word of four blocks.
#[derive(Clone, Copy)]
pub(super) struct Lanes(v128);

impl Lanes {
    pub(super) fn new([a, b, c, d]: [u32; 4]) -> Self {
        Self(u32x4(a, b, c, d))
    }

    pub(super) fn splat(word: u32) -> Self {
        Self(u32x4_splat(word))
    }

    #[inline]
    pub(super) fn add(self, other: Self) -> Self {
        Self(u32x4_add(self.0, other.0))
    }

    #[inline]
    pub(super) fn xor(self, other: Self) -> Self {
        Self(v128_xor(self.0, other.0))
    }

    /// Rotates each lane to the left by `LEFT`; `RIGHT` is 32 less that.
    #[inline]
    pub(super) fn rotate<const LEFT: u32, const RIGHT: u32>(self) -> Self {
        const { assert!(LEFT + RIGHT == 32) };
        Self(v128_or(u32x4_shl(self.0, LEFT), u32x4_shr(self.0, RIGHT)))
    }

    #[inline]
    pub(super) fn rotate_16(self) -> Self {
        Self(i16x8_shuffle::<1, 0, 3, 2, 5, 4, 7, 6>(self.0, self.0))
    }

    /// Any other shuffle of bytes would have engines make its pattern anew each time.
    #[inline]
    pub(super) fn rotate_8(self) -> Self {
        self.rotate::<8, 24>()
    }

    /// Makes vectors of each block's words from vectors of each word's blocks.
    #[inline]
    pub(super) fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
        let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
        let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
        let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
        [
            Self(i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low)),
            Self(i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low)),
            Self(i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high)),
            Self(i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high)),
        ]
    }

    /// Combines `text` with the words, each in little-endian order.
    #[inline]
    pub(super) fn xor_into(self, text: &mut [u8; 16]) {
        let place: *mut v128 = text.as_mut_ptr().cast();
        // SAFETY: `place` is valid for 16 bytes, which is what both read and write, for as long as
        // `text` is borrowed; neither asks for an alignment. WebAssembly is little-endian.
        unsafe {
            v128_store(place, v128_xor(v128_load(place), self.0));
        }
    }
}
