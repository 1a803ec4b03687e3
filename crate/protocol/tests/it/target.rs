//! Addresses as people type them.

use transom_protocol::{ParseTargetError, Target};

fn target(user: Option<&str>, host: &str, port: u16) -> Target {
    Target {
        user: user.map(str::to_owned),
        host: host.to_owned(),
        port,
        jump: Vec::new(),
    }
}

fn through(jump: &[Target], target: Target) -> Target {
    Target {
        jump: jump.to_vec(),
        ..target
    }
}

#[test]
fn an_address_is_read_as_openssh_reads_it() {
    for (typed, expected) in [
        ("web-1", target(None, "web-1", 22)),
        ("ops@web-1", target(Some("ops"), "web-1", 22)),
        ("ops@web-1:2222", target(Some("ops"), "web-1", 2222)),
        (
            " ssh://ops@web-1:2222/ ",
            target(Some("ops"), "web-1", 2222),
        ),
        ("web+ssh://ops@web-1/", target(Some("ops"), "web-1", 22)),
        (
            "a@b.example@web-1",
            target(Some("a@b.example"), "web-1", 22),
        ),
        ("ops@::1", target(Some("ops"), "::1", 22)),
        (
            "ops@[fe80::1%eth0]:2222",
            target(Some("ops"), "fe80::1%eth0", 2222),
        ),
        ("bücher.example", target(None, "bücher.example", 22)),
    ] {
        assert_eq!(typed.parse(), Ok(expected), "{typed}");
    }
}

#[test]
fn jump_hosts_are_read_as_they_are_shown_and_as_they_are_pasted() {
    let hops = [target(Some("ops"), "edge", 2222), target(None, "::1", 22)];
    let expected = through(&hops, target(Some("root"), "db-1", 22));
    for typed in [
        "root@db-1 via ops@edge:2222,[::1]",
        "-J ops@edge:2222,::1 root@db-1",
        "ssh -J ops@edge:2222,::1 root@db-1",
        "ssh  root@db-1 via  ops@edge:2222, ::1",
    ] {
        assert_eq!(typed.parse(), Ok(expected.clone()), "{typed}");
    }
    assert_eq!("ssh web-1".parse(), Ok(target(None, "web-1", 22)));
    let eight = format!("db-1 via {}", ["edge"; 8].join(","));
    assert_eq!(eight.parse::<Target>().unwrap().jump.len(), 8);
    for wrong in [
        "db-1 via edge,",
        "db-1 via a b",
        "db-1 via edge:0",
        &format!("{eight},edge"),
    ] {
        assert_eq!(
            wrong.parse::<Target>(),
            Err(ParseTargetError::Jump),
            "{wrong}"
        );
    }
    assert_eq!("-J edge".parse::<Target>(), Err(ParseTargetError::NoHost));
}

#[test]
fn a_mistake_is_named() {
    for (typed, expected) in [
        ("", ParseTargetError::NoHost),
        ("ops@", ParseTargetError::NoHost),
        ("@web-1", ParseTargetError::NoUser),
        ("web-1:", ParseTargetError::Port),
        ("web-1:0", ParseTargetError::Port),
        ("web-1:65536", ParseTargetError::Port),
        ("web 1", ParseTargetError::Host),
        ("web-1/path", ParseTargetError::Host),
        ("[::1", ParseTargetError::Host),
        ("[::1]x", ParseTargetError::Host),
    ] {
        assert_eq!(typed.parse::<Target>(), Err(expected), "{typed}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    for typed in [
        "web-1",
        "ops@web-1",
        "ops@web-1:2222 via a@edge,[::1]:23",
        "ops@web-1:2222",
        "[::1]",
        "ops@[::1]:2222",
    ] {
        let target: Target = typed.parse().unwrap();
        assert_eq!(target.to_string(), typed);
    }
}

#[test]
fn known_hosts_names_carry_the_port_only_off_22() {
    assert_eq!(target(None, "web-1", 22).known_hosts_name(), "web-1");
    assert_eq!(
        target(None, "web-1", 2222).known_hosts_name(),
        "[web-1]:2222"
    );
}
