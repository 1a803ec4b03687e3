//! AES (FIPS 197) by looking up vectors of sixteen bytes in tables of sixteen bytes.
//!
//! A table as large as a vector is one instruction of the machine, which takes the same time whatever
//! is looked up. The S-box does not fit one, so it is computed in the tower of fields GF(16)²: the
//! state is kept as the coordinates of that tower from round to round, and each step of the inversion
//! is a function of a number of GF(16). The tables are computed when this is compiled, see [`field`].

mod field;

use zeroize::Zeroize;

use crate::block::{Block, Bytes};
use field::{BOX, DOUBLED, FROM_AES, INVERSE, LAST, Pair, SCALED};

/// What the S-box adds after its linear part (FIPS 197, 5.1.1). MixColumns leaves it as it is, so it
/// is part of the round keys here.
const AFFINE: u8 = 0x63;

/// Round keys of AES-256, the most there are.
const MOST_KEYS: usize = 15;

/// An expanded key.
pub(crate) struct Aes {
    /// That of the first round, those of the middle, in coordinates, and that of the last.
    first: Block,
    middle: [Block; MOST_KEYS - 2],
    /// Rounds in the middle.
    rounds: usize,
    last: Block,
}

impl Aes {
    /// Expands a key of 16 or 32 bytes (FIPS 197, 5.2); `None` for another length.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        let rounds = match key.len() {
            16 => 9,
            32 => 13,
            _ => return None,
        };
        let mut words = expand(key, 4 * (rounds + 2));
        let mut aes = Self {
            first: Bytes::ZERO,
            middle: [Bytes::ZERO; MOST_KEYS - 2],
            rounds,
            last: Bytes::ZERO,
        };
        let (keys, _) = words.as_flattened().as_chunks::<16>();
        if let Some([first, middle @ .., last]) = keys.get(..rounds + 2) {
            aes.first = *first;
            for (to, key) in aes.middle.iter_mut().zip(middle) {
                let key = Bytes::load(key).xor(Bytes::load(&[AFFINE; 16]));
                FROM_AES.of(key.nibbles()).store(to);
            }
            let last = Bytes::load(last).xor(Bytes::load(&[AFFINE; 16]));
            last.store(&mut aes.last);
        }
        words.zeroize();
        Some(aes)
    }

    /// Encrypts blocks, side by side.
    #[inline]
    pub(crate) fn encrypt<const COUNT: usize>(&self, blocks: [Bytes; COUNT]) -> [Bytes; COUNT] {
        let first = Bytes::load(&self.first);
        let mut state = blocks.map(|block| FROM_AES.of(block.xor(first).nibbles()));
        for key in self.middle.iter().take(self.rounds) {
            let key = Bytes::load(key);
            state = state.map(|state| round(state).xor(key));
        }
        let last = Bytes::load(&self.last);
        state.map(|state| rows(LAST.of(inverted(state)), 0).xor(last))
    }
}

impl Drop for Aes {
    fn drop(&mut self) {
        self.first.zeroize();
        self.middle.zeroize();
        self.last.zeroize();
    }
}

impl Pair {
    /// The sum of what both tables have for two vectors of numbers.
    #[inline]
    fn of(&self, (one, two): (Bytes, Bytes)) -> Bytes {
        Bytes::load(&self.0)
            .lookup(one)
            .xor(Bytes::load(&self.1).lookup(two))
    }
}

/// SubBytes, ShiftRows and MixColumns (FIPS 197, 5.1), all but what the S-box adds.
#[inline]
fn round(state: Bytes) -> Bytes {
    let inverse = inverted(state);
    let (once, twice) = (BOX.of(inverse), DOUBLED.of(inverse));
    // 2, 3, 1, 1 times the row itself and those below it.
    rows(twice, 0)
        .xor(rows(twice.xor(once), 1))
        .xor(rows(once, 2))
        .xor(rows(once, 3))
}

/// The inverse of each byte of the field, in the coordinates that [`BOX`] and the like take.
#[inline]
fn inverted(state: Bytes) -> (Bytes, Bytes) {
    let inverse = Bytes::load(&INVERSE);
    let (k, i) = state.nibbles();
    let j = i.xor(k);
    let scaled = Bytes::load(&SCALED).lookup(k);
    let one = inverse.lookup(inverse.lookup(i).xor(scaled)).xor(j);
    let two = inverse.lookup(inverse.lookup(j).xor(scaled)).xor(i);
    (one, two)
}

/// ShiftRows, after which each row takes the place of the one `DOWN` above it.
#[inline]
fn rows(state: Bytes, down: usize) -> Bytes {
    const PLACES: [Block; 4] = [places(0), places(1), places(2), places(3)];
    let places = match down {
        0 => &PLACES[0],
        1 => &PLACES[1],
        2 => &PLACES[2],
        _ => &PLACES[3],
    };
    state.lookup(Bytes::load(places))
}

/// Where each byte comes from: a column is four bytes, its rows are one after the other.
#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "computed by the compiler, which would refuse a wrong one"
)]
const fn places(down: usize) -> Block {
    let mut places = Bytes::ZERO;
    let mut at = 0;
    while at < 16 {
        let row = (at + down) % 4;
        let column = (at / 4 + row) % 4;
        places[at] = (4 * column + row) as u8;
        at += 1;
    }
    places
}

/// The words of the round keys (FIPS 197, 5.2).
fn expand(key: &[u8], count: usize) -> [[u8; 4]; 4 * MOST_KEYS] {
    let mut words = [[0; 4]; 4 * MOST_KEYS];
    let (given, _) = key.as_chunks::<4>();
    let mut constant = 1_u8;
    for at in 0..count {
        let word = if let Some(word) = given.get(at) {
            *word
        } else {
            let mut word = at_or_zero(&words, at - 1);
            if at % given.len() == 0 {
                word.rotate_left(1);
                word = substituted(word);
                word[0] ^= constant;
                constant = field::double(constant);
            } else if given.len() > 6 && at % given.len() == 4 {
                word = substituted(word);
            }
            let before = at_or_zero(&words, at - given.len());
            for (byte, before) in word.iter_mut().zip(before) {
                *byte ^= before;
            }
            word
        };
        if let Some(place) = words.get_mut(at) {
            *place = word;
        }
    }
    words
}

fn at_or_zero(words: &[[u8; 4]], at: usize) -> [u8; 4] {
    words.get(at).copied().unwrap_or_default()
}

/// SubBytes of one word.
fn substituted(word: [u8; 4]) -> [u8; 4] {
    let mut block = Bytes::ZERO;
    let (begin, _) = block.split_at_mut(4);
    begin.copy_from_slice(&word);
    let state = FROM_AES.of(Bytes::load(&block).nibbles());
    let boxed = LAST.of(inverted(state)).xor(Bytes::load(&[AFFINE; 16]));
    boxed.store(&mut block);
    let mut word = [0; 4];
    for (byte, boxed) in word.iter_mut().zip(block) {
        *byte = boxed;
    }
    block.zeroize();
    word
}
