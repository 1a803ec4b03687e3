//! The algorithms that we offer, best first.
//!
//! No SHA-1, no CBC, no MAC that is computed before encryption, no compression (it leaks lengths,
//! and the relay would gain nothing). Strict key exchange is always offered: OpenSSH PROTOCOL
//! §1.10.

use std::borrow::Cow;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg};
use russh::{Preferred, cipher, compression, kex, mac};

/// Post-quantum first, then elliptic curves, then Diffie-Hellman for old servers. Groups 14 and
/// 15 are left out: 3072 bits are the least that is not worse than the ciphers. So are the curves of
/// NIST: nobody can tell how they were chosen, and servers that may use no others have groups as well.
const KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::DH_GEX_SHA256,
    kex::DH_G16_SHA512,
    kex::DH_G18_SHA512,
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
];

/// ChaCha20 first: in WebAssembly it is several times faster than AES.
const CIPHERS: &[cipher::Name] = &[
    cipher::CHACHA20_POLY1305,
    cipher::AES_256_GCM,
    cipher::AES_128_GCM,
    cipher::AES_256_CTR,
    cipher::AES_192_CTR,
    cipher::AES_128_CTR,
];

const MACS: &[mac::Name] = &[mac::HMAC_SHA256_ETM, mac::HMAC_SHA512_ETM];

const HOST_KEYS: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP256,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP384,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP521,
    },
    Algorithm::Rsa {
        hash: Some(HashAlg::Sha512),
    },
    Algorithm::Rsa {
        hash: Some(HashAlg::Sha256),
    },
];

/// For servers that know nothing better, and only where a person said so: groups of 1024 and 2048 bits,
/// curves of NIST, SHA-1, CBC, and MACs that are computed before encryption.
const OLD_KEX: &[kex::Name] = &[
    kex::ECDH_SHA2_NISTP256,
    kex::ECDH_SHA2_NISTP384,
    kex::ECDH_SHA2_NISTP521,
    kex::DH_G14_SHA256,
    kex::DH_G15_SHA512,
    kex::DH_GEX_SHA1,
    kex::DH_G14_SHA1,
    kex::DH_G1_SHA1,
];

/// See [`OLD_KEX`].
const OLD_CIPHERS: &[cipher::Name] = &[
    cipher::AES_256_CBC,
    cipher::AES_192_CBC,
    cipher::AES_128_CBC,
];

/// See [`OLD_KEX`].
const OLD_MACS: &[mac::Name] = &[
    mac::HMAC_SHA256,
    mac::HMAC_SHA512,
    mac::HMAC_SHA1_ETM,
    mac::HMAC_SHA1,
];

/// Our lists, with the host key types that are known moved to the front.
pub(crate) fn preferred(options: &crate::Options) -> Preferred {
    let known = &options.known_key_types;
    let (mut key, rest): (Vec<_>, Vec<_>) = HOST_KEYS
        .iter()
        .cloned()
        .partition(|algorithm| known.iter().any(|name| *name == key_type(algorithm)));
    key.extend(rest);
    let certified = key.clone();
    if options.legacy {
        key.push(Algorithm::Rsa { hash: None });
    }
    // A server that has a certificate shows it then, and its key alone otherwise. Asking where no
    // authority is known would only hide the key behind something that nobody can judge.
    let certificates = if options.host_certificates {
        Cow::Owned(certified)
    } else {
        Cow::Borrowed(&[][..])
    };
    Preferred {
        kex: with_old(KEX, OLD_KEX, options.legacy),
        key: Cow::Owned(key),
        host_key_certificates: certificates,
        cipher: with_old(CIPHERS, OLD_CIPHERS, options.legacy),
        mac: with_old(MACS, OLD_MACS, options.legacy),
        compression: Cow::Borrowed(&[compression::NONE]),
    }
}

/// The old ones come last: the client's order decides (RFC 4253 §7.1).
fn with_old<T: Copy>(good: &'static [T], old: &'static [T], legacy: bool) -> Cow<'static, [T]> {
    if legacy {
        Cow::Owned([good, old].concat())
    } else {
        Cow::Borrowed(good)
    }
}

/// The type of key that makes signatures of `algorithm`: RSA keys make several kinds.
fn key_type(algorithm: &Algorithm) -> &str {
    if matches!(algorithm, Algorithm::Rsa { .. }) {
        "ssh-rsa"
    } else {
        algorithm.as_str()
    }
}
