//! Sixteen bytes at a time: the vectors of simd128 in WebAssembly, plain arrays elsewhere.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use portable::Bytes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use simd::Bytes;

/// A block, or a table that is looked up by the numbers below 16.
pub(crate) type Block = [u8; 16];

impl Bytes {
    pub(crate) const ZERO: Block = [0; 16];

    /// The lower and the upper half of each byte, as indices of tables.
    #[inline]
    pub(crate) fn nibbles(self) -> (Self, Self) {
        (self.and(Self::load(&[0x0f; 16])), self.upper())
    }
}
