//! Figures of the relay, one line of JSON each, against websockify and a plain copy.
//!
//! ```json
//! {"bench":"…","unit":"…","ours":1.0,"base":2.0,"ratio":0.5,"what_base_is":"…"}
//! ```
//!
//! Relay, websockify and copy run as processes of their own; clients and servers are blocking
//! threads of this program, so that they cost as little as they can. Ours and base alternate in
//! one run, and each figure is the median of its runs. `TRANSOM_RELAY` names the relay.

mod count;
mod growth;
mod idle;
mod latency;
mod middle;
mod peer;
mod socket;
mod throughput;

use std::env;
use std::io::{self, Write};

use anyhow::{Context, Result, bail};

/// Figures, in the order in which they are taken.
const NAMES: [&str; 9] = [
    "relay-idle-memory",
    "relay-vs-websockify/up",
    "relay-vs-websockify/down",
    "relay-throughput",
    "relay-latency",
    "relay-resume-cost",
    "relay-50ms",
    "relay-growth",
    "relay-instructions",
];

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    if let [copy, target] = words.as_slice()
        && copy == middle::COPY
    {
        return middle::copy(target.parse()?);
    }
    for word in &words {
        if !NAMES.contains(&word.as_str()) {
            bail!("no figure is called {word}; there are {}", NAMES.join(", "));
        }
    }
    for name in NAMES {
        if !words.is_empty() && !words.iter().any(|word| word == name) {
            continue;
        }
        match name {
            "relay-idle-memory" => idle::memory()?,
            "relay-latency" => latency::added()?,
            "relay-resume-cost" => throughput::resume_cost()?,
            "relay-50ms" => throughput::far_away()?,
            "relay-growth" => growth::steps()?,
            "relay-instructions" => count::instructions()?,
            "relay-throughput" => throughput::against_copy()?,
            name => throughput::against_websockify(name)?,
        }
    }
    Ok(())
}

/// Pairs of measurements, ours and the base's.
#[derive(Debug, Default)]
struct Figure {
    ours: Vec<f64>,
    base: Vec<f64>,
}

impl Figure {
    fn add(&mut self, ours: f64, base: f64) {
        self.ours.push(ours);
        self.base.push(base);
    }

    /// Prints the medians and returns them.
    fn print(mut self, name: &str, unit: &str, what_base_is: &str) -> Result<(f64, f64)> {
        let (ours, base) = (median(&mut self.ours), median(&mut self.base));
        print(name, unit, (ours, base), what_base_is)?;
        Ok((ours, base))
    }
}

/// Of several figures where more is better, the one that comes off worst against its base: the one
/// whose name has nothing behind it.
#[derive(Debug, Default)]
struct Worst(Option<(f64, f64)>);

impl Worst {
    fn add(&mut self, (ours, base): (f64, f64)) {
        if self.0.is_none_or(|(worst, of)| ours / base < worst / of) {
            self.0 = Some((ours, base));
        }
    }

    fn print(self, name: &str, unit: &str, what_base_is: &str) -> Result<()> {
        let pair = self.0.context("nothing was measured")?;
        print(
            name,
            unit,
            pair,
            &format!("the worst of the above: {what_base_is}"),
        )
    }
}

fn print(name: &str, unit: &str, (ours, base): (f64, f64), what_base_is: &str) -> Result<()> {
    let ratio = ours / base;
    writeln!(
        io::stdout(),
        "{{\"bench\":\"{name}\",\"unit\":\"{unit}\",\"ours\":{ours:.3},\"base\":{base:.3},\
         \"ratio\":{ratio:.3},\"what_base_is\":\"{what_base_is}\"}}",
    )?;
    Ok(())
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
