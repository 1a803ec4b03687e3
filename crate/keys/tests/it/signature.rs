//! Encodings of WebCrypto against those of OpenSSH.

use anyhow::Result;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use proptest::prelude::*;
use transom_keys::{PrivateKey, PublicKey, SignatureAlgorithm};
use transom_testkit::make_key;

#[test]
fn a_point_or_two_numbers_make_the_key_that_ssh_keygen_made() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, arguments) in [
        ("ed25519", ["-t", "ed25519", "-b", "256"]),
        ("p256", ["-t", "ecdsa", "-b", "256"]),
        ("p384", ["-t", "ecdsa", "-b", "384"]),
        ("rsa", ["-t", "rsa", "-b", "3072"]),
    ] {
        let file = make_key(folder.path(), name, &arguments, "")?;
        let private = PrivateKey::parse(&file.private()?, None)?;
        let data = private.as_ssh_key().public_key().key_data();
        let rebuilt = match name {
            "ed25519" => PublicKey::from_ed25519_point(&data.ed25519().unwrap().0)?,
            "rsa" => {
                let rsa = data.rsa().unwrap();
                // What a JSON Web Key holds has no sign byte.
                let (e, n) = (rsa.e().as_positive_bytes(), rsa.n().as_positive_bytes());
                let text =
                    |number: Option<&[u8]>| Base64UrlUnpadded::encode_string(number.unwrap());
                PublicKey::from_rsa_base64url(&text(e), &text(n))?
            }
            _ => PublicKey::from_ecdsa_point(data.ecdsa().unwrap().as_sec1_bytes())?,
        };
        assert_eq!(rebuilt, private.public_key(), "{name}");
        assert!(SignatureAlgorithm::of(&rebuilt, true).is_some());
    }
    Ok(())
}

#[test]
fn what_is_no_point_makes_no_key() {
    assert!(PublicKey::from_ed25519_point(&[1; 31]).is_err());
    assert!(PublicKey::from_ecdsa_point(&[4; 64]).is_err());
    assert!(PublicKey::from_ecdsa_point(&[2; 65]).is_err());
    assert!(PublicKey::from_ecdsa_point(&[]).is_err());
}

#[test]
fn the_numbers_of_a_signature_have_no_zeros_in_front_and_no_sign() {
    let mut raw = [0; 64];
    raw[1] = 0x80; // r: 31 bytes, highest bit set
    raw[63] = 1; // s: 1
    let blob = SignatureAlgorithm::EcdsaP256.encode(&raw);
    let mut wanted = b"\0\0\0\x13ecdsa-sha2-nistp256\0\0\0\x29\0\0\0\x20\0\x80".to_vec();
    wanted.extend_from_slice(&[0; 30]);
    wanted.extend_from_slice(b"\0\0\0\x01\x01");
    assert_eq!(blob, wanted);
}

proptest! {
    #[test]
    fn every_signature_is_read_back_by_ssh_key(r in prop::array::uniform32(1_u8..), s in prop::array::uniform32(1_u8..)) {
        let raw = [r, s].concat();
        for way in [SignatureAlgorithm::EcdsaP256, SignatureAlgorithm::Ed25519] {
            let blob = way.encode(&raw);
            prop_assert!(ssh_key::Signature::try_from(blob.as_slice()).is_ok());
        }
    }
}
