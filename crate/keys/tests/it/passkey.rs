//! Passkeys: their keys are those of OpenSSH, and their signatures have its fields.

use transom_keys::{Assertion, PublicKey, SignatureAlgorithm, passkey_request};
use transom_testkit::ssh_keygen;

const NAME: &str = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes(), bytes].concat()
}

/// A point that lies on P-256: its generator.
fn point() -> Vec<u8> {
    use p256::elliptic_curve::sec1::ToSec1Point;
    let secret = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    secret.public_key().to_sec1_point(false).as_bytes().to_vec()
}

#[test]
fn ssh_keygen_knows_the_key() -> anyhow::Result<()> {
    let key = PublicKey::from_passkey(&point(), "transom.example")?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("key.pub");
    std::fs::write(&path, key.to_openssh())?;
    let told = ssh_keygen(&["-l", "-f", &path.to_string_lossy()])?;
    assert!(
        told.contains(&key.fingerprint()) && told.contains("ECDSA-SK"),
        "{told}"
    );
    assert_eq!(
        SignatureAlgorithm::of(&key, true),
        Some(SignatureAlgorithm::Passkey)
    );
    assert!(PublicKey::from_passkey(&[4; 64], "x").is_err());
    assert!(PublicKey::from_passkey(&[2; 65], "x").is_err());
    Ok(())
}

#[test]
fn the_signature_has_the_fields_of_protocol_u2f() {
    let data = [&[9; 32][..], &[0x81], &[0, 0, 0, 5], b"ext"].concat();
    let der = [0x30, 7, 2, 2, 0, 0x80, 2, 1, 1];
    let assertion = Assertion {
        authenticator_data: &data,
        client_data: b"{}",
        origin: "https://a",
        signature: &der,
    };
    let raw = assertion.to_signature().unwrap();
    let numbers = [string(&[0, 0x80]), string(&[1])].concat();
    let expected = [
        string(NAME.as_bytes()),
        string(&numbers),
        vec![0x81, 0, 0, 0, 5],
        string(b"https://a"),
        string(b"{}"),
        string(b"ext"),
    ];
    assert_eq!(SignatureAlgorithm::Passkey.encode(&raw), expected.concat());
    for length in 0..37 {
        let short = Assertion {
            authenticator_data: &data[..length],
            ..assertion
        };
        assert_eq!(short.to_signature(), None, "{length}");
    }
    for length in 0..der.len() {
        let short = Assertion {
            signature: &der[..length],
            ..assertion
        };
        assert_eq!(short.to_signature(), None, "{length}");
    }
}

#[test]
fn the_request_gets_the_name_of_the_signature() {
    let begin = [
        string(b"session"),
        vec![50],
        string(b"tara"),
        string(b"ssh-connection"),
        string(b"publickey"),
        vec![1],
    ]
    .concat();
    let request = |name: &str| [begin.clone(), string(name.as_bytes()), string(b"blob")].concat();
    let theirs = request("sk-ecdsa-sha2-nistp256@openssh.com");
    assert_eq!(passkey_request(&theirs), Some(request(NAME)));
    assert_eq!(passkey_request(&request("ssh-ed25519")), None);
    for length in 0..theirs.len() - string(b"blob").len() {
        assert_eq!(passkey_request(&theirs[..length]), None, "{length}");
    }
}
