//! Finding, removing and hashing, byte for byte as `ssh-keygen` does.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use base64ct::{Base64, Encoding as _};
use transom_keys::KnownHosts;
use transom_testkit::ssh_keygen;

const A: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIILSPd2mOYqHVvzKS6Mb0vzf1RNbDmKF6vNFMy0Ny1Vv";
const B: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMePbARfk8tBkgOqEB1nmmqgyAo2zsBsiA5Ge06PoTee";

const NAMES: [&str; 6] = [
    "web-1",
    "WEB-1",
    "192.0.2.7",
    "[web-1]:2222",
    "good.example.org",
    "bad.example.org",
];

/// Every kind of line that ssh-keygen takes.
fn text() -> String {
    format!(
        "# a comment\n\
         web-1,192.0.2.7 {A} with a comment\n\
         *.example.org,!bad.example.org {B}\n\
         @cert-authority web-1 {A} authority\n\
         @revoked web-1 {B}\n\
         \n\
         [web-1]:2222 {B}\n\
         \x20  Web-1   {B}  two spaces\n\
         !web-1,* {A}\n\
         \tbad.example.org\t{A}\n"
    )
}

fn files(folder: &tempfile::TempDir) -> Result<Vec<(PathBuf, String)>> {
    let plain = folder.path().join("plain");
    fs::write(&plain, text())?;
    let hashed = folder.path().join("hashed");
    fs::write(&hashed, text())?;
    ssh_keygen(&["-q", "-H", "-f", &hashed.to_string_lossy()])?;
    [plain, hashed]
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path)?;
            Ok((path, text))
        })
        .collect()
}

/// What `ssh-keygen -F` prints for what we find.
fn shown(hosts: &KnownHosts, name: &str) -> String {
    let lines = hosts.find(name).into_iter().map(|found| {
        let marker = match (found.authority, found.revoked) {
            (true, _) => "CA",
            (_, true) => "REVOKED",
            _ => "",
        };
        let (number, text) = (found.number, found.text);
        format!("# Host {name} found: line {number} {marker}\n{text}\n")
    });
    lines.collect()
}

#[test]
fn the_lines_of_a_host_are_found_as_ssh_keygen_finds_them() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (path, text) in files(&folder)? {
        let hosts = KnownHosts::parse(&text);
        for name in NAMES {
            // It fails where it finds nothing.
            let theirs = ssh_keygen(&["-F", name, "-f", &path.to_string_lossy()]);
            assert_eq!(shown(&hosts, name), theirs.unwrap_or_default(), "{name}");
        }
    }
    Ok(())
}

#[test]
fn a_host_is_removed_as_ssh_keygen_removes_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for name in NAMES {
        for (path, text) in files(&folder)? {
            let mut hosts = KnownHosts::parse(&text);
            let removed = hosts.remove_found(name);
            // It fails where there is nothing to remove.
            let theirs = ssh_keygen(&["-q", "-R", name, "-f", &path.to_string_lossy()]);
            assert!(removed == 0 || theirs.is_ok(), "{name}");
            assert_eq!(hosts.to_text(), fs::read_to_string(&path)?, "{name}");
        }
    }
    Ok(())
}

#[test]
fn names_are_hashed_as_ssh_keygen_hashes_them() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let [_, (_, theirs)] = files(&folder)?.try_into().ok().context("two files")?;
    let mut salts = theirs.lines().filter_map(|line| {
        let salt = line.strip_prefix("|1|")?.split('|').next()?;
        Base64::decode_vec(salt).ok()?.try_into().ok()
    });
    let mut hosts = KnownHosts::parse(&text());
    hosts.hash_names(|| salts.next().unwrap());
    assert_eq!(hosts.to_text(), theirs);
    Ok(())
}

#[test]
fn a_line_that_cannot_be_read_stays_when_the_others_are_hashed() {
    let mut hosts = KnownHosts::parse(&format!("web-1 garbage\nweb-1 {A}\n"));
    hosts.hash_names(|| [7; 20]);
    let text = hosts.to_text();
    assert!(text.starts_with("web-1 garbage\n|1|"), "{text}");
    assert_eq!(hosts.find("web-1").len(), 1);
}
