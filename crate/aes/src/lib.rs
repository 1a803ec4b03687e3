//! AES (FIPS 197) in counter mode, bit-sliced: eight blocks side by side.
//!
//! Eight vectors hold one bit each of every byte of eight blocks, as [Käsper and Schwabe] have it. The
//! S-box is then a circuit of gates, each of which works on 128 bytes at once. No table, no branch and no
//! address depends on a key, so the time taken tells nothing about it.
//!
//! Within a vector, the four bytes of a row of the state follow each other, so that MixColumns moves
//! whole words.
//!
//! The stand-ins of `ring` and of `ctr` share it; its vectors also compute GHASH in the former.
//!
//! [Käsper and Schwabe]: https://eprint.iacr.org/2009/129

#![expect(
    clippy::inline_always,
    reason = "what is between the steps of a round stays in registers where it can"
)]

mod block;
mod sbox;

use core::hint::black_box;

use zeroize::Zeroize;

pub use block::{Block, Bytes};

/// Blocks that are encrypted side by side: as many as a byte has bits.
const SIDE_BY_SIDE: usize = 8;

/// Bytes that are encrypted at a time.
pub const RUN_LEN: usize = 16 * SIDE_BY_SIDE;

/// Blocks in a run.
pub const RUN_BLOCKS: u128 = 8;

/// What the S-box adds after its linear part (FIPS 197, 5.1.1). ShiftRows and MixColumns leave it as it
/// is, so it is part of the round keys here.
const AFFINE: u8 = 0x63;

/// Round keys of AES-256, the most there are.
const MOST_KEYS: usize = 15;

/// Where each byte of the rows is in the columns, and the other way round.
const TURN: Block = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];

/// Where ShiftRows takes each byte of the rows from (FIPS 197, 5.1.2).
const SHIFT_ROWS: Block = [0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14];

/// Bits of a byte that [`turned`] exchanges.
const EVERY_OTHER_BIT: u8 = 0x55;
const EVERY_OTHER_PAIR: u8 = 0x33;
const LOWER_HALF: u8 = 0x0f;

/// The state of eight blocks: one vector for each bit of a byte, the lowest first. Within a byte of a
/// vector, each bit is another block's.
type Planes = [Bytes; 8];

/// An expanded key; wiped when dropped.
pub struct Aes {
    /// The planes of each round key: all ones or none in each byte, the same for all blocks.
    keys: [[Block; 8]; MOST_KEYS],
    /// How many of them there are.
    count: usize,
}

impl Aes {
    /// Expands a key of 16, 24 or 32 bytes (FIPS 197, 5.2); `None` for another length.
    pub fn new(key: &[u8]) -> Option<Self> {
        let count = match key.len() {
            16 => 11,
            24 => 13,
            32 => 15,
            _ => return None,
        };
        let mut keys = [[Bytes::ZERO; 8]; MOST_KEYS];
        let mut words = expand(key, 4 * count);
        let (blocks, _) = words.as_flattened().as_chunks::<16>();
        let affine = [0].into_iter().chain([AFFINE; MOST_KEYS]);
        for ((planes, key), affine) in keys.iter_mut().zip(blocks).zip(affine) {
            let key = Bytes::load(key) ^ Bytes::splat(affine);
            let key = key.lookup(Bytes::load(&TURN));
            for (bit, plane) in planes.iter_mut().enumerate() {
                key.has(1 << bit).store(plane);
            }
        }
        words.zeroize();
        Some(Self { keys, count })
    }

    /// Encrypts or decrypts `text` with the stream from the counter's value `counter` on.
    pub fn apply(&self, mut counter: u128, text: &mut [u8]) {
        let (runs, rest) = text.as_chunks_mut();
        for run in runs {
            self.apply_run(counter, run);
            counter = counter.wrapping_add(RUN_BLOCKS);
        }
        if !rest.is_empty() {
            let mut run = [0; RUN_LEN];
            self.apply_run(counter, &mut run);
            for (byte, stream) in rest.iter_mut().zip(run) {
                *byte ^= stream;
            }
            run.zeroize();
        }
    }

    /// Encrypts or decrypts eight blocks. One copy of it is enough for all that call it.
    #[inline(never)]
    pub fn apply_run(&self, counter: u128, run: &mut [u8; RUN_LEN]) {
        let counters = [0, 1, 2, 3, 4, 5, 6, 7];
        let stream = self.encrypt(counters.map(|block| {
            let counter = counter.wrapping_add(block);
            Bytes::load(&counter.to_be_bytes())
        }));
        let (blocks, _) = run.as_chunks_mut();
        for (block, stream) in blocks.iter_mut().zip(stream) {
            (Bytes::load(block) ^ stream).store(block);
        }
    }

    /// Encrypts blocks, side by side (FIPS 197, 5.1).
    #[inline(always)]
    fn encrypt(&self, blocks: [Bytes; SIDE_BY_SIDE]) -> [Bytes; SIDE_BY_SIDE] {
        // As constants, these would be made anew for each use, which takes longer than to load them.
        let turn = Bytes::load(black_box(&TURN));
        let shift_rows = Bytes::load(black_box(&SHIFT_ROWS));
        let mut planes = turned(blocks.map(|block| block.lookup(turn)));
        if let Some([first, middle @ .., last]) = self.keys.get(..self.count) {
            planes = with_key(planes, first);
            for key in middle {
                planes = sbox::substituted(planes).map(|plane| plane.lookup(shift_rows));
                planes = with_key(mixed(planes), key);
            }
            planes = sbox::substituted(planes).map(|plane| plane.lookup(shift_rows));
            planes = with_key(planes, last);
        }
        turned(planes).map(|block| block.lookup(turn))
    }
}

impl Drop for Aes {
    fn drop(&mut self) {
        self.keys.zeroize();
    }
}

/// Makes planes of blocks, and blocks of planes: of each byte of eight vectors, eight times eight bits
/// are turned over their diagonal.
#[inline(always)]
fn turned(mut rows: [Bytes; 8]) -> [Bytes; 8] {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = &mut rows;
    swap::<1, EVERY_OTHER_BIT>(r0, r1);
    swap::<1, EVERY_OTHER_BIT>(r2, r3);
    swap::<1, EVERY_OTHER_BIT>(r4, r5);
    swap::<1, EVERY_OTHER_BIT>(r6, r7);
    swap::<2, EVERY_OTHER_PAIR>(r0, r2);
    swap::<2, EVERY_OTHER_PAIR>(r1, r3);
    swap::<2, EVERY_OTHER_PAIR>(r4, r6);
    swap::<2, EVERY_OTHER_PAIR>(r5, r7);
    swap::<4, LOWER_HALF>(r0, r4);
    swap::<4, LOWER_HALF>(r1, r5);
    swap::<4, LOWER_HALF>(r2, r6);
    swap::<4, LOWER_HALF>(r3, r7);
    rows
}

/// Exchanges the bits of `two` under `MASK` with those of `one` that are `BITS` above them.
#[inline(always)]
fn swap<const BITS: u32, const MASK: u8>(one: &mut Bytes, two: &mut Bytes) {
    let differ = (one.down::<BITS>() ^ *two) & Bytes::splat(MASK);
    *two = *two ^ differ;
    *one = *one ^ differ.up::<BITS>();
}

/// AddRoundKey (FIPS 197, 5.1.4).
#[inline(always)]
fn with_key(mut planes: Planes, key: &[Block; 8]) -> Planes {
    for (plane, key) in planes.iter_mut().zip(key) {
        *plane = *plane ^ Bytes::load(key);
    }
    planes
}

/// MixColumns (FIPS 197, 5.1.3): 2, 3, 1 and 1 times a row and those below it.
#[inline(always)]
fn mixed(planes: Planes) -> Planes {
    // A row and the one below it, of which twice is needed; the same two rows further down, once.
    let sums = planes.map(|plane| plane ^ plane.words_down_1());
    let [s0, s1, s2, s3, s4, s5, s6, s7] = sums;
    // The highest bit comes back as x⁴ + x³ + x + 1.
    let doubled = [s7, s0 ^ s7, s1, s2 ^ s7, s3 ^ s7, s4, s5, s6];
    let mut mixed = planes;
    for ((plane, sum), doubled) in mixed.iter_mut().zip(sums).zip(doubled) {
        *plane = plane.words_down_1() ^ sum.words_down_2() ^ doubled;
    }
    mixed
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
                constant = (constant << 1) ^ ((constant >> 7) * 0x1b);
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
#[inline(never)]
fn substituted(mut word: [u8; 4]) -> [u8; 4] {
    let mut block = Bytes::ZERO;
    let (begin, _) = block.split_at_mut(4);
    begin.copy_from_slice(&word);
    let planes = turned([Bytes::load(&block); SIDE_BY_SIDE]);
    let [boxed, ..] = turned(sbox::substituted(planes));
    (boxed ^ Bytes::splat(AFFINE)).store(&mut block);
    for (byte, boxed) in word.iter_mut().zip(block) {
        *byte = boxed;
    }
    block.zeroize();
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::aes::cipher::{BlockCipherEncrypt, KeyInit};
    use ::aes::{Aes128, Aes192, Aes256};
    use hex_literal::hex;

    /// Texts that are compared for each length of key; in a browser there are ten times as many.
    const CASES: u32 = 3_334;

    fn encrypted(key: &[u8], counter: u128) -> [u8; 16] {
        let mut block = [0; 16];
        Aes::new(key).unwrap().apply(counter, &mut block);
        block
    }

    #[test]
    fn the_examples_of_the_standard_are_encrypted() {
        // FIPS 197, appendix C.
        let key: [u8; 32] = core::array::from_fn(|at| u8::try_from(at).unwrap());
        let block = u128::from_be_bytes(hex!("00112233445566778899aabbccddeeff"));
        for (length, expected) in [
            (16, hex!("69c4e0d86a7b0430d8cdb78070b4c55a")),
            (24, hex!("dda97ca4864cdfe06eaf70a0ec0d7191")),
            (32, hex!("8ea2b7ca516745bfeafc49904b496089")),
        ] {
            assert_eq!(encrypted(&key[..length], block), expected);
        }
    }

    #[test]
    fn other_lengths_are_no_keys() {
        for length in (0..40).filter(|length| ![16, 24, 32].contains(length)) {
            assert!(Aes::new(&[0; 40][..length]).is_none(), "{length}");
        }
    }

    fn compare<C: KeyInit + BlockCipherEncrypt>(seed: u8) {
        // What is encrypted gives the next key and text, so that every run has the same ones.
        let mut bytes = vec![seed; 1_000];
        for case in 0..CASES {
            let (key, text) = bytes.split_at(C::key_size());
            let length = usize::try_from(case).unwrap() % 300;
            let (text, counter) = (&text[..length], u128::MAX - u128::from(case % 11));
            let mut ours = text.to_vec();
            let aes = Aes::new(key).unwrap();
            aes.apply(counter, &mut ours);
            let theirs = C::new_from_slice(key).unwrap();
            for (number, block) in text.chunks(16).enumerate() {
                let counter = counter.wrapping_add(u128::try_from(number).unwrap());
                let mut stream = cipher_block::<C>(counter);
                theirs.encrypt_block(&mut stream);
                let expected = block.iter().zip(stream).map(|(byte, stream)| byte ^ stream);
                assert!(
                    ours[16 * number..]
                        .iter()
                        .copied()
                        .take(block.len())
                        .eq(expected)
                );
            }
            aes.apply(u128::from(case) << 64, &mut bytes);
        }
    }

    fn cipher_block<C: BlockCipherEncrypt>(counter: u128) -> ::aes::cipher::Block<C> {
        ::aes::cipher::Block::<C>::try_from(counter.to_be_bytes().as_slice()).unwrap()
    }

    #[test]
    fn ten_thousand_texts_are_encrypted_as_by_rustcrypto() {
        compare::<Aes128>(1);
        compare::<Aes192>(2);
        compare::<Aes256>(3);
    }
}
