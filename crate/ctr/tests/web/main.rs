//! AES in counter mode in WebAssembly, where other code computes it: against the vectors of NIST, and
//! against the same mode over RustCrypto's AES.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what went wrong by panicking"
)]

#[path = "../it/nist.rs"]
mod nist;

use aes::{Aes128, Aes192, Aes256};
use ctr::cipher::{KeyIvInit, StreamCipher, StreamCipherCoreWrapper, StreamCipherSeek};
use ctr::{Ctr128BE, CtrCore, flavors};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Cases that are compared for each length of key.
const CASES: usize = 33_334;

type Rustcryptos<C> = StreamCipherCoreWrapper<CtrCore<C, flavors::Ctr128BE>>;

/// Bytes that are the same in every run: a stream of RustCrypto's AES.
struct Random(Rustcryptos<Aes128>);

impl Random {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.write_keystream(&mut bytes);
        bytes
    }

    fn below(&mut self, limit: u32) -> u32 {
        u32::from_le_bytes(self.bytes(4).try_into().unwrap()) % limit
    }
}

/// Compares pieces of a text, from anywhere in the stream on.
fn compare<Ours, Theirs>(seed: u8)
where
    Ours: KeyIvInit + StreamCipher + StreamCipherSeek,
    Theirs: KeyIvInit + StreamCipher + StreamCipherSeek,
{
    let random = Rustcryptos::<Aes128>::new(&[seed; 16].into(), &[0; 16].into());
    let mut random = Random(random);
    for case in 0..CASES {
        let key = random.bytes(Ours::key_size());
        // Half of them soon count over all of their bytes.
        let mut counter = random.bytes(16);
        if case % 2 == 0 {
            counter[..15].fill(0xff);
        }
        let mut ours = Ours::new_from_slices(&key, &counter).unwrap();
        let mut theirs = Theirs::new_from_slices(&key, &counter).unwrap();
        let begin = u64::from(random.below(1000));
        ours.seek(begin);
        theirs.seek(begin);
        for longest in [40, 600, 40] {
            let length = usize::try_from(random.below(longest)).unwrap();
            let text = random.bytes(length);
            let (mut our_text, mut their_text) = (text.clone(), vec![0; length]);
            ours.apply_keystream(&mut our_text);
            theirs.apply_keystream_b2b(&text, &mut their_text);
            assert!(our_text == their_text, "case {case}");
            assert_eq!(
                ours.current_pos::<u64>(),
                theirs.current_pos::<u64>(),
                "case {case}"
            );
        }
    }
}

#[wasm_bindgen_test]
fn a_hundred_thousand_texts_are_encrypted_as_by_rustcryptos_aes() {
    compare::<Ctr128BE<Aes128>, Rustcryptos<Aes128>>(1);
    compare::<Ctr128BE<Aes192>, Rustcryptos<Aes192>>(2);
    compare::<Ctr128BE<Aes256>, Rustcryptos<Aes256>>(3);
}
