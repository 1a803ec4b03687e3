//! Rules of the policy, without a network.

use core::net::IpAddr;

use proptest::prelude::*;
use transom_relay::{Policy, Rule, Target};

fn policy(rules: &[&str]) -> Policy {
    Policy::new(rules.iter().map(|rule| rule.parse::<Rule>().unwrap()))
}

/// Whether `rules` let a client who asks for `host:22` reach `address`.
fn allows(rules: &[&str], host: &str, address: &str) -> bool {
    let target = Target::new(host, 22).unwrap();
    let address: IpAddr = address.parse().unwrap();
    let policy = policy(rules);
    policy.admit(&target).is_ok() && policy.addresses(&target, [address]).is_ok()
}

#[test]
fn a_name_is_the_whole_name_in_any_case() {
    for host in [
        "web-1.example.org",
        "WEB-1.Example.ORG",
        "web-1.example.org.",
    ] {
        assert!(
            allows(&["web-1.example.org:22"], host, "10.0.0.1"),
            "{host}"
        );
    }
    for host in [
        "example.org",
        "xweb-1.example.org",
        "web-1.example.org.evil.net",
    ] {
        assert!(
            !allows(&["web-1.example.org:22"], host, "10.0.0.1"),
            "{host}"
        );
    }
}

#[test]
fn a_wildcard_is_what_is_below_and_not_the_name_itself() {
    let rule = &["*.example.org:22"];
    assert!(allows(rule, "a.example.org", "10.0.0.1"));
    assert!(allows(rule, "a.b.example.org", "10.0.0.1"));
    assert!(!allows(rule, "example.org", "10.0.0.1"));
    assert!(!allows(rule, "badexample.org", "10.0.0.1"));
}

#[test]
fn a_network_is_reached_by_address_and_by_name() {
    let rule = &["10.0.0.0/8:22"];
    assert!(allows(rule, "10.1.2.3", "10.1.2.3"));
    assert!(allows(rule, "::ffff:10.1.2.3", "10.1.2.3"));
    assert!(allows(rule, "db", "10.1.2.3"));
    assert!(!allows(rule, "db", "11.1.2.3"));
    assert!(allows(&["[fd00::]/8:22"], "fd12::1", "fd12::1"));
    assert!(!allows(&["[fd00::]/8:22"], "fe12::1", "fe12::1"));
}

#[test]
fn a_port_is_that_port_or_any() {
    for (rule, allowed) in [("web:22", true), ("web:2222", false), ("web:*", true)] {
        assert_eq!(allows(&[rule], "web", "10.0.0.1"), allowed, "{rule}");
    }
}

#[test]
fn special_addresses_are_opened_only_by_a_network_inside_of_their_range() {
    for address in [
        "127.0.0.1",
        "::1",
        "169.254.169.254",
        "224.0.0.1",
        "0.0.0.0",
        "fe80::1",
    ] {
        for rule in ["*:22", "name:22", "0.0.0.0/0:22", "[::]/0:22", "*:*"] {
            assert!(!allows(&[rule], "name", address), "{rule} opens {address}");
        }
    }
    assert!(allows(&["127.0.0.0/8:22"], "name", "127.0.0.1"));
    assert!(allows(&["localhost:22"], "localhost", "127.0.0.1"));
    assert!(!allows(&["localhost:22"], "name", "127.0.0.1"));
    assert!(!allows(&["localhost:22"], "localhost", "10.0.0.1"));
    assert!(!allows(
        &["169.254.0.0/16:22"],
        "169.254.169.254",
        "169.254.169.254"
    ));
    assert!(allows(
        &["169.254.169.254:22"],
        "169.254.169.254",
        "169.254.169.254"
    ));
    assert!(!allows(&["127.0.0.1:22"], "127.0.0.2", "127.0.0.2"));
}

#[test]
fn an_explicit_rule_widens_nothing_else() {
    let rules = &["127.0.0.1:22", "*.example.org:22"];
    assert!(allows(rules, "127.0.0.1", "127.0.0.1"));
    assert!(!allows(rules, "a.example.org", "127.0.0.2"));
    assert!(!allows(rules, "other", "10.0.0.1"));
}

#[test]
fn only_allowed_addresses_of_a_name_are_left() {
    let target = Target::new("web", 22).unwrap();
    let found = ["10.0.0.1", "192.0.2.1", "127.0.0.1"].map(|text| text.parse::<IpAddr>().unwrap());
    let left = policy(&["10.0.0.0/8:22"])
        .addresses(&target, found)
        .unwrap();
    assert_eq!(left, ["10.0.0.1:22".parse().unwrap()]);
}

#[test]
fn a_refusal_says_what_stands_in_the_way() {
    let target = Target::new("web", 22).unwrap();
    let refusal = policy(&["*:22"]).addresses(&target, ["127.0.0.1".parse().unwrap()]);
    let text = refusal.unwrap_err().to_string();
    assert!(
        text.contains("web:22") && text.contains("loopback"),
        "{text}"
    );
    let text = policy(&[]).admit(&target).unwrap_err().to_string();
    assert!(text.contains("web:22"), "{text}");
}

#[test]
fn text_that_is_no_rule_is_refused_with_examples() {
    for text in [
        "",
        "web",
        "web:",
        "web:0",
        "web:65536",
        ":22",
        "we b:22",
        "*web:22",
        "::1:22",
        "10.0.0.0/33:22",
        "a/b:22",
    ] {
        let error = text.parse::<Rule>().expect_err(text).to_string();
        assert!(error.contains("10.0.0.0/8:22"), "{error}");
    }
}

proptest! {
    #[test]
    fn names_never_open_loopback(name in "[a-z0-9.-]{1,20}", last in any::<[u8; 3]>()) {
        prop_assume!(name != "localhost" && name.parse::<IpAddr>().is_err());
        let [a, b, c] = last;
        let loopback = IpAddr::from([127, a, b, c]);
        let IpAddr::V4(four) = loopback else { unreachable!("made from four bytes") };
        if let Ok(target) = Target::new(&name, 22) {
            for address in [loopback, four.to_ipv6_mapped().into(), four.to_ipv6_compatible().into()] {
                let rules = policy(&["*:*", "localhost:*", "0.0.0.0/0:*", "[::]/0:*"]);
                prop_assert!(rules.addresses(&target, [address]).is_err(), "{}", address);
            }
        }
    }

    #[test]
    fn no_text_breaks_the_parsers(text in ".{0,40}") {
        let _ = text.parse::<Rule>();
        if let Ok(target) = text.parse::<Target>() {
            prop_assert_eq!(target.to_string().parse::<Target>().unwrap(), target);
        }
    }
}
