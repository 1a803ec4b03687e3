//! The figures as a Markdown table: what was measured, against what, what is aimed at, and where.

use std::process::Command;

use serde_json::Value;

use crate::run;

/// What is aimed at.
#[derive(Clone, Copy, Debug)]
enum Aim {
    /// Our figure, at least.
    Least(f64),
    /// Our figure, at most.
    Most(f64),
    /// Our figure as a part of the base, at least.
    Ratio(f64),
}

/// What a figure's name stands for.
struct Promise {
    /// The figure, or the beginning of its name.
    bench: &'static str,
    aim: Option<Aim>,
    /// What others reach, and which; measured on a machine of this size.
    peers: &'static str,
}

const fn promise(bench: &'static str, aim: Option<Aim>, peers: &'static str) -> Promise {
    Promise { bench, aim, peers }
}

/// A name that begins with another one stands before it.
const PROMISES: &[Promise] = &[
    promise(
        "first-load-bytes",
        Some(Aim::Most(1_000_000.0)),
        "1.6 to 3.5 MB, the wasm alone",
    ),
    promise("aead-chacha/ring", Some(Aim::Ratio(2.0)), ""),
    promise("aead-aes-gcm/ring", Some(Aim::Ratio(4.0)), ""),
    promise(
        "aead-chacha",
        Some(Aim::Least(500.0)),
        "230 to 340, portable code in wasm",
    ),
    promise(
        "aead-aes-gcm",
        Some(Aim::Least(200.0)),
        "63 to 110, RustCrypto in wasm",
    ),
    promise(
        "start-cold",
        Some(Aim::Most(0.5)),
        "0.65 to 0.73, Go in wasm with an interface",
    ),
    promise("start-warm", Some(Aim::Most(0.3)), "0.43 to 0.51, the same"),
    promise("shell-output-drawn", None, ""),
    promise(
        "shell-output",
        Some(Aim::Least(60.0)),
        "10 to 11, Go in wasm",
    ),
    promise("echo-latency", Some(Aim::Most(5.0)), ""),
    promise("echo-in-flood", None, ""),
    promise("echo-in-upload", None, ""),
    promise("sftp-upload-50ms", Some(Aim::Ratio(0.9)), "0.6, Go in wasm"),
    promise(
        "sftp-download-50ms",
        Some(Aim::Ratio(1.5)),
        "1.1, Go in wasm",
    ),
    promise("sftp-upload/relay", Some(Aim::Ratio(0.5)), ""),
    promise("sftp-download/relay", Some(Aim::Ratio(0.5)), ""),
    promise(
        "sftp-upload",
        Some(Aim::Least(100.0)),
        "13 to 17, Go in wasm",
    ),
    promise(
        "sftp-download",
        Some(Aim::Least(100.0)),
        "18 to 22, Go in wasm",
    ),
    promise("sftp-small-files", Some(Aim::Ratio(1.0)), ""),
    promise("sftp-listing", Some(Aim::Ratio(0.5)), ""),
    promise("sftp-memory", Some(Aim::Most(150.0)), ""),
    promise(
        "relay-idle-memory",
        Some(Aim::Most(12.0)),
        "45 to 50, a relay in Go; 900 to 3 400, websockify",
    ),
    promise(
        "relay-vs-websockify/up",
        Some(Aim::Ratio(2.2)),
        "830 to 940, a relay in Go",
    ),
    promise(
        "relay-vs-websockify/down",
        Some(Aim::Ratio(1.0)),
        "1 180 to 1 250, a relay in Go",
    ),
    promise("relay-throughput", Some(Aim::Ratio(0.5)), ""),
    promise("relay-resume-cost", Some(Aim::Ratio(0.9)), ""),
    promise("relay-50ms", Some(Aim::Ratio(0.9)), ""),
    promise("relay-latency", None, ""),
    promise("relay-growth", None, ""),
    promise("growth-connections", None, ""),
    promise("growth-upload", None, ""),
    promise("growth-listing", None, ""),
    promise("tabs-memory", Some(Aim::Most(5.0)), ""),
    promise("paint-flood", Some(Aim::Most(100.0)), ""),
];

/// When and where: the day, the processor, and the versions of what is compared with.
pub(super) fn machine() -> String {
    let first = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        let said = if output.stdout.is_empty() {
            output.stderr
        } else {
            output.stdout
        };
        let said = String::from_utf8_lossy(&said).into_owned();
        said.lines().next().map(|line| line.trim().to_owned())
    };
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map(|rest| rest.trim_start_matches(['\t', ' ', ':']).to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut rustc = run::cargo();
    rustc.arg("--version");
    let versions = [
        processor.map(|name| format!("{name}, cores: {cores}")),
        first("uname", &["-sr"]),
        run::captured(&mut rustc)
            .ok()
            .map(|said| said.trim().to_owned()),
        first("chromium", &["--version"]),
        first("ssh", &["-V"]),
        first("node", &["--version"]).map(|version| format!("Node {version}")),
    ];
    let day = first("date", &["-u", "+%F"]).unwrap_or_default();
    let versions: Vec<String> = versions.into_iter().flatten().collect();
    format!("Measured on {day}: {}.", versions.join("; "))
}

/// One row for each figure.
pub(super) fn rows(figures: &[Value]) -> Vec<String> {
    let row = |cells: [String; 8]| format!("| {} |", cells.join(" | "));
    let head = [
        "figure", "unit", "ours", "base", "ratio", "aim", "the base", "others",
    ];
    let mut rows = vec![
        row(head.map(str::to_owned)),
        row(head.map(|_| "---".to_owned())),
    ];
    rows.extend(figures.iter().map(|figure| {
        let cell = |name: &str| match figure.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        let bench = cell("bench");
        let promise = PROMISES
            .iter()
            .find(|promise| bench.starts_with(promise.bench));
        let number = |name: &str| figure.get(name).and_then(Value::as_f64);
        let aim = promise
            .and_then(|promise| promise.aim)
            .map(|aim| verdict(aim, number("ours"), number("ratio")));
        let peers = promise.map_or("", |promise| promise.peers);
        row([
            bench.clone(),
            cell("unit"),
            cell("ours"),
            cell("base"),
            cell("ratio"),
            aim.unwrap_or_default(),
            cell("what_base_is"),
            peers.to_owned(),
        ])
    }));
    rows
}

/// The aim, and whether it is met.
fn verdict(aim: Aim, ours: Option<f64>, ratio: Option<f64>) -> String {
    let (words, met) = match aim {
        Aim::Least(least) => (format!("≥ {least}"), ours.map(|ours| ours >= least)),
        Aim::Most(most) => (format!("≤ {most}"), ours.map(|ours| ours <= most)),
        Aim::Ratio(least) => (format!("≥ {least} ×"), ratio.map(|ratio| ratio >= least)),
    };
    match met {
        Some(true) => format!("{words}: met"),
        Some(false) => format!("{words}: **missed**"),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::known;
    use serde_json::json;

    #[test]
    fn a_figure_is_held_against_its_aim() {
        let rows = rows(&[
            json!({"bench": "start-cold", "unit": "s", "ours": 0.6, "base": 0.2, "ratio": 3}),
            json!({"bench": "relay-vs-websockify/up-100-streams", "ours": 9, "ratio": 4.7}),
        ]);
        assert!(rows[2].contains("| ≤ 0.5: **missed** |"), "{}", rows[2]);
        assert!(rows[3].contains("| ≥ 2.2 ×: met |"), "{}", rows[3]);
        assert_eq!(rows[1], "| --- | --- | --- | --- | --- | --- | --- | --- |");
    }

    #[test]
    fn every_figure_has_its_own_row_of_promises() {
        for name in known() {
            let found = PROMISES
                .iter()
                .find(|promise| name.starts_with(promise.bench));
            assert_eq!(found.map(|promise| promise.bench), Some(name));
        }
    }

    #[test]
    fn the_machine_is_named_with_the_day() {
        let said = machine();
        assert!(said.starts_with("Measured on 2"), "{said}");
        assert!(said.contains("cores: "), "{said}");
    }
}
