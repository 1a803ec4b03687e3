//! Sixteen bytes at a time: the vectors of simd128 in WebAssembly, plain arrays elsewhere.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd;

use core::ops::{BitAnd, BitXor};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::Bytes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd::Bytes;

/// A block, or a table that is looked up by the numbers below 16.
pub type Block = [u8; 16];

impl Bytes {
    /// Sixteen zeros.
    pub const ZERO: Block = [0; 16];

    /// The lower and the upper half of each byte, as indices of tables.
    #[inline]
    pub fn nibbles(self) -> (Self, Self) {
        (self.and(Self::splat(0x0f)), self.upper())
    }
}

impl BitXor for Bytes {
    type Output = Self;

    #[inline]
    fn bitxor(self, other: Self) -> Self {
        self.xor(other)
    }
}

impl BitAnd for Bytes {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}
