//! GHASH (NIST SP 800-38D, 6.4) by looking up half bytes in tables of the key.
//!
//! For each byte of a product there is a table of what half a byte of the factor adds to it. One
//! lookup does that for all sixteen places of the factor; the sums of several blocks, each with its
//! own power of the key, are put together before they are shifted to their place and reduced.

use zeroize::Zeroize;

use transom_aes::{Block, Bytes};

/// Blocks that are taken together.
pub(crate) const GROUP: usize = 8;

/// The polynomial x¹²⁸ + x⁷ + x² + x + 1, without its first term; the lowest power is the highest bit.
const REDUCED: u128 = 0xe1 << 120;

/// Moves each byte to the next place.
const NEXT: Block = [255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];

/// Takes what [`NEXT`] leaves behind.
const CARRIED: Block = {
    let mut places = [255; 16];
    places[0] = 15;
    places
};

/// What the lower and the upper half of a byte add to one byte of the product.
type Halves = [Block; 2];

/// A key's tables: for each byte of the product, those of the powers from [`GROUP`] down to 1.
pub(crate) struct Ghash([[Halves; GROUP]; 16]);

impl Ghash {
    pub(crate) fn new(key: Block) -> Self {
        let key = u128::from_be_bytes(key);
        let mut rows = [[[Bytes::ZERO; 2]; GROUP]; 16];
        let mut power = key;
        for at in (0..GROUP).rev() {
            for (half, multiples) in halves(power).iter().enumerate() {
                for (number, product) in multiples.iter().enumerate() {
                    for (row, byte) in rows.iter_mut().zip(product.to_be_bytes()) {
                        let tables = row.as_flattened_mut().get_mut(2 * at + half);
                        if let Some(entry) = tables.and_then(|table| table.get_mut(number)) {
                            *entry = byte;
                        }
                    }
                }
            }
            power = times(power, key);
        }
        Self(rows)
    }

    /// Takes in `text`, filled up with zeros to whole blocks.
    pub(crate) fn update(&self, state: &mut Block, text: &[u8]) {
        let (groups, rest) = text.as_chunks::<{ 16 * GROUP }>();
        for group in groups {
            let mut blocks = [Bytes::load(&Bytes::ZERO); GROUP];
            let (bytes, _) = group.as_chunks::<16>();
            for (block, bytes) in blocks.iter_mut().zip(bytes) {
                *block = Bytes::load(bytes);
            }
            *state = self.absorb(*state, blocks);
        }
        let (blocks, rest) = rest.as_chunks::<16>();
        for block in blocks {
            *state = self.absorb(*state, [Bytes::load(block)]);
        }
        if !rest.is_empty() {
            let mut block = Bytes::ZERO;
            for (byte, given) in block.iter_mut().zip(rest) {
                *byte = *given;
            }
            *state = self.absorb(*state, [Bytes::load(&block)]);
        }
    }

    /// Takes in some blocks, of which the first is added to what was before.
    #[inline]
    fn absorb<const COUNT: usize>(&self, state: Block, mut blocks: [Bytes; COUNT]) -> Block {
        if let Some(first) = blocks.first_mut() {
            *first = *first ^ Bytes::load(&state);
        }
        let halves = blocks.map(Bytes::nibbles);
        let (next, carried) = (Bytes::load(&NEXT), Bytes::load(&CARRIED));
        let mut low = Bytes::load(&Bytes::ZERO);
        let mut high = low;
        for row in self.0.iter().rev() {
            high = high.lookup(next) ^ low.lookup(carried);
            low = low.lookup(next);
            let tables = row.iter().skip(GROUP - COUNT);
            for ([lower_table, upper_table], (lower, upper)) in tables.zip(halves) {
                low = low ^ Bytes::load(lower_table).lookup(lower);
                low = low ^ Bytes::load(upper_table).lookup(upper);
            }
        }
        let (mut begin, mut rest) = (Bytes::ZERO, Bytes::ZERO);
        low.store(&mut begin);
        high.store(&mut rest);
        let rest = u128::from_be_bytes(rest);
        // Its last byte is 0, so that nothing is shifted out.
        let reduced = rest ^ (rest >> 1) ^ (rest >> 2) ^ (rest >> 7);
        (u128::from_be_bytes(begin) ^ reduced).to_be_bytes()
    }
}

impl Drop for Ghash {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The products of `power` with each lower and each upper half of a first byte.
fn halves(mut power: u128) -> [[u128; 16]; 2] {
    let mut products = [[0; 16]; 2];
    // The upper half has the powers from 0 to 3, the lower one those from 4 to 7.
    for half in products.iter_mut().rev() {
        for bit in [8, 4, 2, 1] {
            for (number, product) in half.iter_mut().enumerate() {
                if number & bit != 0 {
                    *product ^= power;
                }
            }
            power = next(power);
        }
    }
    products
}

/// The product of two numbers of the field, in the same time for all.
fn times(one: u128, mut two: u128) -> u128 {
    let mut product = 0;
    for bit in (0..128).rev() {
        product ^= two & mask(one >> bit & 1);
        two = next(two);
    }
    product
}

/// The product with x.
fn next(number: u128) -> u128 {
    (number >> 1) ^ (REDUCED & mask(number & 1))
}

/// All ones for 1, none for 0.
fn mask(bit: u128) -> u128 {
    0_u128.wrapping_sub(bit)
}
