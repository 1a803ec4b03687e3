//! The operations in plain Rust. Every table is read as a whole, so that time tells nothing.

use super::Block;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(crate) struct Bytes(Block);

impl Bytes {
    pub(crate) fn load(block: &Block) -> Self {
        Self(*block)
    }

    pub(crate) fn store(self, block: &mut Block) {
        *block = self.0;
    }

    pub(crate) fn xor(self, other: Self) -> Self {
        self.zip(other, |one, two| one ^ two)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        self.zip(other, |one, two| one & two)
    }

    /// The upper half of each byte.
    pub(crate) fn upper(self) -> Self {
        Self(self.0.map(|byte| byte >> 4))
    }

    /// Looks up each byte of `index` in this table; beyond the table it is 0.
    pub(crate) fn lookup(self, index: Self) -> Self {
        Self(index.0.map(|index| {
            let entries = (0_u8..16).zip(self.0);
            entries.fold(0, |found, (number, entry)| {
                // All ones where the numbers are equal: then the difference less one borrows.
                let differ = u16::from(number ^ index);
                let [_, mask] = differ.wrapping_sub(1).to_le_bytes();
                found | (entry & mask)
            })
        }))
    }

    fn zip(self, other: Self, with: impl Fn(u8, u8) -> u8) -> Self {
        let mut bytes = self.0;
        for (byte, other) in bytes.iter_mut().zip(other.0) {
            *byte = with(*byte, other);
        }
        Self(bytes)
    }
}
