//! The arrows of the architecture: which crate may be built with which.
//!
//! Only what a crate is built with counts; its tests may use more.

use anyhow::{Result, bail};

use super::graph::Graph;
use crate::setup::TARGET;
use crate::{place, run};

/// Our crates → those of ours that they may name. A crate that is missing here is refused, so
/// that a new one gets its line.
const ALLOWED: &[(&str, &[&str])] = &[
    ("ctr", &["transom-aes"]),
    ("ring", &["transom-aes"]),
    ("russh-util", &[]),
    ("transom-aes", &[]),
    ("transom-browser", &["transom-keys", "transom-wire"]),
    ("transom-demo", &[]),
    (
        "transom-engine",
        &[
            "transom-browser",
            "transom-keys",
            "transom-protocol",
            "transom-sftp",
            "transom-ssh",
            "transom-wire",
        ],
    ),
    ("transom-keys", &[]),
    ("transom-protocol", &[]),
    ("transom-relay", &["transom-wire"]),
    ("transom-sftp", &[]),
    ("transom-ssh", &["russh-util", "transom-keys"]),
    ("transom-testkit", ANYTHING),
    ("transom-tests", ANYTHING),
    ("transom-web", &["transom-browser", "transom-protocol"]),
    ("transom-wire", &[]),
    ("transom-xtask", &[]),
];

/// For the crates that only tests use.
const ANYTHING: &[&str] = &["*"];

/// Who must never reach whom, however far away: what "the relay cannot read your session" and
/// "the core runs anywhere" rest on.
const UNREACHABLE: &[(&str, &[&str])] = &[
    (
        "transom-relay",
        &[
            "ring",
            "russh",
            "ssh-key",
            "transom-keys",
            "transom-sftp",
            "transom-ssh",
        ],
    ),
    ("transom-keys", &["tokio", "web-sys"]),
    ("transom-protocol", &["tokio", "web-sys"]),
    ("transom-wire", &["tokio", "web-sys"]),
    ("transom-sftp", &["web-sys"]),
    ("transom-ssh", &["web-sys"]),
];

/// Foreign crates that only these of ours may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("russh", &["transom-demo", "transom-ssh", "transom-testkit"]),
    (
        "web-sys",
        &["transom-browser", "transom-engine", "transom-web"],
    ),
    (
        "js-sys",
        &["transom-browser", "transom-engine", "transom-web"],
    ),
];

/// Crates of which the lock file may hold one version: their types cross our borders.
const SINGLE: &[&str] = &["russh", "ssh-key", "wasm-bindgen"];

/// Compares cargo's graph, natively and for wasm32, with the rules.
///
/// # Errors
///
/// Names every arrow that is not allowed.
pub(crate) fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for target in [host()?.as_str(), TARGET] {
        let built = |package: &str, other: &str| is_built_with(package, other, target);
        wrong.extend(violations(&Graph::of(target)?, built));
    }
    wrong.extend(doubles(&run::read(&place::root().join("Cargo.lock"))?));
    wrong.sort();
    wrong.dedup();
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

fn host() -> Result<String> {
    let said = run::captured(run::rustc().args(["-vV"]))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.unwrap_or_default().to_owned())
}

/// Whether `other` is part of the build of `package`.
///
/// The graph also has arrows of optional dependencies that nothing turns on, where a feature of
/// theirs is named weakly (`ring?/alloc`). An arrow of which cargo cannot tell counts.
fn is_built_with(package: &str, other: &str, target: &str) -> bool {
    let mut cargo = run::cargo();
    cargo.args(["tree", "--package", package, "--edges", "normal,build"]);
    cargo.args(["--target", target, "--invert", other]);
    run::captured(&mut cargo).map_or(true, |tree| !tree.trim().is_empty())
}

/// Every arrow of `graph` that the rules do not allow, as a sentence.
///
/// - `built`: whether the first package is really built with the second, for those far away.
fn violations(graph: &Graph, built: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let members: Vec<&str> = graph.members().collect();
    for package in &members {
        let Some(allowed) = entry(ALLOWED, package) else {
            wrong.push(format!("{package} has no line in the table of arrows"));
            continue;
        };
        for other in graph.direct(package) {
            let ours = members.contains(&other);
            if ours && allowed != ANYTHING && !allowed.contains(&other) {
                wrong.push(format!("{package} must not depend on {other}"));
            }
            if entry(OWNERS, other).is_some_and(|owners| !owners.contains(package)) {
                wrong.push(format!("{package} must not name {other}"));
            }
        }
        let reached = graph.reached(package);
        for other in entry(UNREACHABLE, package).unwrap_or_default() {
            if reached.contains(other) && built(package, other) {
                wrong.push(format!(
                    "{package} must not reach {other}, even through others"
                ));
            }
        }
    }
    wrong
}

fn entry<'a>(table: &[(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, values)| *values)
}

/// Crates of [`SINGLE`] that a lock file has several times.
fn doubles(lock: &str) -> Vec<String> {
    let times = |name: &&&str| {
        let line = format!("name = \"{name}\"");
        lock.lines().filter(|other| **other == line).count()
    };
    let several = SINGLE.iter().filter(|name| times(name) > 1);
    several
        .map(|name| format!("Cargo.lock has more than one version of {name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A workspace of the relay, wire and a foreign crate, where each pair is an arrow.
    fn graph(arrows: &[(&str, &str)]) -> Graph {
        let names = [
            "transom-relay",
            "transom-wire",
            "transom-ssh",
            "axum",
            "russh",
        ];
        let packages: Vec<Value> = names
            .iter()
            .map(|name| json!({"id": name, "name": name, "targets": []}))
            .collect();
        let nodes: Vec<Value> = names
            .iter()
            .map(|name| {
                let deps: Vec<Value> = arrows
                    .iter()
                    .filter(|(from, _)| from == name)
                    .map(|(_, to)| json!({"pkg": to, "dep_kinds": [{"kind": null}]}))
                    .collect();
                json!({"id": name, "deps": deps})
            })
            .collect();
        let metadata = json!({
            "packages": packages,
            "workspace_members": ["transom-relay", "transom-wire", "transom-ssh"],
            "resolve": {"nodes": nodes},
        });
        Graph::read(&metadata).unwrap()
    }

    #[test]
    fn drawn_arrows_are_allowed() {
        let graph = graph(&[
            ("transom-relay", "transom-wire"),
            ("transom-relay", "axum"),
            ("transom-ssh", "russh"),
        ]);
        assert_eq!(violations(&graph, |_, _| true), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_refused() {
        let graph = graph(&[("transom-wire", "transom-ssh")]);
        assert_eq!(
            violations(&graph, |_, _| true),
            ["transom-wire must not depend on transom-ssh"]
        );
    }

    #[test]
    fn the_relay_reaches_no_ssh_through_a_foreign_crate() {
        let graph = graph(&[("transom-relay", "axum"), ("axum", "russh")]);
        let wrong = violations(&graph, |_, _| true);
        assert_eq!(
            wrong,
            ["transom-relay must not reach russh, even through others"]
        );
    }

    #[test]
    fn what_is_not_built_is_not_reached() {
        let graph = graph(&[("transom-relay", "axum"), ("axum", "russh")]);
        assert_eq!(violations(&graph, |_, _| false), Vec::<String>::new());
    }

    #[test]
    fn only_its_owners_name_russh() {
        let graph = graph(&[("transom-wire", "russh")]);
        assert_eq!(
            violations(&graph, |_, _| true),
            ["transom-wire must not name russh"]
        );
    }

    #[test]
    fn two_versions_of_a_shared_crate_are_refused() {
        let one = "name = \"ssh-key\"\n";
        assert!(doubles(one).is_empty());
        assert_eq!(doubles(&one.repeat(2)).len(), 1);
    }
}
