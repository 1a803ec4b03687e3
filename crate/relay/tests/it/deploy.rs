//! What the documentation and `deploy/` promise, tried out.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use transom_relay::{Algorithm, Config, Flags, TicketKey};
use transom_wire::Frame;

use crate::client::{Client, open_with_ticket};
use crate::issuer::{AUDIENCE, bare};
use crate::world::{World, echo, loopback};

/// The secret of the back ends below.
const KEY: &str = "6f2c1e0b8a7d4953b1c0d2e4f6a8091b";

/// Where the project begins.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Code of `docs/relay.md` in `language`.
fn code(language: &str) -> String {
    let text = std::fs::read_to_string(root().join("docs/relay.md")).unwrap();
    let begin = format!("```{language}\n");
    let code = text.split_once(&begin).expect("the language is there").1;
    code.split_once("```").unwrap().0.to_owned()
}

/// Whether a program is there; without it there is nothing to try.
pub(crate) fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("-v").output().is_ok();
    if !there {
        eprintln!("skipped: there is no {program}");
    }
    there
}

async fn takes_a_ticket_of(program: &str, language: &str) {
    if !is_there(program) {
        return;
    }
    let target = echo().await;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("ticket");
    std::fs::write(&script, code(language)).unwrap();
    let output: Output = Command::new(program)
        .arg(script)
        .arg(target.to_string())
        .envs([("KEY", KEY), ("AUDIENCE", AUDIENCE)])
        .output()
        .unwrap();
    let ticket = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let file = folder.path().join("key");
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let mut tickets = bare();
    tickets.keys = vec![TicketKey {
        file,
        algorithm: Algorithm::Hs256,
        id: Some("web".to_owned()),
    }];
    let config = Config {
        tickets: Some(tickets),
        ..loopback()
    };
    let world = World::with(config).await;
    let mut client = Client::connect(&world).await;
    client.send(&open_with_ticket(target, ticket.trim())).await;
    let answer = client.next().await;
    assert!(
        matches!(answer, Frame::Opened(_)),
        "{answer:?} for {ticket}"
    );
}

#[tokio::test]
async fn the_back_end_in_python_makes_tickets() {
    takes_a_ticket_of("python3", "python").await;
}

#[tokio::test]
async fn the_back_end_in_node_makes_tickets() {
    takes_a_ticket_of("node", "javascript").await;
}

#[test]
fn the_settings_of_the_example_are_settings() {
    let file = root().join("deploy/relay.toml");
    Config::load(Some(&file), [], Flags::default()).unwrap();
}

#[test]
fn systemd_understands_the_unit_and_finds_it_closed() {
    if !is_there("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = std::fs::read_to_string(root().join("deploy/transom-relay.service")).unwrap();
    // The program is not installed here; everything else is as it is.
    let program = env!("CARGO_BIN_EXE_transom-relay");
    let file = folder.path().join("transom-relay.service");
    std::fs::write(&file, unit.replace("/usr/local/bin/transom-relay", program)).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new("systemd-analyze")
            .args(arguments)
            .arg(&file)
            .output()
            .unwrap();
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
    };
    run(&["verify", "--man=no"]);
    // In tenths, from 0 to 100; above, the command fails.
    run(&["security", "--offline=true", "--threshold=20", "--no-pager"]);
}
