//! Keys from passphrases.

use transom_keys::{PassphraseCost, PassphraseError};

#[test]
fn a_cost_below_the_floor_or_above_the_cap_is_refused_before_any_work() {
    let (cheap, dear) = (PassphraseError::TooCheap, PassphraseError::TooDear);
    for (memory_kib, passes, why) in [
        (19 * 1024 - 1, 16, cheap),
        (19 * 1024, 1, cheap),
        (256 * 1024 + 1, 2, dear),
        (64 * 1024, 17, dear),
        (256 * 1024, 16, dear),
        (u32::MAX, u32::MAX, dear),
        (u32::MAX, 0, cheap),
        (0, 0, cheap),
    ] {
        let refused = PassphraseCost::stored(memory_kib, passes);
        assert_eq!(refused, Err(why), "{memory_kib} {passes}");
    }
    let usual = PassphraseCost::USUAL;
    let stored = PassphraseCost::stored(usual.memory_kib(), usual.passes());
    assert_eq!(stored, Ok(usual));
}

#[test]
fn the_key_depends_on_the_passphrase_the_salt_and_the_cost() {
    let low = PassphraseCost::stored(19 * 1024, 2).unwrap();
    let other = PassphraseCost::stored(19 * 1024, 3).unwrap();
    let key =
        |cost: PassphraseCost, passphrase, salt: &[u8]| *cost.derive(passphrase, salt).unwrap();
    let first = key(low, "correct horse", &[7; 16]);
    assert_eq!(first, key(low, "correct horse", &[7; 16]));
    assert_ne!(first, key(low, "correct horsf", &[7; 16]));
    assert_ne!(first, key(low, "correct horse", &[8; 16]));
    assert_ne!(first, key(other, "correct horse", &[7; 16]));
    let short = low.derive("correct horse", &[7; 4]);
    assert_eq!(short.err(), Some(PassphraseError::Derivation));
}

#[test]
fn guessing_is_dear_by_memory_and_passes() {
    let usual = PassphraseCost::USUAL;
    assert!(usual.memory_kib() >= 64 * 1024, "{usual:?}");
    assert!(usual.passes() >= 6, "{usual:?}");
}
