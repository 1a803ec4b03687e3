//! By tables of sixteen bytes, see [`crate::aes`] and [`crate::ghash`].

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::aead::{NONCE_LEN, TAG_LEN};
use crate::aes::Aes;
use crate::block::{Block, Bytes};
use crate::error::Unspecified;
use crate::ghash::Ghash;

/// Blocks that are encrypted side by side, so that one is looked up while another waits.
const SIDE_BY_SIDE: usize = 4;

/// Bytes of them.
const RUN_LEN: usize = 16 * SIDE_BY_SIDE;

/// The counter that encrypts the tag; the text begins with the next one (NIST SP 800-38D, 7.1).
const FIRST: u32 = 1;

/// An expanded key. Boxed, because its tables are large; wiped when dropped.
pub(in crate::aead) struct Gcm(Box<Keys>);

struct Keys {
    cipher: Aes,
    hash: Ghash,
}

impl Gcm {
    /// Expands a key of 16 or 32 bytes.
    pub(in crate::aead) fn new(key: &[u8]) -> Result<Self, Unspecified> {
        let cipher = Aes::new(key).ok_or(Unspecified)?;
        let [hash_key] = cipher.encrypt([Bytes::load(&Bytes::ZERO)]);
        let mut block = Bytes::ZERO;
        hash_key.store(&mut block);
        let hash = Ghash::new(block);
        block.zeroize();
        Ok(Self(Box::new(Keys { cipher, hash })))
    }

    pub(in crate::aead) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
    ) -> Result<[u8; TAG_LEN], Unspecified> {
        if !is_allowed(text.len()) {
            return Err(Unspecified);
        }
        self.apply(nonce, text);
        Ok(self.tag(nonce, aad, text))
    }

    pub(in crate::aead) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), Unspecified> {
        let expected = self.tag(nonce, aad, text);
        if !is_allowed(text.len()) || !bool::from(expected.as_slice().ct_eq(tag)) {
            return Err(Unspecified);
        }
        self.apply(nonce, text);
        Ok(())
    }

    /// Encrypts or decrypts.
    fn apply(&self, nonce: &[u8; NONCE_LEN], text: &mut [u8]) {
        let mut counter = FIRST + 1;
        let (runs, rest) = text.as_chunks_mut::<RUN_LEN>();
        for run in runs {
            self.apply_run(nonce, &mut counter, run);
        }
        if !rest.is_empty() {
            let mut run = [0; RUN_LEN];
            self.apply_run(nonce, &mut counter, &mut run);
            for (byte, stream) in rest.iter_mut().zip(run) {
                *byte ^= stream;
            }
            run.zeroize();
        }
    }

    #[inline]
    fn apply_run(&self, nonce: &[u8; NONCE_LEN], counter: &mut u32, run: &mut [u8; RUN_LEN]) {
        let counters = [(); SIDE_BY_SIDE].map(|()| {
            let block = counted(nonce, *counter);
            *counter = counter.wrapping_add(1);
            Bytes::load(&block)
        });
        let stream = self.0.cipher.encrypt(counters);
        let (blocks, _) = run.as_chunks_mut::<16>();
        for (block, stream) in blocks.iter_mut().zip(stream) {
            Bytes::load(block).xor(stream).store(block);
        }
    }

    fn tag(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], text: &[u8]) -> [u8; TAG_LEN] {
        let mut state = Bytes::ZERO;
        self.0.hash.update(&mut state, aad);
        self.0.hash.update(&mut state, text);
        let lengths = (bits(aad) << 64) | bits(text);
        self.0.hash.update(&mut state, &lengths.to_be_bytes());
        let first = Bytes::load(&counted(nonce, FIRST));
        let [mask] = self.0.cipher.encrypt([first]);
        mask.xor(Bytes::load(&state)).store(&mut state);
        state
    }
}

/// Whether the counter does not come round (NIST SP 800-38D, 5.2.1.1).
fn is_allowed(length: usize) -> bool {
    u64::try_from(length).is_ok_and(|length| length <= (1 << 36) - 32)
}

fn bits(text: &[u8]) -> u128 {
    u128::try_from(text.len()).unwrap_or_default() * 8
}

fn counted(nonce: &[u8; NONCE_LEN], counter: u32) -> Block {
    let mut block = Bytes::ZERO;
    let (begin, end) = block.split_at_mut(NONCE_LEN);
    begin.copy_from_slice(nonce);
    end.copy_from_slice(&counter.to_be_bytes());
    block
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::aead::gcm::native;

    /// Texts that are compared for each length of key; in a browser there are ten times as many.
    const CASES: usize = 5_000;

    /// A generator whose sequence is the same in every run: splitmix64.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }

        fn bytes(&mut self, count: u64) -> Vec<u8> {
            (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
        }
    }

    #[test]
    fn ten_thousand_texts_are_sealed_and_opened_as_by_rustcrypto() {
        let mut random = Random(1);
        for case in 0..CASES {
            for length in [16, 32] {
                let key = random.bytes(length);
                let nonce = random.bytes(12).try_into().unwrap();
                let aad_bytes = random.next() % 40;
                let aad = random.bytes(aad_bytes);
                let text_bytes = random.next() % if case % 100 == 0 { 4000 } else { 150 };
                let text = random.bytes(text_bytes);
                let (mut ours, mut theirs) = (text.clone(), text.clone());
                let gcm = Gcm::new(&key).unwrap();
                let tag = gcm.seal(&nonce, &aad, &mut ours).unwrap();
                let expected = native::Gcm::new(&key).unwrap();
                let expected = expected.seal(&nonce, &aad, &mut theirs).unwrap();
                assert!(ours == theirs && tag == expected, "case {case}");
                let mut wrong = tag;
                wrong[case % 16] ^= 1 << (case % 8);
                assert!(gcm.open(&nonce, &aad, &mut ours, &wrong).is_err());
                assert!(ours == theirs, "a refused text was decrypted");
                gcm.open(&nonce, &aad, &mut ours, &tag).unwrap();
                assert!(ours == text, "case {case} opens differently");
            }
        }
    }
}
