//! The operations in plain Rust. Every table is read as a whole, so that time tells nothing.

use super::Block;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub struct Bytes(Block);

impl Bytes {
    /// Takes the bytes of `block`.
    pub fn load(block: &Block) -> Self {
        Self(*block)
    }

    /// Puts the bytes into `block`.
    pub fn store(self, block: &mut Block) {
        *block = self.0;
    }

    /// The same byte sixteen times.
    pub fn splat(byte: u8) -> Self {
        Self([byte; 16])
    }

    pub(super) fn xor(self, other: Self) -> Self {
        self.zip(other, |one, two| one ^ two)
    }

    pub(super) fn and(self, other: Self) -> Self {
        self.zip(other, |one, two| one & two)
    }

    /// The upper half of each byte.
    pub(super) fn upper(self) -> Self {
        Self(self.0.map(|byte| byte >> 4))
    }

    /// Moves all bits down; those that come from another byte have no meaning.
    pub fn down<const BITS: u32>(self) -> Self {
        Self(self.0.map(|byte| byte >> BITS))
    }

    /// Moves all bits up; those that come from another byte have no meaning.
    pub fn up<const BITS: u32>(self) -> Self {
        Self(self.0.map(|byte| byte << BITS))
    }

    /// Moves words of four bytes down by one, the lowest back to the top.
    pub fn words_down_1(mut self) -> Self {
        self.0.rotate_left(4);
        self
    }

    /// Moves words of four bytes down by two, the lowest ones back to the top.
    pub fn words_down_2(self) -> Self {
        self.words_down_1().words_down_1()
    }

    /// All ones in each byte that has this one bit, else none.
    pub fn has(self, bit: u8) -> Self {
        // With the bit, the byte less it does not borrow.
        Self(self.0.map(|byte| {
            let [_, borrowed] = u16::from(byte & bit)
                .wrapping_sub(u16::from(bit))
                .to_le_bytes();
            !borrowed
        }))
    }

    /// Looks up each byte of `index` in this table; beyond the table it is 0.
    pub fn lookup(self, index: Self) -> Self {
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
