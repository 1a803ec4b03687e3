//! Vectors of four words in plain Rust; compilers know them as those of the machine.

/// The same word of four blocks.
#[derive(Clone, Copy)]
pub(super) struct Lanes([u32; 4]);

impl Lanes {
    pub(super) fn new(lanes: [u32; 4]) -> Self {
        Self(lanes)
    }

    pub(super) fn splat(word: u32) -> Self {
        Self([word; 4])
    }

    pub(super) fn add(self, other: Self) -> Self {
        self.zip(other, u32::wrapping_add)
    }

    pub(super) fn xor(self, other: Self) -> Self {
        self.zip(other, |one, two| one ^ two)
    }

    /// Rotates each lane to the left by `LEFT`; `RIGHT` is 32 less that.
    pub(super) fn rotate<const LEFT: u32, const RIGHT: u32>(self) -> Self {
        const { assert!(LEFT + RIGHT == 32) };
        Self(self.0.map(|lane| lane.rotate_left(LEFT)))
    }

    pub(super) fn rotate_16(self) -> Self {
        self.rotate::<16, 16>()
    }

    pub(super) fn rotate_8(self) -> Self {
        self.rotate::<8, 24>()
    }

    /// Makes vectors of each block's words from vectors of each word's blocks.
    pub(super) fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (a.0, b.0);
        let ([c0, c1, c2, c3], [d0, d1, d2, d3]) = (c.0, d.0);
        [
            Self([a0, b0, c0, d0]),
            Self([a1, b1, c1, d1]),
            Self([a2, b2, c2, d2]),
            Self([a3, b3, c3, d3]),
        ]
    }

    /// Combines `text` with the words, each in little-endian order.
    pub(super) fn xor_into(self, text: &mut [u8; 16]) {
        let (words, _) = text.as_chunks_mut();
        for (text, word) in words.iter_mut().zip(self.0) {
            *text = (u32::from_le_bytes(*text) ^ word).to_le_bytes();
        }
    }

    fn zip(self, other: Self, with: impl Fn(u32, u32) -> u32) -> Self {
        let mut lanes = self.0;
        for (lane, other) in lanes.iter_mut().zip(other.0) {
            *lane = with(*lane, other);
        }
        Self(lanes)
    }
}
