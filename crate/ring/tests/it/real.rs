//! Equality with the crate that this one stands in for.

use proptest::prelude::*;
use ring::aead::{AES_128_GCM, AES_256_GCM, Algorithm};
use ring_real::aead as real;
use ring_real::aead::BoundKey;

use crate::support;

struct Once(Option<[u8; 12]>);

impl real::NonceSequence for Once {
    fn advance(&mut self) -> Result<real::Nonce, ring_real::error::Unspecified> {
        let nonce = self.0.take().ok_or(ring_real::error::Unspecified)?;
        Ok(real::Nonce::assume_unique_for_key(nonce))
    }
}

fn real_seal(
    algorithm: &'static real::Algorithm,
    key: &[u8],
    nonce: [u8; 12],
    aad: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    let key = real::UnboundKey::new(algorithm, key).unwrap();
    let mut key = real::SealingKey::new(key, Once(Some(nonce)));
    let mut text = plaintext.to_vec();
    let aad = real::Aad::from(aad);
    let tag = key.seal_in_place_separate_tag(aad, &mut text).unwrap();
    text.extend_from_slice(tag.as_ref());
    text
}

/// Texts of every shape: none, part of a block, many blocks, a whole packet and beyond.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        prop::collection::vec(any::<u8>(), 80..1500),
        prop::collection::vec(any::<u8>(), 32_000..36_000),
    ]
}

fn same_gcm(
    ours: &'static Algorithm,
    theirs: &'static real::Algorithm,
    key: &[u8],
    nonce: [u8; 12],
    aad: &[u8],
    text: &[u8],
) -> Result<(), TestCaseError> {
    let sealed = support::seal(ours, key, &nonce, aad, text);
    prop_assert!(
        sealed == real_seal(theirs, key, nonce, aad, text),
        "sealed differently"
    );
    let opened = support::open(ours, key, &nonce, aad, &sealed);
    prop_assert!(opened.as_deref() == Ok(text), "opened differently");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn aes_128_gcm_seals_as_the_real_one(
        key: [u8; 16],
        nonce: [u8; 12],
        aad in prop::collection::vec(any::<u8>(), 0..40),
        text in texts(),
    ) {
        same_gcm(&AES_128_GCM, &real::AES_128_GCM, &key, nonce, &aad, &text)?;
    }

    #[test]
    fn aes_256_gcm_seals_as_the_real_one(
        key: [u8; 32],
        nonce: [u8; 12],
        aad in prop::collection::vec(any::<u8>(), 0..40),
        text in texts(),
    ) {
        same_gcm(&AES_256_GCM, &real::AES_256_GCM, &key, nonce, &aad, &text)?;
    }

    #[test]
    fn chacha20_poly1305_openssh_seals_and_opens_as_the_real_one(
        payload_key: [u8; 32],
        length_key: [u8; 32],
        number: u32,
        length: [u8; 4],
        text in texts(),
    ) {
        use real::chacha20_poly1305_openssh as theirs;
        use ring::aead::chacha20_poly1305_openssh as ours;

        let keys: [u8; 64] = [payload_key, length_key].concat().try_into().unwrap();
        let plaintext = [length.as_slice(), &text].concat();
        let (mut one, mut other) = (plaintext.clone(), plaintext.clone());
        let (mut one_tag, mut other_tag) = ([0; 16], [0; 16]);
        ours::SealingKey::new(&keys).seal_in_place(number, &mut one, &mut one_tag);
        theirs::SealingKey::new(&keys).seal_in_place(number, &mut other, &mut other_tag);
        prop_assert!(one == other && one_tag == other_tag, "sealed differently");

        let encrypted = one[..4].try_into().unwrap();
        let (ours, theirs) = (ours::OpeningKey::new(&keys), theirs::OpeningKey::new(&keys));
        prop_assert_eq!(ours.decrypt_packet_length(number, encrypted), length);
        prop_assert_eq!(theirs.decrypt_packet_length(number, encrypted), length);
        let opened = ours.open_in_place(number, &mut one, &one_tag);
        prop_assert!(opened == Ok(text.as_slice()), "opened differently");
        // What is left in the buffer, too.
        theirs.open_in_place(number, &mut other, &other_tag).unwrap();
        prop_assert!(one == other, "the buffers differ");
    }
}
