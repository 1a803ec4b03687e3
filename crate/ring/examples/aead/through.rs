//! ChaCha20-Poly1305 and AES-128-GCM through ring's interface, which our stand-in and the real one
//! share: this file is compiled against either.

use ring::aead::chacha20_poly1305_openssh::{
    KEY_LEN, OpeningKey as ChaChaOpener, SealingKey as ChaChaSealer, TAG_LEN,
};
use ring::aead::{
    AES_128_GCM, Aad, BoundKey, NONCE_LEN, Nonce, NonceSequence, OpeningKey, SealingKey, UnboundKey,
};
use ring::error::Unspecified;

/// Bytes of a packet: a full one of OpenSSH.
pub(crate) const PACKET_BYTES: usize = 32 * 1024;

/// A nonce of AES-GCM.
pub(crate) fn nonce(number: u32) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    for (byte, part) in nonce.iter_mut().zip(number.to_be_bytes()) {
        *byte = part;
    }
    nonce
}

/// The nonces 1, 2 and so on.
#[derive(Default)]
struct Counter(u32);

impl NonceSequence for Counter {
    fn advance(&mut self) -> Result<Nonce, Unspecified> {
        self.0 = self.0.wrapping_add(1);
        Ok(Nonce::assume_unique_for_key(nonce(self.0)))
    }
}

/// Seals and opens `packets` packets with ChaCha20-Poly1305; returns how many were opened.
pub(crate) fn chacha(packet: &mut [u8], packets: u32) -> Option<u32> {
    let keys = [9; KEY_LEN];
    let (sealer, opener) = (ChaChaSealer::new(&keys), ChaChaOpener::new(&keys));
    let mut tag = [0; TAG_LEN];
    for number in 0..packets {
        sealer.seal_in_place(number, packet, &mut tag);
        opener.open_in_place(number, packet, &tag).ok()?;
    }
    Some(packets)
}

/// Seals and opens `packets` packets with AES-128-GCM; returns how many were opened.
pub(crate) fn gcm(packet: &mut [u8], packets: u32) -> Option<u32> {
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
