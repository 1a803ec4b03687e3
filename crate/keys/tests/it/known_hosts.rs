//! The rules of `known_hosts`, compared with `ssh-keygen -F` and `-H`.

use std::fs;
use std::process::Command;

use anyhow::Result;
use proptest::prelude::*;
use transom_keys::{HostKeyStatus, KnownHosts, PublicKey};
use transom_testkit::{known_hosts_finds, ssh_keygen};

const A: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIILSPd2mOYqHVvzKS6Mb0vzf1RNbDmKF6vNFMy0Ny1Vv";
const B: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMePbARfk8tBkgOqEB1nmmqgyAo2zsBsiA5Ge06PoTee";
const C: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGIg1gB\
                 iyarAzxXUCCiikKkvBI3vBUO1H1hZsdltY7Vr24imChvO/qGyslDw6FhsaUAfuhrWueF020NPvF32LKA=";

fn key(line: &str) -> PublicKey {
    PublicKey::from_openssh(line).unwrap()
}

fn check(text: &str, host: &str, port: u16, line: &str) -> HostKeyStatus {
    KnownHosts::parse(text).check(host, port, &key(line))
}

#[test]
fn a_host_is_known_by_the_key_that_its_line_has() {
    let text = format!("web-1 {A}\n");
    assert_eq!(check(&text, "web-1", 22, A), HostKeyStatus::Known);
    assert_eq!(check(&text, "WEB-1", 22, A), HostKeyStatus::Known);
    assert_eq!(check(&text, "web-2", 22, A), HostKeyStatus::Unknown);
    let HostKeyStatus::Changed { known } = check(&text, "web-1", 22, B) else {
        panic!("another key is a change");
    };
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].line, &known[0].key), (1, &key(A)));
}

#[test]
fn a_key_is_named_by_the_lines_that_trust_it() {
    let hashed = "|1|c2FsdHNhbHRzYWx0c2FsdHNhbHQ=|aGFzaGhhc2hoYXNoaGFzaGhhc2g=";
    let text = format!(
        "web-1,10.0.0.1 {A} me\nweb-2 {B}\n{hashed} {A}\n@revoked web-1 {A}\n\
         @cert-authority *.example {A}\n#web-3 {A}\n\tweb-4\t{A}\n"
    );
    let hosts = KnownHosts::parse(&text);
    let names: Vec<&str> = hosts.names_of(&key(A)).collect();
    assert_eq!(names, ["web-1,10.0.0.1", "web-4"]);
    assert_eq!(hosts.names_of(&key(C)).count(), 0);
}

#[test]
fn any_of_several_lines_is_enough() {
    let text = format!("web-1 {A}\nweb-1,web-2 {B}\n");
    assert_eq!(check(&text, "web-1", 22, A), HostKeyStatus::Known);
    assert_eq!(check(&text, "web-1", 22, B), HostKeyStatus::Known);
    assert!(matches!(
        check(&text, "web-2", 22, A),
        HostKeyStatus::Changed { .. }
    ));
}

#[test]
fn another_port_is_another_host() {
    let text = format!("web-1 {A}\n[web-1]:2222 {B}\n");
    assert_eq!(check(&text, "web-1", 2222, B), HostKeyStatus::Known);
    assert!(matches!(
        check(&text, "web-1", 2222, A),
        HostKeyStatus::Changed { .. }
    ));
    assert_eq!(check(&text, "web-1", 2200, A), HostKeyStatus::Unknown);
    assert_eq!(check(&text, "web-1", 22, A), HostKeyStatus::Known);
}

#[test]
fn a_revoked_key_is_revoked_wherever_the_line_stands() {
    let text = format!("web-1 {A}\n@revoked * {A}\n");
    assert_eq!(check(&text, "web-1", 22, A), HostKeyStatus::Revoked);
    assert_eq!(check(&text, "[::1]", 2222, A), HostKeyStatus::Revoked);
    assert!(matches!(
        check(&text, "web-1", 22, B),
        HostKeyStatus::Changed { .. }
    ));
}

#[test]
fn an_authority_is_no_host_key() {
    let text = format!("@cert-authority *.example.org {A}\n");
    let status = check(&text, "web.example.org", 22, A);
    assert_eq!(status, HostKeyStatus::Unknown);
}

#[test]
fn bad_lines_never_match_and_are_kept() {
    let text = format!(
        "# web-1 {A}\n\nweb-1\nweb-1 ssh-ed25519\nweb-1 ssh-ed25519 AAAA\nweb-1 ssh-rsa {}\n\
         @unknown web-1 {A}\n|2|abc|def {A}\n|1|%%%|%%% {A}\n|1|c2FsdA==|c2hvcnQ= {A}\n\
         @revoked\n",
        &A[12..]
    );
    assert_eq!(check(&text, "web-1", 22, A), HostKeyStatus::Unknown);
    assert_eq!(KnownHosts::parse(&text).to_text(), text);
}

#[test]
fn patterns_match_as_ssh_keygen_says() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let hosts = [
        "*.example.org",
        "web-?",
        "*",
        "*.example.org,!bad.example.org",
        "!bad.example.org",
        "a*b*c",
        "[web-1]:2222",
        "[*]:2222",
        "192.0.2.*,2001:db8::1",
        "Web-1",
        "web-1,,web-2",
        "?*",
        "**",
    ];
    let names = [
        "web-1",
        "web-12",
        "good.example.org",
        "bad.example.org",
        "example.org",
        "abc",
        "aXbYc",
        "aXbY",
        "192.0.2.7",
        "2001:db8::1",
    ];
    for (index, pattern) in hosts.iter().enumerate() {
        let file = folder.path().join(format!("hosts{index}"));
        let text = format!("{pattern} {A}\n");
        fs::write(&file, &text)?;
        for name in names {
            for port in [22, 2222] {
                let entry = if port == 22 {
                    name.to_owned()
                } else {
                    format!("[{name}]:{port}")
                };
                let ours = check(&text, name, port, A) == HostKeyStatus::Known;
                let theirs = known_hosts_finds(&file, &entry)?;
                assert_eq!(ours, theirs, "{entry} in {pattern}");
            }
        }
    }
    Ok(())
}

#[test]
fn names_that_ssh_keygen_hashed_are_found() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("hosts");
    fs::write(&file, format!("web-1,192.0.2.7 {A}\n[web-1]:2222 {B}\n"))?;
    ssh_keygen(&["-q", "-H", "-f", &file.to_string_lossy()])?;
    let text = fs::read_to_string(&file)?;
    assert!(!text.contains("web-1"), "{text}");
    assert_eq!(check(&text, "web-1", 22, A), HostKeyStatus::Known);
    assert_eq!(check(&text, "192.0.2.7", 22, A), HostKeyStatus::Known);
    assert_eq!(check(&text, "web-1", 2222, B), HostKeyStatus::Known);
    assert_eq!(check(&text, "web-2", 22, A), HostKeyStatus::Unknown);
    Ok(())
}

#[test]
fn a_pattern_of_many_stars_is_answered_at_once() {
    let text = format!("{}b {A}\n", "*a".repeat(60));
    let host = "a".repeat(5000);
    assert_eq!(check(&text, &host, 22, A), HostKeyStatus::Unknown);
}

#[test]
fn what_is_added_is_found_by_us_and_by_ssh_keygen() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("hosts");
    let mut hosts = KnownHosts::parse("# kept\n");
    hosts.add("Web-1", 22, &key(A));
    hosts.add("web-1", 22, &key(A));
    hosts.add("::1", 2222, &key(B));
    assert_eq!(
        hosts.to_text(),
        format!("# kept\nweb-1 {A}\n[::1]:2222 {B}\n")
    );
    assert_eq!(hosts.check("::1", 2222, &key(B)), HostKeyStatus::Known);
    fs::write(&file, hosts.to_text())?;
    assert!(known_hosts_finds(&file, "web-1")?);
    assert!(known_hosts_finds(&file, "[::1]:2222")?);
    Ok(())
}

#[test]
fn replacing_takes_out_what_was_trusted_for_this_host_only() {
    let text = format!("web-1 {A}\nweb-1,web-2 {A}\n@revoked web-1 {B}\n[web-1]:2222 {A}\n");
    let mut hosts = KnownHosts::parse(&text);
    hosts.replace("web-1", 22, &key(C));
    assert_eq!(
        hosts.to_text(),
        format!(
            "web-1,web-2 {A}\n@revoked web-1 {B}\n[web-1]:2222 {A}\nweb-1 {}\n",
            key(C).to_openssh()
        )
    );
    assert_eq!(hosts.check("web-1", 22, &key(C)), HostKeyStatus::Known);
    assert_eq!(hosts.check("web-1", 22, &key(B)), HostKeyStatus::Revoked);
}

#[test]
fn the_types_that_are_trusted_are_named_in_their_order() {
    let text = format!("web-1 {C}\n* {A}\n@revoked web-1 {B}\n");
    let hosts = KnownHosts::parse(&text);
    let names = hosts.algorithms_for("web-1", 22);
    assert_eq!(names, ["ecdsa-sha2-nistp256", "ssh-ed25519"]);
    assert_eq!(hosts.algorithms_for("web-2", 22), ["ssh-ed25519"]);
}

proptest! {
    #[test]
    fn no_text_is_lost_or_makes_anything_known(text in "(?s).{0,300}") {
        let hosts = KnownHosts::parse(&text);
        let mut ended = text.clone();
        if !ended.is_empty() && !ended.ends_with('\n') {
            ended.push('\n');
        }
        prop_assert_eq!(hosts.to_text(), ended);
        prop_assert_eq!(hosts.check("web-1", 22, &key(A)), HostKeyStatus::Unknown);
    }
}

/// Writes known hosts as Paramiko does, with a hashed name among them.
const PARAMIKO: &str = r#"
import sys, paramiko
from base64 import b64decode
hosts = paramiko.HostKeys()
ed = paramiko.Ed25519Key(data=b64decode(sys.argv[2]))
ec = paramiko.ECDSAKey(data=b64decode(sys.argv[3]))
hosts.add("web-1", ed.get_name(), ed)
hosts.add("[web-1]:2222", ec.get_name(), ec)
hosts.add(hosts.hash_host("web-2"), ec.get_name(), ec)
hosts.add(hosts.hash_host("[::1]:2222"), ed.get_name(), ed)
hosts.save(sys.argv[1])
"#;

#[tokio::test]
async fn known_hosts_that_paramiko_wrote_are_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("hosts");
    let base64 = |line: &str| line.split(' ').nth(1).unwrap_or_default().to_owned();
    let output = Command::new(transom_testkit::python().await?)
        .args(["-c", PARAMIKO])
        .arg(&file)
        .args([base64(A), base64(C)])
        .output()?;
    anyhow::ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = fs::read_to_string(&file)?;
    assert_eq!(text.lines().count(), 4, "{text}");
    assert_eq!(text.matches("|1|").count(), 2, "{text}");
    assert_eq!(KnownHosts::parse(&text).told().1, [0_usize; 0]);
    for (host, port, line) in [
        ("web-1", 22, A),
        ("web-1", 2222, C),
        ("web-2", 22, C),
        ("::1", 2222, A),
    ] {
        let entry = if port == 22 {
            host.to_owned()
        } else {
            format!("[{host}]:{port}")
        };
        assert_eq!(check(&text, host, port, line), HostKeyStatus::Known);
        assert!(known_hosts_finds(&file, &entry)?, "{entry}");
    }
    assert!(matches!(
        check(&text, "web-2", 22, A),
        HostKeyStatus::Changed { .. }
    ));
    Ok(())
}

#[test]
fn lines_that_say_nothing_are_told_apart_from_those_that_cannot_be_read() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkB1pBbNdOzDhcFxkjyDaaTrR0/xNbu6WCXu9dlrWMj";
    let text =
        format!("# mine\n\n  web-1 {key} \r\nweb-2 ssh-ed25519 AAAA\n@revoked * {key}\nnonsense\n");
    let hosts = KnownHosts::parse(&text);
    let (told, unread) = hosts.told();
    assert_eq!(told, [format!("web-1 {key}"), format!("@revoked * {key}")]);
    assert_eq!(unread, [4, 6]);
}
