//! The figures as Markdown tables: what was measured, against what, what is aimed at, and where.

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
        "aead-aes-ctr",
        Some(Aim::Ratio(1.2)),
        "63 to 110, RustCrypto in wasm, the cipher alone",
    ),
    promise(
        "start-cold",
        Some(Aim::Most(0.5)),
        "0.65 to 0.73, Go in wasm with an interface",
    ),
    promise("start-warm", Some(Aim::Most(0.3)), "0.43 to 0.51, the same"),
    promise("shell-output-drawn", None, ""),
    promise("shell-output/relay", None, ""),
    promise(
        "shell-output",
        Some(Aim::Least(60.0)),
        "10 to 11, Go in wasm",
    ),
    promise("echo-latency/relay", None, ""),
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
    promise("relay-instructions", None, ""),
    promise("growth-connections", None, ""),
    promise("growth-upload", None, ""),
    promise("growth-listing", None, ""),
    promise("tabs-memory", Some(Aim::Most(5.0)), ""),
    promise("paint-flood", Some(Aim::Most(100.0)), ""),
];

/// When and where: the day, the processor, and the versions of what is compared with.
fn machine() -> String {
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

/// The whole of it: where it was measured, the figures, and those of growth in a table of their own.
pub(super) fn markdown(figures: &[Value]) -> String {
    let (growth, speed): (Vec<Value>, Vec<Value>) = figures
        .iter()
        .cloned()
        .partition(|figure| cell(figure, "bench").contains("growth"));
    let mut lines = vec![machine(), String::new()];
    lines.extend(rows(&speed));
    if !growth.is_empty() {
        lines.push(String::new());
        lines.push("How cost grows: each step against what its row names.".to_owned());
        lines.push(String::new());
        lines.extend(rows(&growth));
    }
    let spent = spent(figures);
    if !spent.is_empty() {
        lines.push(String::new());
        lines.push("Where the time goes: processor seconds over all runs of ours.".to_owned());
        lines.push(String::new());
        lines.extend(spent);
    }
    lines.join("\n")
}

/// Who spent how much while ours ran, the most first, for the figures that were metered.
fn spent(figures: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    for figure in figures {
        let Some(spent) = figure.get("spent").and_then(Value::as_object) else {
            continue;
        };
        let elapsed = spent
            .get("elapsed")
            .and_then(Value::as_f64)
            .unwrap_or_default();
        let mut parts: Vec<(&str, f64)> = spent
            .iter()
            .filter(|(who, _)| *who != "elapsed")
            .filter_map(|(who, seconds)| Some((who.as_str(), seconds.as_f64()?)))
            .collect();
        parts.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let all: f64 = parts.iter().map(|(_, seconds)| seconds).sum();
        let told = parts
            .iter()
            .filter(|(_, seconds)| *seconds > all / 100.0)
            .map(|(who, seconds)| format!("{who} {}", rounded(*seconds)));
        let told = told.collect::<Vec<_>>().join(", ");
        lines.push(format!(
            "- `{}`: {} s in {} s: {told}.",
            cell(figure, "bench"),
            rounded(all),
            rounded(elapsed)
        ));
    }
    lines
}

/// One row for each figure.
fn rows(figures: &[Value]) -> Vec<String> {
    let line = |cells: [String; 7]| format!("| {} |", cells.join(" | "));
    let head = [
        "figure",
        "ours",
        "compared",
        "ratio",
        "aim",
        "compared with",
        "others",
    ];
    let sides = ["---", "---:", "---:", "---:", "---", "---", "---"];
    let mut rows = vec![
        line(head.map(str::to_owned)),
        line(sides.map(str::to_owned)),
    ];
    rows.extend(figures.iter().map(|figure| line(cells(figure))));
    rows
}

fn cells(figure: &Value) -> [String; 7] {
    let bench = cell(figure, "bench");
    let promise = PROMISES
        .iter()
        .find(|promise| bench.starts_with(promise.bench));
    let peers = promise.map_or("", |promise| promise.peers).to_owned();
    let aim = promise.and_then(|promise| promise.aim);
    if figure.get("failed").is_some() {
        let why = format!("**not taken**: {}", cell(figure, "failed"));
        let [ours, base, ratio] = [(); 3].map(|()| String::new());
        let aim = aim.map(|aim| verdict(aim, None, None)).unwrap_or_default();
        return [bench, ours, base, ratio, aim, why, peers];
    }
    let number = |name: &str| figure.get(name).and_then(Value::as_f64);
    let unit = cell(figure, "unit");
    let with_unit = |name: &str| {
        number(name).map_or_else(String::new, |number| format!("{} {unit}", rounded(number)))
    };
    let ratio = number("ratio").map_or_else(String::new, |ratio| format!("{} ×", rounded(ratio)));
    let aim = aim
        .map(|aim| verdict(aim, number("ours"), number("ratio")))
        .unwrap_or_default();
    [
        bench,
        with_unit("ours"),
        with_unit("base"),
        ratio,
        aim,
        cell(figure, "what_base_is"),
        peers,
    ]
}

/// What a figure says of itself, with nothing in it that would end the cell.
fn cell(figure: &Value, name: &str) -> String {
    let text = figure.get(name).and_then(Value::as_str);
    text.unwrap_or_default().replace('|', "\\|")
}

/// Three digits that count, and thousands apart.
fn rounded(number: f64) -> String {
    let digits = match number.abs() {
        0.0 => 0,
        small if small < 0.1 => 3,
        small if small < 10.0 => 2,
        small if small < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{number:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut apart = String::new();
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left % 3 == 0 && !apart.ends_with('-') {
            apart.push(' ');
        }
        apart.push(digit);
    }
    apart + rest
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
        assert!(
            rows[2].contains("| 0.60 s | 0.20 s | 3.00 × |"),
            "{}",
            rows[2]
        );
        assert!(rows[3].contains("| ≥ 2.2 ×: met |"), "{}", rows[3]);
        assert_eq!(rows[1], "| --- | ---: | ---: | ---: | --- | --- | --- |");
    }

    #[test]
    fn a_figure_that_was_not_taken_says_why() {
        let rows = rows(&[json!({"bench": "start-cold", "failed": "no a | b"})]);
        let why = "| ≤ 0.5 | **not taken**: no a \\| b |";
        assert!(rows[2].contains(why), "{}", rows[2]);
    }

    #[test]
    fn growth_has_a_table_of_its_own() {
        let row = |bench| json!({"bench": bench, "unit": "s", "ours": 1, "base": 1, "ratio": 1});
        let said = markdown(&[row("relay-growth/echo/1"), row("start-warm")]);
        let (speed, growth) = said.split_once("How cost grows").unwrap();
        assert!(
            speed.contains("start-warm") && !speed.contains("relay-growth"),
            "{said}"
        );
        assert!(growth.contains("relay-growth/echo/1"), "{said}");
    }

    #[test]
    fn who_spent_the_time_is_told_the_most_first() {
        let spent = json!({"elapsed": 2.0, "relay": 0.5, "worker": 1.5, "rest": 0.001});
        let said = markdown(&[json!({"bench": "start-warm", "spent": spent})]);
        let wanted = "- `start-warm`: 2.00 s in 2.00 s: worker 1.50, relay 0.50.";
        assert!(said.ends_with(wanted), "{said}");
        assert!(!markdown(&[json!({"bench": "start-warm"})]).contains("Where"));
    }

    #[test]
    fn numbers_are_short() {
        for (number, text) in [
            (0.0, "0"),
            (0.0123, "0.012"),
            (1.951, "1.95"),
            (44.04, "44.0"),
            (798.236, "798"),
            (961_234.0, "961 234"),
            (-1234.5, "-1 234"),
        ] {
            assert_eq!(rounded(number), text);
        }
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
