//! Figures of the whole product against native ssh, one JSON line each.
//!
//! Ours and the base alternate in one run, so that a busy machine slows both; each figure is the
//! median of the runs.
#![expect(clippy::print_stdout, reason = "figures go to standard output")]

mod bridge;
mod busy;
mod echo;
mod files;
mod files_memory;
mod growth;
mod native;
mod output;
mod profile;
mod spent;
mod stage;
mod start;
mod tabs;

use std::env;

use anyhow::{Context, Result, bail};
use serde_json::json;

use spent::Spent;

/// Runs of each figure.
const RUNS: usize = 5;

/// The figures, in the order in which they are taken.
const NAMES: [&str; 19] = [
    "start-cold",
    "start-warm",
    "shell-output",
    "shell-output-drawn",
    "echo-latency",
    "echo-in-flood",
    "echo-in-upload",
    "sftp-upload",
    "sftp-download",
    "sftp-upload-50ms",
    "sftp-download-50ms",
    "sftp-small-files",
    "sftp-listing",
    "sftp-memory",
    "growth-connections",
    "growth-upload",
    "growth-listing",
    "tabs-memory",
    "paint-flood",
];

#[tokio::main]
async fn main() -> Result<()> {
    let wanted: Vec<String> = env::args().skip(1).collect();
    if wanted == ["profile"] {
        return profile::record().await;
    }
    if let [first, origin] = wanted.as_slice()
        && first == "bridge"
    {
        return bridge::carry(origin).await;
    }
    for name in &wanted {
        if !NAMES.contains(&name.as_str()) {
            bail!("no figure is called {name}; there are {}", NAMES.join(", "));
        }
    }
    for name in NAMES {
        if !wanted.is_empty() && !wanted.iter().any(|wish| wish == name) {
            continue;
        }
        let figures = take(name).await;
        for (step, figure) in figures.with_context(|| format!("no figure {name}"))? {
            figure.print(&format!("{name}{step}"))?;
        }
    }
    Ok(())
}

/// Takes a figure, or several steps of it.
async fn take(name: &str) -> Result<Figures> {
    let figure = match name {
        "shell-output" => return output::shell_output().await,
        "echo-latency" => return echo::echo_latency().await,
        "sftp-memory" => return files_memory::memory().await,
        "sftp-upload" => return files::upload().await,
        "sftp-download" => return files::download().await,
        "sftp-upload-50ms" => return files::upload_far().await,
        "sftp-download-50ms" => return files::download_far().await,
        "growth-connections" => return growth::connections().await,
        "growth-upload" => return growth::upload().await,
        "growth-listing" => return growth::listing().await,
        "tabs-memory" => return tabs::memory().await,
        "paint-flood" => return tabs::flood().await,
        "start-cold" => start::cold().await,
        "start-warm" => start::warm().await,
        "shell-output-drawn" => output::drawn().await,
        "echo-in-flood" => busy::flood().await,
        "echo-in-upload" => busy::upload().await,
        "sftp-small-files" => files::small_files().await,
        _ => files::listing().await,
    };
    Ok(vec![(String::new(), figure?)])
}

/// Figures, each with what follows the common name.
type Figures = Vec<(String, Figure)>;

/// Pairs of measurements, ours and the base's.
#[derive(Debug)]
struct Figure {
    unit: &'static str,
    what_base_is: &'static str,
    ours: Vec<f64>,
    base: Vec<f64>,
    /// Over all runs of ours.
    spent: Spent,
}

impl Figure {
    fn new(unit: &'static str, what_base_is: &'static str) -> Self {
        Self {
            unit,
            what_base_is,
            ours: vec![],
            base: vec![],
            spent: Spent::default(),
        }
    }

    fn add(&mut self, ours: f64, base: f64) {
        self.ours.push(ours);
        self.base.push(base);
    }

    fn print(mut self, name: &str) -> Result<()> {
        let ours = median(&mut self.ours).context("no run")?;
        let base = median(&mut self.base).context("no run")?;
        let round = |number: f64| (number * 1000.0).round() / 1000.0;
        let mut line = json!({
            "bench": name, "unit": self.unit, "ours": round(ours), "base": round(base),
            "ratio": round(ours / base), "what_base_is": self.what_base_is,
        });
        if let (Some(spent), Some(fields)) = (self.spent.to_json(), line.as_object_mut()) {
            fields.insert("spent".to_owned(), spent);
        }
        println!("{line}");
        Ok(())
    }
}

fn median(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}
