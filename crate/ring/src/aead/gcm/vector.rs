//! By vectors of sixteen bytes, see [`transom_aes`] and [`crate::ghash`].

use subtle::ConstantTimeEq;
use transom_aes::{Aes, RUN_BLOCKS, RUN_LEN};
use zeroize::Zeroize;

use crate::aead::{NONCE_LEN, TAG_LEN};
use crate::error::Unspecified;
use crate::ghash::Ghash;

/// The counter that encrypts the tag; the text begins with the next one (NIST SP 800-38D, 7.1).
const FIRST: u128 = 1;

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
        let mut begin = [0; RUN_LEN];
        cipher.apply_run(0, &mut begin);
        let hash = Ghash::new(first_block(&begin));
        begin.zeroize();
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
        let stream = self.stream(nonce);
        stream.apply(text);
        Ok(self.tag(&stream, aad, text))
    }

    pub(in crate::aead) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), Unspecified> {
        let stream = self.stream(nonce);
        let expected = self.tag(&stream, aad, text);
        if !is_allowed(text.len()) || !bool::from(expected.as_slice().ct_eq(tag)) {
            return Err(Unspecified);
        }
        stream.apply(text);
        Ok(())
    }

    fn stream(&self, nonce: &[u8; NONCE_LEN]) -> Stream<'_> {
        let mut block = [0; 16];
        let (begin, _) = block.split_at_mut(NONCE_LEN);
        begin.copy_from_slice(nonce);
        let counter = u128::from_be_bytes(block) | FIRST;
        let mut begin = [0; RUN_LEN];
        self.0.cipher.apply_run(counter, &mut begin);
        Stream {
            cipher: &self.0.cipher,
            counter,
            begin,
        }
    }

    fn tag(&self, stream: &Stream<'_>, aad: &[u8], text: &[u8]) -> [u8; TAG_LEN] {
        let mut state = [0; TAG_LEN];
        self.0.hash.update(&mut state, aad);
        self.0.hash.update(&mut state, text);
        let lengths = (bits(aad) << 64) | bits(text);
        self.0.hash.update(&mut state, &lengths.to_be_bytes());
        for (byte, mask) in state.iter_mut().zip(stream.begin) {
            *byte ^= mask;
        }
        state
    }
}

/// The stream that encrypts one text, of which the beginning is computed together with what encrypts
/// the tag: most packets that a person causes need no more.
struct Stream<'key> {
    cipher: &'key Aes,
    counter: u128,
    /// The first blocks, from that of the tag on.
    begin: [u8; RUN_LEN],
}

impl Stream<'_> {
    /// Encrypts or decrypts.
    fn apply(&self, text: &mut [u8]) {
        let (_, begin) = self.begin.split_at(TAG_LEN);
        let (first, rest) = text.split_at_mut(text.len().min(begin.len()));
        for (byte, stream) in first.iter_mut().zip(begin) {
            *byte ^= stream;
        }
        // Which text is allowed makes sure that the count does not run into the nonce.
        self.cipher.apply(self.counter + RUN_BLOCKS, rest);
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        self.begin.zeroize();
    }
}

fn first_block(run: &[u8; RUN_LEN]) -> [u8; 16] {
    let mut block = [0; 16];
    for (byte, from) in block.iter_mut().zip(run) {
        *byte = *from;
    }
    block
}

/// Whether the counter does not come round (NIST SP 800-38D, 5.2.1.1).
fn is_allowed(length: usize) -> bool {
    u64::try_from(length).is_ok_and(|length| length <= (1 << 36) - 32)
}

fn bits(text: &[u8]) -> u128 {
    u128::try_from(text.len()).unwrap_or_default() * 8
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
