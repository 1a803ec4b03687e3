//! `chacha20-poly1305@openssh.com` against RustCrypto's ChaCha20 and Poly1305, natively and in
//! WebAssembly, where other code computes it.

use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use ring::aead::chacha20_poly1305_openssh::{KEY_LEN, OpeningKey, SealingKey, TAG_LEN};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Packets that are compared.
const CASES: u64 = 100_000;

/// Longest packet, beyond the longest that SSH demands (RFC 4253 §6.1).
const LONGEST: usize = 36_000;

/// A generator whose sequence is the same in every run: splitmix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        for chunk in bytes.chunks_mut(8) {
            for (byte, random) in chunk.iter_mut().zip(self.next().to_le_bytes()) {
                *byte = random;
            }
        }
        bytes
    }

    /// Mostly short, so that every remainder of four blocks is met often.
    pub(crate) fn packet(&mut self) -> Vec<u8> {
        let limit = match self.below(200) {
            0 => LONGEST,
            1..=20 => 4_000,
            _ => 600,
        };
        let count = self.below(limit);
        self.bytes(count)
    }
}

/// Seals as OpenSSH PROTOCOL.chacha20poly1305 says, with RustCrypto alone.
fn expected(keys: &[u8; KEY_LEN], number: u32, packet: &[u8]) -> (Vec<u8>, [u8; TAG_LEN]) {
    let nonce = u64::from(number).to_be_bytes();
    let (payload_key, length_key) = keys.split_at(32);
    let stream = |key: &[u8]| ChaCha20Legacy::new(key.try_into().unwrap(), &nonce.into());
    let mut sealed = packet.to_vec();
    let (length, payload) = sealed.split_at_mut(packet.len().min(4));
    stream(length_key).apply_keystream(length);
    let mut poly_key = poly1305::Key::default();
    let mut stream = stream(payload_key);
    stream.apply_keystream(&mut poly_key);
    stream.seek(64_u64);
    stream.apply_keystream(payload);
    let tag = Poly1305::new(&poly_key).compute_unpadded(&sealed);
    (sealed, tag.into())
}

#[test]
fn a_hundred_thousand_packets_are_sealed_and_opened_as_by_rustcrypto() {
    let mut random = Random(1);
    for case in 0..CASES {
        let keys: [u8; KEY_LEN] = random.bytes(KEY_LEN).try_into().unwrap();
        let number = u32::try_from(random.next() >> 32).unwrap();
        let packet = random.packet();
        let mut sealed = packet.clone();
        let mut tag = [0; TAG_LEN];
        SealingKey::new(&keys).seal_in_place(number, &mut sealed, &mut tag);
        let ours = (sealed, tag);
        assert!(ours == expected(&keys, number, &packet), "case {case}");
        let (mut sealed, tag) = ours;
        let opened = OpeningKey::new(&keys).open_in_place(number, &mut sealed, &tag);
        if let Some(payload) = packet.get(4..) {
            assert!(opened == Ok(payload), "case {case} opens differently");
        }
    }
}
