//! ChaCha20 as its author defined it: a block counter of 64 bits and a nonce of 64 bits.
//!
//! Four blocks are computed side by side: each word of the state is a vector with one lane for
//! each block. In WebAssembly the vectors are those of simd128, elsewhere plain arrays. There is
//! no table and no branch that depends on a key, so the time taken tells nothing about it.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable::Lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd::Lanes;

use zeroize::Zeroize;

/// Bytes that are computed at a time: four blocks.
pub(crate) const RUN_LEN: usize = 256;

/// Blocks in a run.
pub(crate) const RUN_BLOCKS: u64 = 4;

/// "expand 32-byte k" ([RFC 8439 §2.3]), as little-endian words.
///
/// [RFC 8439 §2.3]: https://www.rfc-editor.org/rfc/rfc8439#section-2.3
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// Twenty rounds, two at a time.
const DOUBLE_ROUNDS: usize = 10;

/// The state of four blocks: rows of four words, each word of all blocks in one vector.
type Rows = [[Lanes; 4]; 4];

/// The key stream of one key and one nonce.
pub(crate) struct KeyStream {
    key: [[u32; 4]; 2],
    nonce: [u32; 2],
}

impl KeyStream {
    pub(crate) fn new(key: &[u8; 32], nonce: [u8; 8]) -> Self {
        let mut stream = Self {
            key: [[0; 4]; 2],
            nonce: [0; 2],
        };
        let words = stream.key.as_flattened_mut().iter_mut();
        let (bytes, _) = key.as_chunks();
        for (word, bytes) in words.zip(bytes) {
            *word = u32::from_le_bytes(*bytes);
        }
        let (bytes, _) = nonce.as_chunks();
        for (word, bytes) in stream.nonce.iter_mut().zip(bytes) {
            *word = u32::from_le_bytes(*bytes);
        }
        stream
    }

    /// Encrypts or decrypts `text` with the stream from block number `block` on.
    pub(crate) fn apply(&self, mut block: u64, text: &mut [u8]) {
        let (runs, rest) = text.as_chunks_mut();
        for run in runs {
            self.apply_run(block, run);
            block = block.wrapping_add(RUN_BLOCKS);
        }
        if !rest.is_empty() {
            let mut run = [0; RUN_LEN];
            self.apply_run(block, &mut run);
            xor(rest, &run);
            run.zeroize();
        }
    }

    /// Encrypts or decrypts four blocks.
    pub(crate) fn apply_run(&self, block: u64, run: &mut [u8; RUN_LEN]) {
        let (quarters, _) = run.as_chunks_mut();
        let (blocks, _) = quarters.as_chunks_mut::<4>();
        for (text, stream) in blocks.iter_mut().zip(self.blocks(block)) {
            for (text, stream) in text.iter_mut().zip(stream) {
                stream.xor_into(text);
            }
        }
    }

    /// Computes four blocks, each in four vectors of 16 bytes.
    fn blocks(&self, block: u64) -> Rows {
        let start = self.rows(block);
        let mut rows = start;
        for _ in 0..DOUBLE_ROUNDS {
            double_round(&mut rows);
        }
        for (row, start) in rows.iter_mut().zip(start) {
            for (word, start) in row.iter_mut().zip(start) {
                *word = word.add(start);
            }
        }
        let [a, b, c, d] = rows.map(Lanes::transpose);
        let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (a, b);
        let ([c0, c1, c2, c3], [d0, d1, d2, d3]) = (c, d);
        [
            [a0, b0, c0, d0],
            [a1, b1, c1, d1],
            [a2, b2, c2, d2],
            [a3, b3, c3, d3],
        ]
    }

    /// The state before the first round.
    fn rows(&self, block: u64) -> Rows {
        let counters = [0, 1, 2, 3].map(|lane| halves(block.wrapping_add(lane)));
        let low = Lanes::new(counters.map(|(low, _)| low));
        let high = Lanes::new(counters.map(|(_, high)| high));
        let [first, second] = self.key.map(|half| half.map(Lanes::splat));
        let [nonce_0, nonce_1] = self.nonce.map(Lanes::splat);
        let counted = [low, high, nonce_0, nonce_1];
        [CONSTANTS.map(Lanes::splat), first, second, counted]
    }
}

impl Drop for KeyStream {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// Combines `text` with the beginning of `stream`.
pub(crate) fn xor(text: &mut [u8], stream: &[u8]) {
    for (text, stream) in text.iter_mut().zip(stream) {
        *text ^= stream;
    }
}

/// The low and the high word.
fn halves(number: u64) -> (u32, u32) {
    let mut words = [0; 2];
    let bytes = number.to_le_bytes();
    let (bytes, _) = bytes.as_chunks();
    for (word, bytes) in words.iter_mut().zip(bytes) {
        *word = u32::from_le_bytes(*bytes);
    }
    words.into()
}

/// A round of columns and one of diagonals ([RFC 8439 §2.3]).
///
/// [RFC 8439 §2.3]: https://www.rfc-editor.org/rfc/rfc8439#section-2.3
#[inline]
fn double_round(rows: &mut Rows) {
    let [a, b, c, d] = rows;
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (a, b);
    let ([c0, c1, c2, c3], [d0, d1, d2, d3]) = (c, d);
    quarter_round(a0, b0, c0, d0);
    quarter_round(a1, b1, c1, d1);
    quarter_round(a2, b2, c2, d2);
    quarter_round(a3, b3, c3, d3);
    quarter_round(a0, b1, c2, d3);
    quarter_round(a1, b2, c3, d0);
    quarter_round(a2, b3, c0, d1);
    quarter_round(a3, b0, c1, d2);
}

/// [RFC 8439 §2.1], on the same words of four blocks.
///
/// [RFC 8439 §2.1]: https://www.rfc-editor.org/rfc/rfc8439#section-2.1
#[inline]
fn quarter_round(a: &mut Lanes, b: &mut Lanes, c: &mut Lanes, d: &mut Lanes) {
    *a = a.add(*b);
    *d = d.xor(*a).rotate_16();
    *c = c.add(*d);
    *b = b.xor(*c).rotate::<12, 20>();
    *a = a.add(*b);
    *d = d.xor(*a).rotate_8();
    *c = c.add(*d);
    *b = b.xor(*c).rotate::<7, 25>();
}
