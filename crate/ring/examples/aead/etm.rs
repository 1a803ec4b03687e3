//! `aes128-ctr` with `hmac-sha2-256-etm@openssh.com` as russh has them, for whichever AES-CTR.

use aes_gcm::aes::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a packet's length, which are authenticated and not encrypted.
const PACKET_LENGTH_LEN: usize = 4;

/// Seals and opens `packets` packets; returns how many were opened.
pub(crate) fn seal_and_open<C>(packet: &mut [u8], packets: u32) -> Option<u32>
where
    C: KeyIvInit + StreamCipher + StreamCipherSeek,
{
    let mut position = 0_u64;
    for number in 0..packets {
        let sealed = {
            encrypt::<C>(position, packet)?;
            tag(number, packet)?
        };
        let opened = tag(number, packet)?;
        position = encrypt::<C>(position, packet)?;
        (sealed == opened).then_some(())?;
    }
    Some(packets)
}

/// Encrypts or decrypts; returns where the next packet begins. russh expands the key for each packet.
fn encrypt<C>(position: u64, packet: &mut [u8]) -> Option<u64>
where
    C: KeyIvInit + StreamCipher + StreamCipherSeek,
{
    let (_, payload) = packet.split_at_mut_checked(PACKET_LENGTH_LEN)?;
    let mut cipher = C::new_from_slices(&[9; 16], &[1; 16]).ok()?;
    cipher.try_seek(position).ok()?;
    cipher.try_apply_keystream(payload).ok()?;
    cipher.try_current_pos().ok()
}

fn tag(number: u32, packet: &[u8]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&[3; 32]).ok()?;
    mac.update(&number.to_be_bytes());
    mac.update(packet);
    Some(mac.finalize().into_bytes().into())
}
