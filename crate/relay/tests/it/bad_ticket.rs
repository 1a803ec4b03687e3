//! Bad tickets: whatever is wrong with them, they look alike from outside.

use core::sync::atomic::Ordering;

use jsonwebtoken::Algorithm as Signature;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};
use transom_wire::{Close, CloseReason};

use crate::client::{Client, open_frame, open_with_ticket};
use crate::issuer::{Issuer, claims, key, now, part, public, signed, ticket, with, without};
use crate::ticket::counted;
use crate::world::World;

/// Claims that no ticket may have, each signed well.
fn bad_claims(dst: &str) -> Vec<(&'static str, Value)> {
    let good = || claims(dst);
    let mut bad = vec![
        ("expired", with(good(), "exp", now() - 1)),
        ("expired this second", with(good(), "exp", now())),
        ("not valid yet", with(good(), "nbf", now() + 30)),
        ("lives too long", with(good(), "exp", now() + 400)),
        ("lives for ever", with(good(), "exp", u64::MAX)),
        ("exp is text", with(good(), "exp", (now() + 60).to_string())),
        ("exp is negative", with(good(), "exp", -1)),
        ("exp is null", with(good(), "exp", Value::Null)),
        ("exp is huge", with(good(), "exp", 1e300)),
        ("wrong audience", with(good(), "aud", "wss://other.test")),
        (
            "audience in capitals",
            with(good(), "aud", "WSS://RELAY.TEST"),
        ),
        (
            "audience with a tail",
            with(good(), "aud", "wss://relay.test.evil.test"),
        ),
        (
            "no audience among several",
            with(good(), "aud", json!(["a", "b"])),
        ),
        (
            "audience is a list of nothing",
            with(good(), "aud", json!([])),
        ),
        ("wrong issuer", with(good(), "iss", "https://evil.test")),
        ("another host", with(good(), "dst", "127.0.0.2:*")),
        ("another port", with(good(), "dst", "127.0.0.1:1")),
        ("a name for an address", with(good(), "dst", "web-1:*")),
        ("dst is empty", with(good(), "dst", "")),
        ("dst is a list of nothing", with(good(), "dst", json!([]))),
        ("dst is no pattern", with(good(), "dst", "127.0.0.1")),
        (
            "one dst is no pattern",
            with(good(), "dst", json!([dst, "x"])),
        ),
        ("too many dst", with(good(), "dst", json!(vec![dst; 65]))),
        (
            "dst is an object",
            with(good(), "dst", json!({"host": "127.0.0.1"})),
        ),
        ("jti is empty", with(good(), "jti", "")),
        ("jti is too long", with(good(), "jti", "x".repeat(257))),
        ("jti is a number", with(good(), "jti", 7)),
        ("sub is empty", with(good(), "sub", "")),
        (
            "sub would break the log",
            with(good(), "sub", "alice\nroot"),
        ),
    ];
    for name in ["exp", "aud", "iss", "dst", "jti", "sub"] {
        bad.push(("one claim is missing", without(good(), name)));
    }
    bad
}

/// Tickets with something wrong in their form, header or signature.
#[expect(
    clippy::too_many_lines,
    reason = "a list: one entry for each thing that can be wrong"
)]
fn bad_forms(dst: &str) -> Vec<(&'static str, String)> {
    let good = || claims(dst);
    let text = || good().to_string();
    let (ed, eddsa) = key("ed");
    let (other, _) = key("other");
    let header = json!({"alg": "EdDSA", "kid": "ed"});
    let whole = ticket("ed", &good());
    let (message, signature) = whole.rsplit_once('.').unwrap();
    let (head, payload) = message.split_once('.').unwrap();
    let hmac = |secret: &[u8], kid: &str| {
        let key = EncodingKey::from_secret(secret);
        let header = json!({"alg": "HS256", "kid": kid});
        signed(&header, &text(), &key, Signature::HS256)
    };
    let unsigned = |alg: &str| {
        let header = json!({"alg": alg, "kid": "ed"}).to_string();
        format!("{}.{}.", part(header), part(text()))
    };
    let named = |header: Value| signed(&header, &text(), &ed, eddsa);
    let twice = format!("{{\"exp\":{},{}", now() + 60, &text()[1..]);
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": part(public("other").1)});
    let (rs, _) = key("rs");
    vec![
        ("no ticket at all", String::new()),
        ("dots", "..".to_owned()),
        ("one part", head.to_owned()),
        ("two parts", message.to_owned()),
        ("four parts", format!("{whole}.{signature}")),
        ("no base64", "!!!.???.###".to_owned()),
        ("as long as may be", "a".repeat(8192)),
        ("alg none", unsigned("none")),
        ("alg None", unsigned("None")),
        ("alg nOnE", unsigned("nOnE")),
        ("no alg", named(json!({"kid": "ed"}))),
        (
            "HS256 with the public key as PEM",
            hmac(public("ed").0.as_bytes(), "ed"),
        ),
        (
            "HS256 with the public key as bytes",
            hmac(&public("ed").1, "ed"),
        ),
        (
            "HS256 with the RSA key as PEM",
            hmac(public("rs").0.as_bytes(), "rs"),
        ),
        (
            "HS256 with the EC key named as the secret",
            hmac(public("es").0.as_bytes(), "hs"),
        ),
        ("HS256 with an empty secret", hmac(b"", "hs")),
        (
            "unknown kid",
            named(json!({"alg": "EdDSA", "kid": "nobody"})),
        ),
        (
            "kid of another key",
            named(json!({"alg": "EdDSA", "kid": "es"})),
        ),
        (
            "kid of another key and algorithm",
            named(json!({"alg": "ES256", "kid": "es"})),
        ),
        (
            "kid is a path",
            named(json!({"alg": "EdDSA", "kid": "../ed"})),
        ),
        ("no kid", named(json!({"alg": "EdDSA"}))),
        (
            "signed by a stranger",
            signed(&header, &text(), &other, eddsa),
        ),
        (
            "a stranger who brings the key along",
            signed(
                &json!({"alg": "EdDSA", "kid": "ed", "jwk": jwk}),
                &text(),
                &other,
                eddsa,
            ),
        ),
        (
            "a stranger who says where the key is",
            signed(
                &json!({"alg": "EdDSA", "kid": "ed", "jku": "http://127.0.0.1:1/"}),
                &text(),
                &other,
                eddsa,
            ),
        ),
        (
            "RSA-PSS with an RSA key",
            signed(
                &json!({"alg": "PS256", "kid": "rs"}),
                &text(),
                &rs,
                Signature::PS256,
            ),
        ),
        (
            "RS512 with an RSA key",
            signed(
                &json!({"alg": "RS512", "kid": "rs"}),
                &text(),
                &rs,
                Signature::RS512,
            ),
        ),
        (
            "a signature of zeros",
            format!(
                "{}.{payload}.{}",
                part(json!({"alg": "ES256", "kid": "es"}).to_string()),
                part([0; 64])
            ),
        ),
        ("a signature of nothing", format!("{message}.")),
        (
            "a signature that is cut",
            format!("{message}.{}", &signature[..signature.len() - 4]),
        ),
        ("a signature with a tail", format!("{whole}AAAA")),
        (
            "another payload",
            format!("{head}.{}.{signature}", part(text())),
        ),
        (
            "a payload that is cut",
            format!("{head}.{}.{signature}", &payload[..payload.len() - 4]),
        ),
        (
            "a payload that is a list",
            signed(&header, "[]", &ed, eddsa),
        ),
        (
            "a payload that is no JSON",
            signed(&header, "alice", &ed, eddsa),
        ),
        (
            "a payload with one claim twice",
            signed(&header, &twice, &ed, eddsa),
        ),
        (
            "a header that must be understood",
            named(json!({"alg": "EdDSA", "kid": "ed", "crit": ["b64"], "b64": false})),
        ),
        (
            "a token for something else",
            named(json!({"alg": "EdDSA", "kid": "ed", "typ": "at+jwt"})),
        ),
        ("a space before", format!(" {whole}")),
        ("a line's end behind", format!("{whole}\n")),
        (
            "filled up as base64 with equal signs",
            format!("{head}=.{payload}.{signature}"),
        ),
    ]
}

#[tokio::test]
async fn bad_tickets_are_refused_alike_and_nothing_is_dialled() {
    let issuer = Issuer::new();
    let world = World::with(issuer.config()).await;
    let (target, count) = counted().await;
    let dst = target.to_string();
    let mut bad = bad_forms(&dst);
    let claims = bad_claims(&dst);
    bad.extend(
        claims
            .iter()
            .map(|(name, claims)| (*name, ticket("ed", claims))),
    );
    assert!(bad.len() >= 70, "{}", bad.len());
    let mut without = Client::connect(&world).await;
    without
        .send(&open_frame("127.0.0.1", target.port(), 65_536))
        .await;
    let expected: Close = without.closed().await;
    assert_eq!(expected.reason, CloseReason::Unauthorized);
    for (name, ticket) in bad {
        let mut client = Client::connect(&world).await;
        client.send(&open_with_ticket(target, &ticket)).await;
        // `closed` checks that the WebSocket says the same.
        let close = client.closed().await;
        assert_eq!(close, expected, "{name}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}
