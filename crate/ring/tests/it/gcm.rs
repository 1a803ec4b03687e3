//! AES-GCM against the vectors of NIST.

use hex_literal::hex;
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, BoundKey, OpeningKey, SealingKey, UnboundKey,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{Once, open, seal};

struct Vector {
    algorithm: &'static Algorithm,
    key: &'static [u8],
    nonce: [u8; 12],
    plaintext: &'static [u8],
    aad: &'static [u8],
    ciphertext: &'static [u8],
    tag: [u8; 16],
}

/// From NIST's Cryptographic Algorithm Validation Program, "GCM Test Vectors" (SP 800-38D), files
/// `gcmEncryptExtIV128.rsp` and `gcmEncryptExtIV256.rsp`: one of each shape, empty and not, whole
/// and part of a block.
const VECTORS: [Vector; 8] = [
    Vector {
        algorithm: &AES_128_GCM,
        key: &hex!("11754cd72aec309bf52f7687212e8957"),
        nonce: hex!("3c819d9a9bed087615030b65"),
        plaintext: &hex!(""),
        aad: &hex!(""),
        ciphertext: &hex!(""),
        tag: hex!("250327c674aaf477aef2675748cf6971"),
    },
    Vector {
        algorithm: &AES_128_GCM,
        key: &hex!("77be63708971c4e240d1cb79e8d77feb"),
        nonce: hex!("e0e00f19fed7ba0136a797f3"),
        plaintext: &hex!(""),
        aad: &hex!("7a43ec1d9c0a5a78a0b16533a6213cab"),
        ciphertext: &hex!(""),
        tag: hex!("209fcc8d3675ed938e9c7166709dd946"),
    },
    Vector {
        algorithm: &AES_128_GCM,
        key: &hex!("7fddb57453c241d03efbed3ac44e371c"),
        nonce: hex!("ee283a3fc75575e33efd4887"),
        plaintext: &hex!("d5de42b461646c255c87bd2962d3b9a2"),
        aad: &hex!(""),
        ciphertext: &hex!("2ccda4a5415cb91e135c2a0f78c9b2fd"),
        tag: hex!("b36d1df9b9d5e596f83e8b7f52971cb3"),
    },
    Vector {
        algorithm: &AES_128_GCM,
        key: &hex!("fe0121f42e599f88ff02a985403e19bb"),
        nonce: hex!("3bb9eb7724cbe1943d43de21"),
        plaintext: &hex!("fd331ca8646091c29f21e5f0a1"),
        aad: &hex!("2662d895035b6519f3510eae0faa3900ad23cfdf"),
        ciphertext: &hex!("59fe29b07b0de8d869efbbd9b4"),
        tag: hex!("d24c3e9c1c73c0af1097e26061c857de"),
    },
    Vector {
        algorithm: &AES_128_GCM,
        key: &hex!("2c1f21cf0f6fb3661943155c3e3d8492"),
        nonce: hex!("23cb5ff362e22426984d1907"),
        plaintext: &hex!(
            "42f758836986954db44bf37c6ef5e4ac0adaf38f27252a1b82d02ea949c8a1a2
             dbc0d68b5615ba7c1220ff6510e259f06655d8"
        ),
        aad: &hex!(
            "5d3624879d35e46849953e45a32a624d6a6c536ed9857c613b572b0333e70155
             7a713e3f010ecdf9a6bd6c9e3e44b065208645aff4aabee611b3915285141700
             84ccf587177f4488f33cfb5e979e42b6e1cfc0a60238982a7aec"
        ),
        ciphertext: &hex!(
            "81824f0e0d523db30d3da369fdc0d60894c7a0a20646dd015073ad2732bd989b
             14a222b6ad57af43e1895df9dca2a5344a62cc"
        ),
        tag: hex!("57a3ee28136e94c74838997ae9823f3a"),
    },
    Vector {
        algorithm: &AES_256_GCM,
        key: &hex!("69b458f2644af9020463b40ee503cdf083d693815e2659051ae0d039e606a970"),
        nonce: hex!("8d1da8ab5f91ccd09205944b"),
        plaintext: &hex!("f3e0e09224256bf21a83a5de8d"),
        aad: &hex!("036ad5e5494ef817a8af2f5828784a4bfedd1653"),
        ciphertext: &hex!("c0a62d77e6031bfdc6b13ae217"),
        tag: hex!("a794a9aaee48cd92e47761bf1baff0af"),
    },
    Vector {
        algorithm: &AES_256_GCM,
        key: &hex!("83688deb4af8007f9b713b47cfa6c73e35ea7a3aa4ecdb414dded03bf7a0fd3a"),
        nonce: hex!("0b459724904e010a46901cf3"),
        plaintext: &hex!("33d893a2114ce06fc15d55e454cf90c3"),
        aad: &hex!("794a14ccd178c8ebfd1379dc704c5e208f9d8424"),
        ciphertext: &hex!("cc66bee423e3fcd4c0865715e9586696"),
        tag: hex!("0fb291bd3dba94a1dfd8b286cfb97ac5"),
    },
    Vector {
        algorithm: &AES_256_GCM,
        key: &hex!("148579a3cbca86d5520d66c0ec71ca5f7e41ba78e56dc6eebd566fed547fe691"),
        nonce: hex!("b08a5ea1927499c6ecbfd4e0"),
        plaintext: &hex!(
            "9d0b15fdf1bd595f91f8b3abc0f7dec927dfd4799935a1795d9ce00c9b879434
             420fe42c275a7cd7b39d638fb81ca52b49dc41"
        ),
        aad: &hex!(
            "e4f963f015ffbb99ee3349bbaf7e8e8e6c2a71c230a48f9d59860a29091d2747
             e01a5ca572347e247d25f56ba7ae8e05cde2be3c97931292c02370208ecd097e
             f692687fecf2f419d3200162a6480a57dad408a0dfeb492e2c5d"
        ),
        ciphertext: &hex!(
            "2097e372950a5e9383c675e89eea1c314f999159f5611344b298cda45e628437
             16f215f82ee663919c64002a5c198d7878fd3f"
        ),
        tag: hex!("adbecdb0d5c2224d804d2886ff9a5760"),
    },
];

impl Vector {
    fn sealed(&self) -> Vec<u8> {
        [self.ciphertext, &self.tag].concat()
    }
}

#[test]
fn vectors_of_nist_are_sealed_and_opened() {
    for vector in VECTORS {
        let Vector {
            algorithm,
            key,
            nonce,
            plaintext,
            aad,
            ..
        } = vector;
        assert_eq!(
            seal(algorithm, key, &nonce, aad, plaintext),
            vector.sealed()
        );
        assert_eq!(
            open(algorithm, key, &nonce, aad, &vector.sealed()).unwrap(),
            plaintext
        );
    }
}

#[test]
fn a_change_of_any_byte_is_refused() {
    for vector in VECTORS {
        let Vector {
            algorithm,
            key,
            nonce,
            aad,
            ..
        } = vector;
        for position in 0..vector.sealed().len() {
            let mut sealed = vector.sealed();
            sealed[position] ^= 1;
            assert!(
                open(algorithm, key, &nonce, aad, &sealed).is_err(),
                "{position}"
            );
        }
        for position in 0..aad.len() {
            let mut aad = aad.to_vec();
            aad[position] ^= 0x80;
            assert!(open(algorithm, key, &nonce, &aad, &vector.sealed()).is_err());
        }
    }
}

#[test]
fn a_text_cut_anywhere_is_refused() {
    for vector in VECTORS {
        let Vector {
            algorithm,
            key,
            nonce,
            aad,
            ..
        } = vector;
        let sealed = vector.sealed();
        for length in 0..sealed.len() {
            assert!(
                open(algorithm, key, &nonce, aad, &sealed[..length]).is_err(),
                "{length}"
            );
        }
    }
}

#[test]
fn a_refused_text_is_not_decrypted() {
    let vector = &VECTORS[4];
    let key = UnboundKey::new(vector.algorithm, vector.key).unwrap();
    let mut key = OpeningKey::new(key, Once::new(&vector.nonce));
    let mut text = vector.sealed();
    let last = text.len() - 1;
    text[last] ^= 1;
    assert!(key.open_in_place(Aad::from(vector.aad), &mut text).is_err());
    assert_eq!(text[..last], vector.sealed()[..last]);
}

#[test]
fn a_key_of_another_length_is_refused() {
    for algorithm in [&AES_128_GCM, &AES_256_GCM] {
        for length in 0..64 {
            let made = UnboundKey::new(algorithm, &vec![0; length]);
            assert_eq!(
                made.is_ok(),
                length == algorithm.key_len(),
                "{algorithm:?} {length}"
            );
        }
    }
}

#[test]
fn a_sequence_that_ends_is_an_error() {
    let key = UnboundKey::new(&AES_128_GCM, &[0; 16]).unwrap();
    let mut key = SealingKey::new(key, Once::new(&[0; 12]));
    assert!(
        key.seal_in_place_separate_tag(Aad::from([]), &mut [])
            .is_ok()
    );
    assert!(
        key.seal_in_place_separate_tag(Aad::from([]), &mut [])
            .is_err()
    );
}

#[test]
fn lengths_are_those_of_rfc_5647() {
    assert_eq!((AES_128_GCM.key_len(), AES_256_GCM.key_len()), (16, 32));
    for algorithm in [&AES_128_GCM, &AES_256_GCM] {
        assert_eq!((algorithm.nonce_len(), algorithm.tag_len()), (12, 16));
    }
}
