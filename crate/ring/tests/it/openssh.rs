//! `chacha20-poly1305@openssh.com` against the vectors of RFC 8439.
//!
//! The RFC counts blocks in 32 bits and has nonces of 96; OpenSSH's cipher has 64 of both. So the
//! vectors whose nonce begins with eight zero bytes apply, with the rest as sequence number.

use hex_literal::hex;
use ring::aead::chacha20_poly1305_openssh::{KEY_LEN, OpeningKey, SealingKey, TAG_LEN};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One key for the payload and one for the packet's length.
fn keys(payload: [u8; 32], length: [u8; 32]) -> [u8; KEY_LEN] {
    let mut keys = [0; KEY_LEN];
    keys[..32].copy_from_slice(&payload);
    keys[32..].copy_from_slice(&length);
    keys
}

/// A key whose last byte is `last`, the others zero, as the RFC's vectors have them.
fn key_ending_in(last: u8) -> [u8; 32] {
    let mut key = [0; 32];
    key[31] = last;
    key
}

/// Returns packet and tag.
fn seal(keys: &[u8; KEY_LEN], sequence_number: u32, packet: &[u8]) -> (Vec<u8>, [u8; TAG_LEN]) {
    let mut packet = packet.to_vec();
    let mut tag = [0; TAG_LEN];
    SealingKey::new(keys).seal_in_place(sequence_number, &mut packet, &mut tag);
    (packet, tag)
}

#[test]
fn the_length_is_encrypted_with_block_0_and_the_payload_with_block_1() {
    // RFC 8439 A.1, vectors 1 and 2: key and nonce zero, blocks 0 and 1.
    let block_0 = hex!("76b8e0ada0f13d90405d6ae55386bd28");
    let block_1 = hex!(
        "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed
         29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"
    );
    let (packet, _) = seal(&[0; KEY_LEN], 0, &[0; 68]);
    assert_eq!(packet[..4], block_0[..4]);
    assert_eq!(packet[4..], block_1);
}

#[test]
fn the_sequence_number_is_the_nonce_in_network_order() {
    // RFC 8439 A.1, vector 5: key zero, last byte of the nonce 2, block 0.
    let (packet, _) = seal(&[0; KEY_LEN], 2, &[0; 4]);
    assert_eq!(packet, hex!("c2c64d37"));
}

#[test]
fn a_long_payload_is_that_of_the_rfc() {
    // RFC 8439 A.2, vector 2: last byte of key 1, of nonce 2, from block 1 on.
    let plaintext = b"Any submission to the IETF intended by the Contributor for publication as \
        all or part of an IETF Internet-Draft or RFC and any statement made within the context of \
        an IETF activity is considered an \"IETF Contribution\". Such statements include oral \
        statements in IETF sessions, as well as written and electronic communications made at any \
        time or place, which are addressed to";
    let ciphertext = hex!(
        "a3fbf07df3fa2fde4f376ca23e82737041605d9f4f4f57bd8cff2c1d4b7955ec
         2a97948bd3722915c8f3d337f7d370050e9e96d647b7c39f56e031ca5eb6250d
         4042e02785ececfa4b4bb5e8ead0440e20b6e8db09d881a7c6132f420e527950
         42bdfa7773d8a9051447b3291ce1411c680465552aa6c405b7764d5e87bea85a
         d00f8449ed8f72d0d662ab052691ca66424bc86d2df80ea41f43abf937d3259d
         c4b2d0dfb48a6c9139ddd7f76966e928e635553ba76c5c879d7b35d49eb2e62b
         0871cdac638939e25e8a1e0ef9d5280fa8ca328b351c3c765989cbcf3daa8b6c
         cc3aaf9f3979c92b3720fc88dc95ed84a1be059c6499b9fda236e7e818b04b0b
         c39c1e876b193bfe5569753f88128cc08aaa9b63d1a16f80ef2554d7189c411f
         5869ca52c5b83fa36ff216b9c1d30062bebcfd2dc5bce0911934fda79a86f6e6
         98ced759c3ff9b6477338f3da4f9cd8514ea9982ccafb341b2384dd902f3d1ab
         7ac61dd29c6f21ba5b862f3730e37cfdc4fd806c22f221"
    );
    let keys = keys(key_ending_in(1), [0; 32]);
    let (packet, _) = seal(&keys, 2, &[&[0; 4], plaintext.as_slice()].concat());
    assert_eq!(packet[4..], ciphertext);
}

#[test]
fn the_tag_covers_length_and_payload_with_the_key_of_block_0() {
    // Without a payload, Poly1305 (RFC 8439 §2.5) of four bytes can be checked by hand: with r
    // and s the halves of block 0, the tag is (m + 2^32) · r mod 2^130 − 5, plus s. Its key here
    // is that of RFC 8439 A.4, vector 2.
    let keys = keys(key_ending_in(1), [0; 32]);
    let (packet, tag) = seal(&keys, 2, &[0; 4]);
    assert_eq!(packet, hex!("c2c64d37"));
    assert_eq!(tag, hex!("3fe88a18787c8ba63f476cd3e07138db"));
}

#[test]
fn a_packet_survives_the_way_there_and_back() {
    let keys = keys([7; 32], [9; 32]);
    for length in 4..300 {
        let plaintext: Vec<u8> = (0..=255).cycle().take(length).collect();
        let (mut packet, tag) = seal(&keys, 0xffff_fff0, &plaintext);
        let key = OpeningKey::new(&keys);
        let encrypted = packet[..4].try_into().unwrap();
        assert_eq!(
            key.decrypt_packet_length(0xffff_fff0, encrypted),
            plaintext[..4]
        );
        let opened = key.open_in_place(0xffff_fff0, &mut packet, &tag).unwrap();
        assert_eq!(opened, &plaintext[4..]);
    }
}

#[test]
fn a_change_of_packet_tag_or_number_is_refused_and_nothing_decrypted() {
    let keys = keys([7; 32], [9; 32]);
    let (packet, tag) = seal(&keys, 5, b"....a payload of some length");
    let refuses = |packet: &[u8], tag: &[u8; TAG_LEN], number| {
        let mut text = packet.to_vec();
        OpeningKey::new(&keys)
            .open_in_place(number, &mut text, tag)
            .is_err()
            && text == packet
    };
    assert!(!refuses(&packet, &tag, 5));
    assert!(refuses(&packet, &tag, 6));
    for position in 0..packet.len() {
        let mut packet = packet.clone();
        packet[position] ^= 0x10;
        assert!(refuses(&packet, &tag, 5), "{position}");
    }
    for position in 0..TAG_LEN {
        let mut tag = tag;
        tag[position] ^= 1;
        assert!(refuses(&packet, &tag, 5), "{position}");
    }
}

#[test]
fn a_packet_without_a_length_is_refused_and_never_sent_in_the_clear() {
    let keys = keys([7; 32], [9; 32]);
    for length in 1..4 {
        let (mut packet, tag) = seal(&keys, 1, &vec![b'x'; length]);
        assert_ne!(packet, vec![b'x'; length]);
        assert!(
            OpeningKey::new(&keys)
                .open_in_place(1, &mut packet, &tag)
                .is_err()
        );
    }
}
