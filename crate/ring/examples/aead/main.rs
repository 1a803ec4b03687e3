//! The ciphers as a WebAssembly program to be measured, ours and RustCrypto's; see `measure.mjs`.

mod etm;
mod through;

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::Aes128;
use aes_gcm::aes::cipher::StreamCipherCoreWrapper;
use chacha20::ChaCha20Legacy;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use poly1305::Poly1305;

use through::{PACKET_BYTES, nonce};

/// Counter mode over RustCrypto's AES.
type TheirCtr = StreamCipherCoreWrapper<ctr::CtrCore<Aes128, ctr::flavors::Ctr128BE>>;

/// Seals and opens packets; returns how many were opened.
///
/// - `which`: 0 and 1 are ChaCha20-Poly1305 of ours and of RustCrypto, 2 and 3 AES-128-GCM, 4 and 5
///   AES-128-CTR with HMAC-SHA-256, of which the latter is RustCrypto's in both.
#[expect(
    unsafe_code,
    reason = "a name for JavaScript; no other function has it"
)]
#[unsafe(no_mangle)]
pub extern "C" fn seal_and_open(which: u32, packets: u32) -> u32 {
    let mut packet = vec![7; PACKET_BYTES];
    let opened = match which {
        0 => through::chacha(&mut packet, packets),
        1 => their_chacha(&mut packet, packets),
        2 => through::gcm(&mut packet, packets),
        3 => their_gcm(&mut packet, packets),
        4 => etm::seal_and_open::<ctr::Ctr128BE<Aes128>>(&mut packet, packets),
        _ => etm::seal_and_open::<TheirCtr>(&mut packet, packets),
    };
    opened.unwrap_or_default()
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
