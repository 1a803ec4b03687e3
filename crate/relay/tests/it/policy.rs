//! Rules of the policy, without a network.

use core::net::IpAddr;
use core::str::FromStr;

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
    policy.admit(&target, None).is_ok() && policy.addresses(&target, [address], None).is_ok()
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
    let found =
        ["10.0.0.1", "192.168.2.1", "127.0.0.1"].map(|text| text.parse::<IpAddr>().unwrap());
    let left = policy(&["10.0.0.0/8:22"])
        .addresses(&target, found, None)
        .unwrap();
    assert_eq!(left, ["10.0.0.1:22".parse().unwrap()]);
}

#[test]
fn a_refusal_says_what_stands_in_the_way() {
    let target = Target::new("web", 22).unwrap();
    let refusal = policy(&["*:22"]).addresses(&target, ["127.0.0.1".parse().unwrap()], None);
    let text = refusal.unwrap_err().to_string();
    assert!(
        text.contains("web:22") && text.contains("loopback"),
        "{text}"
    );
    let text = policy(&[]).admit(&target, None).unwrap_err().to_string();
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
                prop_assert!(rules.addresses(&target, [address], None).is_err(), "{}", address);
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

#[test]
fn an_asterisk_opens_public_addresses_and_a_name_private_ones_too() {
    for address in [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "fd00::1",
    ] {
        assert!(!allows(&["*:22"], "web", address), "{address}");
        assert!(allows(&["web:22"], "web", address), "{address}");
        assert!(
            allows(&["*.example.org:22"], "web.example.org", address),
            "{address}"
        );
    }
    assert!(allows(&["*:22"], "web", "198.41.0.4"));
    assert!(allows(&["*:22"], "web", "2001:500:2::c"));
}

#[test]
fn every_special_range_is_opened_by_a_rule_inside_of_it_and_by_nothing_else() {
    for (address, inside) in [
        ("0.1.2.3", "0.0.0.0/8:22"),
        ("127.1.2.3", "127.0.0.0/8:22"),
        ("169.254.1.1", "169.254.0.0/16:22"),
        ("169.254.169.254", "169.254.169.254:22"),
        ("169.254.170.2", "169.254.170.2:22"),
        ("100.100.100.200", "100.100.100.200:22"),
        ("168.63.129.16", "168.63.129.16:22"),
        ("192.0.0.192", "192.0.0.192:22"),
        ("192.0.0.8", "192.0.0.0/24:22"),
        ("192.0.2.1", "192.0.2.0/24:22"),
        ("198.51.100.1", "198.51.100.0/24:22"),
        ("203.0.113.1", "203.0.113.0/24:22"),
        ("198.18.0.1", "198.18.0.0/15:22"),
        ("192.88.99.1", "192.88.99.0/24:22"),
        ("224.0.0.1", "224.0.0.0/4:22"),
        ("240.0.0.1", "240.0.0.0/4:22"),
        ("255.255.255.255", "255.255.255.255:22"),
        ("::", "[::]:22"),
        ("::1", "[::1]:22"),
        ("::7f00:1", "[::7f00:1]:22"),
        ("64:ff9b::a00:1", "[64:ff9b::a00:1]:22"),
        ("64:ff9b::c629:4", "[64:ff9b::]/96:22"),
        ("64:ff9b:1::a00:1", "[64:ff9b:1::a00:1]:22"),
        ("2002:c629:4::1", "[2002::]/16:22"),
        ("2002:7f00:1::1", "[2002:7f00:1::1]:22"),
        ("2001::80ff:fffe", "[2001::80ff:fffe]:22"),
        ("2001:470:1::5efe:a00:1", "[2001:470:1::5efe:a00:1]:22"),
        ("2001:db8::1", "[2001:db8::]/32:22"),
        ("3fff::1", "[3fff::]/20:22"),
        ("2001:2::1", "[2001:2::]/48:22"),
        ("2001:20::1", "[2001:20::]/28:22"),
        ("fe80::1", "[fe80::]/10:22"),
        ("fec0::1", "[fec0::1]:22"),
        ("100::1", "[100::1]:22"),
        ("5f00::1", "[5f00::1]:22"),
        ("ff02::1", "[ff02::]/16:22"),
        ("fd00:ec2::254", "[fd00:ec2::254]:22"),
    ] {
        let wide = ["*:*", "web:22", "0.0.0.0/0:*", "[::]/0:*", "[::]/1:*"];
        assert!(!allows(&wide, "web", address), "{address}");
        assert!(!allows(&wide, address, address), "{address}");
        assert!(allows(&[inside], "web", address), "{address} by {inside}");
        assert!(allows(&[inside], address, address), "{address} by {inside}");
    }
}

#[test]
fn a_network_of_translated_addresses_does_not_open_the_special_ones_behind_it() {
    for address in ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1"] {
        assert!(!allows(&["[64:ff9b::]/96:22"], "web", address), "{address}");
    }
}

#[test]
fn what_is_denied_stays_denied_whoever_names_it() {
    let denied = |rule: &str, host: &str, address: &str| {
        let rules = [
            "*:*",
            "10.0.0.0/8:*",
            "[64:ff9b::]/96:*",
            "127.0.0.1:*",
            "[::1]:*",
        ];
        let policy = policy(&rules).denying([rule.parse().unwrap()]);
        let target = Target::new(host, 22).unwrap();
        let ticket = [
            Rule::from_str("*:*").unwrap(),
            "10.0.0.0/8:*".parse().unwrap(),
        ];
        [None, Some(ticket.as_slice())].into_iter().all(|ticket| {
            policy.admit(&target, ticket).is_err()
                || policy
                    .addresses(&target, [address.parse().unwrap()], ticket)
                    .is_err()
        })
    };
    for (rule, host, address) in [
        ("10.0.0.1:*", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.1:*", "web", "10.0.0.1"),
        ("10.0.0.0/24:22", "web", "10.0.0.77"),
        ("198.41.0.4:22", "web", "64:ff9b::c629:4"),
        ("198.41.0.4:22", "web", "::ffff:198.41.0.4"),
        ("*.example.org:22", "A.example.org.", "198.41.0.4"),
        ("*:22", "web", "198.41.0.4"),
        ("localhost:22", "127.0.0.1", "127.0.0.1"),
        ("localhost:22", "web", "::1"),
        ("web:20-30", "web", "198.41.0.4"),
    ] {
        assert!(denied(rule, host, address), "{rule} {host} {address}");
    }
    for (rule, host, address) in [
        ("10.0.0.2:*", "web", "10.0.0.1"),
        ("10.0.0.1:2222", "web", "10.0.0.1"),
        ("*.example.org:22", "example.org", "198.41.0.4"),
    ] {
        assert!(!denied(rule, host, address), "{rule} {host} {address}");
    }
}

#[test]
fn a_ticket_opens_what_it_names_and_special_addresses_only_with_the_policy() {
    let allows = |rules: &[&str], ticket: &str, host: &str, address: &str| {
        let ticket = [Rule::from_str(ticket).unwrap()];
        let target = Target::new(host, 22).unwrap();
        let found = [address.parse().unwrap()];
        let policy = policy(rules);
        policy.admit(&target, Some(&ticket)).is_ok()
            && policy.addresses(&target, found, Some(&ticket)).is_ok()
    };
    assert!(allows(&[], "web:22", "web", "10.0.0.1"));
    assert!(allows(&[], "10.0.0.0/8:22", "10.0.0.1", "10.0.0.1"));
    assert!(!allows(&["*:*"], "web:22", "other", "198.41.0.4"));
    assert!(!allows(&[], "web:22", "web", "127.0.0.1"));
    assert!(!allows(&[], "127.0.0.1:22", "127.0.0.1", "127.0.0.1"));
    assert!(allows(
        &["127.0.0.1:22"],
        "127.0.0.1:22",
        "127.0.0.1",
        "127.0.0.1"
    ));
    assert!(allows(&["127.0.0.1:22"], "web:22", "web", "127.0.0.1"));
    assert!(!allows(
        &["127.0.0.1:22"],
        "web:22",
        "127.0.0.1",
        "127.0.0.1"
    ));
}

#[test]
fn a_rule_is_written_as_it_is_read() {
    for text in [
        "web-1:22",
        "*.example.org:*",
        "10.0.0.0/8:22",
        "[fd00::/8]:1-2",
        "*:22",
        "localhost:22",
    ] {
        assert_eq!(text.parse::<Rule>().unwrap().to_string(), text);
    }
}
