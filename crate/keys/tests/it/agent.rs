//! Messages to an agent: what is understood, and how little anything else does.

use anyhow::{Context as _, Result};
use proptest::prelude::*;
use transom_keys::{
    AgentBindings, AgentRequest, PrivateKey, SignRequest, SignatureAlgorithm, agent_identities,
    agent_signature,
};
use transom_testkit::make_key;

fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [&length, bytes].concat()
}

fn key(arguments: &[&str]) -> Result<PrivateKey> {
    let folder = tempfile::tempdir()?;
    let file = make_key(folder.path(), "key", arguments, "")?;
    Ok(PrivateKey::parse(&file.private()?, None)?)
}

fn bind(host: &PrivateKey, session: &[u8], forwarding: u8) -> Result<Vec<u8>> {
    let way = SignatureAlgorithm::of(&host.public_key(), true).context("no way")?;
    let signature = way.encode(&host.sign(way, session)?);
    let mut message = vec![27];
    message.extend(string(b"session-bind@openssh.com"));
    message.extend(string(&host.public_key().to_blob()));
    message.extend(string(session));
    message.extend(string(&signature));
    message.push(forwarding);
    Ok(message)
}

/// What a client signs to log in.
fn log_in(key: &[u8], session: &[u8], host_key: Option<&[u8]>) -> Vec<u8> {
    let mut data = string(session);
    data.push(50);
    data.extend(string(b"tara"));
    data.extend(string(b"ssh-connection"));
    data.extend(string(match host_key {
        Some(_) => b"publickey-hostbound-v00@openssh.com",
        None => b"publickey",
    }));
    data.push(1);
    data.extend(string(b"ssh-ed25519"));
    data.extend(string(key));
    data.extend(host_key.map(string).unwrap_or_default());
    data
}

fn sign(key: &[u8], data: &[u8], flags: u32) -> Vec<u8> {
    let mut message = vec![13];
    message.extend(string(key));
    message.extend(string(data));
    message.extend(flags.to_be_bytes());
    message
}

fn request(message: &[u8]) -> SignRequest {
    match AgentRequest::parse(message) {
        AgentRequest::Sign(request) => Some(request),
        _ => None,
    }
    .unwrap()
}

fn take(bindings: &mut AgentBindings, message: &[u8]) -> bool {
    match AgentRequest::parse(message) {
        AgentRequest::Bind(bind) => bindings.bind(bind).is_ok(),
        _ => false,
    }
}

#[test]
fn a_signature_is_for_the_session_and_the_server_that_were_bound_last() -> Result<()> {
    let (person, edge, db) = (
        key(&["-t", "ed25519"])?,
        key(&["-t", "ecdsa"])?,
        key(&["-t", "rsa", "-b", "2048"])?,
    );
    let blob = person.public_key().to_blob();
    let db_blob = db.public_key().to_blob();
    let wish = |session: &[u8], host| request(&sign(&blob, &log_in(&blob, session, host), 0));
    let mut bindings = AgentBindings::default();
    // Not bound: nobody knows where to.
    assert_eq!(bindings.judge(&wish(b"two", None)), Ok(None));

    assert!(take(&mut bindings, &bind(&edge, b"one", 1)?));
    // Only passed through.
    assert!(bindings.judge(&wish(b"one", None)).is_err());
    assert!(take(&mut bindings, &bind(&db, b"two", 0)?));
    for host in [None, Some(db_blob.as_slice())] {
        let hop = bindings.judge(&wish(b"two", host))?.context("bound")?;
        assert_eq!(hop.host_key, db.public_key());
    }
    assert!(bindings.judge(&wish(b"one", None)).is_err());
    assert!(bindings.judge(&wish(b"two", Some(&blob))).is_err());
    assert!(
        bindings
            .judge(&request(&sign(&blob, b"anything", 0)))
            .is_err()
    );
    // The same again is no harm; another after the end is.
    assert!(take(&mut bindings, &bind(&db, b"two", 0)?));
    assert!(!take(&mut bindings, &bind(&db, b"three", 0)?));
    assert!(bindings.judge(&wish(b"two", None)).is_err());
    Ok(())
}

#[test]
fn a_server_that_proves_nothing_ends_all_signing() -> Result<()> {
    let (person, host) = (key(&["-t", "ed25519"])?, key(&["-t", "ed25519"])?);
    let blob = person.public_key().to_blob();
    let mut message = bind(&host, b"one", 0)?;
    let place = message.len() - 2;
    message[place] ^= 1;
    let mut bindings = AgentBindings::default();
    assert!(!take(&mut bindings, &message));
    let wish = request(&sign(&blob, &log_in(&blob, b"one", None), 0));
    assert!(bindings.judge(&wish).is_err());
    Ok(())
}

#[test]
fn a_chain_has_an_end() -> Result<()> {
    let host = key(&["-t", "ed25519"])?;
    let mut bindings = AgentBindings::default();
    for hop in 0..16_u8 {
        assert!(take(&mut bindings, &bind(&host, &[hop], 1)?), "{hop}");
    }
    assert!(!take(&mut bindings, &bind(&host, &[16], 0)?));
    Ok(())
}

#[test]
fn rsa_signs_with_the_hash_that_was_asked_for_and_never_with_sha_1() -> Result<()> {
    let rsa = key(&["-t", "rsa", "-b", "2048"])?.public_key();
    let blob = rsa.to_blob();
    let way = |flags| request(&sign(&blob, b"", flags)).way(&rsa);
    assert_eq!(way(0), None);
    assert_eq!(way(2), Some(SignatureAlgorithm::RsaSha256));
    assert_eq!(way(4), Some(SignatureAlgorithm::RsaSha512));
    let other = key(&["-t", "ed25519"])?.public_key();
    let way = request(&sign(&other.to_blob(), b"", 0)).way(&other);
    assert_eq!(way, Some(SignatureAlgorithm::Ed25519));
    Ok(())
}

#[test]
fn a_log_in_with_another_key_is_no_log_in() {
    let wish = request(&sign(b"one", &log_in(b"two", b"session", None), 0));
    assert_eq!(wish.log_in(), None);
    let wish = request(&sign(b"one", &log_in(b"one", b"session", None), 0));
    assert_eq!(
        wish.log_in().map(|log_in| log_in.user).as_deref(),
        Some("tara")
    );
}

#[test]
fn what_is_cut_short_too_long_or_unknown_is_refused() -> Result<()> {
    let host = key(&["-t", "ed25519"])?;
    let messages = [
        vec![11],
        sign(b"key", &log_in(b"key", b"session", Some(b"host")), 4),
        bind(&host, b"one", 0)?,
    ];
    for message in &messages {
        assert_ne!(AgentRequest::parse(message), AgentRequest::Unknown);
        for length in 0..message.len() {
            assert_eq!(
                AgentRequest::parse(&message[..length]),
                AgentRequest::Unknown
            );
        }
        let longer = [message.as_slice(), &[0]].concat();
        assert_eq!(AgentRequest::parse(&longer), AgentRequest::Unknown);
    }
    let data = log_in(b"key", b"session", Some(b"host"));
    for length in 0..data.len() {
        assert_eq!(request(&sign(b"key", &data[..length], 0)).log_in(), None);
    }
    // Adding, removing and locking keys, and other extensions.
    for kind in [1, 9, 17, 18, 19, 20, 22, 23, 25, 26, 27] {
        let message = [vec![kind], string(b"query")].concat();
        assert_eq!(AgentRequest::parse(&message), AgentRequest::Unknown);
    }
    Ok(())
}

#[test]
fn answers_are_as_the_draft_has_them() {
    let answer = agent_identities(&[(b"blob".to_vec(), "me")]);
    assert_eq!(answer, b"\x0c\0\0\0\x01\0\0\0\x04blob\0\0\0\x02me");
    assert_eq!(agent_signature(b"sig"), b"\x0e\0\0\0\x03sig");
}

proptest! {
    #[test]
    fn no_message_does_harm(kind in 0_u8..32, rest: Vec<u8>, length: u32) {
        let begin = [vec![kind], length.to_be_bytes().to_vec()].concat();
        for message in [rest.clone(), [begin, rest].concat()] {
            if let AgentRequest::Sign(wish) = AgentRequest::parse(&message) {
                let _ = wish.log_in();
                let _ = AgentBindings::default().judge(&wish);
            }
        }
    }

    #[test]
    fn a_changed_binding_never_proves_a_server(place: prop::sample::Index, change in 1_u8..) {
        let host = PrivateKey::parse(HOST.as_bytes(), None).unwrap();
        let mut message = bind(&host, b"session", 0).unwrap();
        let place = place.index(message.len() - 1);
        message[place] ^= change;
        prop_assert!(!take(&mut AgentBindings::default(), &message));
    }
}

/// Made by `ssh-keygen -t ed25519` for these tests alone.
const HOST: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----\n\
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n\
QyNTUxOQAAACCHmebZcX1rT9A4xcIPfJ1YW0Swaph6TC18fQXVSlFw8gAAAIhu1h53btYe\n\
dwAAAAtzc2gtZWQyNTUxOQAAACCHmebZcX1rT9A4xcIPfJ1YW0Swaph6TC18fQXVSlFw8g\n\
AAAEDWSrMdePx+Qi2zKPtgqps2eZLRqB4AqFTFnskWTmUnA4eZ5tlxfWtP0DjFwg98nVhb\n\
RLBqmHpMLXx9BdVKUXDyAAAAAAECAwQF\n\
-----END OPENSSH PRIVATE KEY-----\n\
";
