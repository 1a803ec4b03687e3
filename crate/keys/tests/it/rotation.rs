//! What a server's word about its keys changes, by the rules of OpenSSH's `UpdateHostKeys`.

use transom_keys::{HostKeyStatus, KnownHosts, PublicKey, Rotation};

const A: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIILSPd2mOYqHVvzKS6Mb0vzf1RNbDmKF6vNFMy0Ny1Vv";
const B: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMePbARfk8tBkgOqEB1nmmqgyAo2zsBsiA5Ge06PoTee";
const C: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGIg1gB\
                 iyarAzxXUCCiikKkvBI3vBUO1H1hZsdltY7Vr24imChvO/qGyslDw6FhsaUAfuhrWueF020NPvF32LKA=";

fn key(line: &str) -> PublicKey {
    PublicKey::from_openssh(line).unwrap()
}

fn rotation(text: &str, used: &str, told: &[&str]) -> Option<Rotation> {
    let told: Vec<PublicKey> = told.iter().map(|line| key(line)).collect();
    KnownHosts::parse(text).rotation("web-1", 22, &key(used), &told)
}

#[test]
fn a_new_key_is_added_and_one_that_is_gone_is_removed() {
    let text = format!("web-1 {A}\nweb-1 {B}\nweb-2 {C}\n");
    // C is known under another name, so only what concerns A and B is told.
    let changed = rotation(&text, A, &[A]).unwrap();
    assert_eq!(changed.added, []);
    assert_eq!(changed.removed, [format!("web-1 {B}")]);
    let text = format!("web-1 {A}\n");
    let changed = rotation(&text, A, &[A, C, C]).unwrap();
    assert_eq!(changed.added, [key(C)]);
    assert!(changed.removed.is_empty());
}

#[test]
fn a_hashed_line_is_a_line_of_the_host() {
    let mut known = KnownHosts::parse(&format!("web-1 {A}\nweb-1 {B}\n"));
    known.hash_names(|| [9; 20]);
    let text = known.to_text();
    let changed = rotation(&text, B, &[B]).unwrap();
    assert_eq!(changed.removed, [text.lines().next().unwrap()]);
}

#[test]
fn nothing_changes_where_all_is_known() {
    assert_eq!(rotation(&format!("web-1 {A}\n"), A, &[A]), None);
}

#[test]
fn nothing_changes_where_a_person_wrote_the_lines() {
    for line in [
        format!("web-1,web-2 {A}"),
        format!("web-* {A}"),
        format!("web-1 {A}\n*,!web-2 {B}"),
        format!("web-1 {A}\n@cert-authority * {B}"),
        format!("web-1 {A}\n@revoked web-1 {B}"),
    ] {
        assert_eq!(rotation(&line, A, &[A, C]), None, "{line}");
    }
}

#[test]
fn a_key_that_another_name_has_changes_nothing() {
    let text = format!("web-1 {A}\nweb-2 {C}\n");
    assert_eq!(rotation(&text, A, &[A, C]), None);
}

#[test]
fn the_key_that_was_used_must_be_known_and_told() {
    let text = format!("web-1 {A}\n");
    assert_eq!(rotation(&text, A, &[C]), None);
    assert_eq!(rotation(&text, B, &[B, C]), None);
    let known = KnownHosts::parse(&text);
    assert_eq!(known.check("web-1", 22, &key(A)), HostKeyStatus::Known);
}
