//! The ciphers as a WebAssembly program to be measured, ours and RustCrypto's; see `aead.mjs`.

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit};
use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use poly1305::Poly1305;
use ring::aead::chacha20_poly1305_openssh::{
    KEY_LEN, OpeningKey as ChaChaOpener, SealingKey as ChaChaSealer, TAG_LEN,
};
use ring::aead::{
    AES_128_GCM, Aad, BoundKey, NONCE_LEN, Nonce, NonceSequence, OpeningKey, SealingKey, UnboundKey,
};
use ring::error::Unspecified;

/// Bytes of a packet: a full one of OpenSSH.
const PACKET_BYTES: usize = 32 * 1024;

/// The nonces 0, 1, 2 and so on.
#[derive(Default)]
struct Counter(u32);

impl NonceSequence for Counter {
    fn advance(&mut self) -> Result<Nonce, Unspecified> {
        self.0 = self.0.wrapping_add(1);
        Ok(Nonce::assume_unique_for_key(nonce(self.0)))
    }
}

fn nonce(number: u32) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    for (byte, part) in nonce.iter_mut().zip(number.to_be_bytes()) {
        *byte = part;
    }
    nonce
}

/// Seals and opens packets; returns how many were opened.
///
/// - `which`: 0 and 1 are ChaCha20-Poly1305 of ours and of RustCrypto, 2 and 3 AES-128-GCM.
#[expect(
    unsafe_code,
    reason = "a name for JavaScript; no other function has it"
)]
#[unsafe(no_mangle)]
pub extern "C" fn seal_and_open(which: u32, packets: u32) -> u32 {
    let mut packet = vec![7; PACKET_BYTES];
    let opened = match which {
        0 => our_chacha(&mut packet, packets),
        1 => their_chacha(&mut packet, packets),
        2 => our_gcm(&mut packet, packets),
        _ => their_gcm(&mut packet, packets),
    };
    opened.unwrap_or_default()
}

fn our_chacha(packet: &mut [u8], packets: u32) -> Option<u32> {
    let keys = [9; KEY_LEN];
    let (sealer, opener) = (ChaChaSealer::new(&keys), ChaChaOpener::new(&keys));
    let mut tag = [0; TAG_LEN];
    for number in 0..packets {
        sealer.seal_in_place(number, packet, &mut tag);
        opener.open_in_place(number, packet, &tag).ok()?;
    }
    Some(packets)
}

fn their_chacha(packet: &mut [u8], packets: u32) -> Option<u32> {
    for number in 0..packets {
        let nonce = u64::from(number).to_be_bytes();
        let mut tags = [poly1305::Tag::default(); 2];
        for (tag, sealing) in tags.iter_mut().zip([true, false]) {
            let mut stream = ChaCha20Legacy::new(&[9; 32].into(), &nonce.into());
            let mut poly_key = poly1305::Key::default();
            stream.apply_keystream(&mut poly_key);
            stream.seek(64_u64);
            if sealing {
                stream.apply_keystream(packet);
            }
            *tag = Poly1305::new(&poly_key).compute_unpadded(packet);
            if !sealing {
                stream.apply_keystream(packet);
            }
        }
        let [sealed, opened] = tags;
        (sealed == opened).then_some(())?;
    }
    Some(packets)
}

fn our_gcm(packet: &mut [u8], packets: u32) -> Option<u32> {
    let key = || UnboundKey::new(&AES_128_GCM, &[9; 16]);
    let mut sealer = SealingKey::new(key().ok()?, Counter::default());
    let mut opener = OpeningKey::new(key().ok()?, Counter::default());
    let mut packet = [&*packet, &[0; TAG_LEN]].concat();
    for _ in 0..packets {
        let (text, tag) = packet.split_at_mut_checked(PACKET_BYTES)?;
        let made = sealer.seal_in_place_separate_tag(Aad::from([0; 4]), text);
        tag.copy_from_slice(made.ok()?.as_ref());
        opener.open_in_place(Aad::from([0; 4]), &mut packet).ok()?;
    }
    Some(packets)
}

fn their_gcm(packet: &mut [u8], packets: u32) -> Option<u32> {
    let cipher = Aes128Gcm::new(&[9; 16].into());
    for number in 0..packets {
        let nonce = nonce(number).into();
        let tag = cipher.encrypt_inout_detached(&nonce, &[0; 4], (&mut *packet).into());
        let tag = tag.ok()?;
        let opened = cipher.decrypt_inout_detached(&nonce, &[0; 4], (&mut *packet).into(), &tag);
        opened.ok()?;
    }
    Some(packets)
}
