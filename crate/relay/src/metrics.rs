//! Numbers for Prometheus ([text format]). No label names a host or a user.
//!
//! [text format]: https://prometheus.io/docs/instrumenting/exposition_formats/

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use transom_wire::CloseReason;

/// Upper bounds of the histogram of session times, in seconds: a look, a task, a day's work.
const BUCKETS: [u64; 7] = [1, 10, 60, 600, 3_600, 14_400, 86_400];

/// What happened so far. What is going on is asked for when it is shown.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    refused: Mutex<BTreeMap<String, u64>>,
    ended: Mutex<BTreeMap<String, u64>>,
    up_bytes: AtomicU64,
    down_bytes: AtomicU64,
    resumes: AtomicU64,
    /// One for each of [`BUCKETS`], not added up.
    times: [AtomicU64; BUCKETS.len()],
    times_sum_ms: AtomicU64,
    times_count: AtomicU64,
    dropped: AtomicU64,
}

/// What is going on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) sessions: usize,
    pub(crate) held: usize,
    pub(crate) connections: usize,
}

/// What a session was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    pub(crate) up_bytes: u64,
    pub(crate) down_bytes: u64,
    pub(crate) time: Duration,
    pub(crate) resumes: u32,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its client was told this.
    Told(CloseReason),
    /// Its client said farewell.
    Left,
    /// Its client went without a word and did not come back.
    Gone,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(reason) => reason.fmt(formatter),
            Self::Left => formatter.write_str("client left"),
            Self::Gone => formatter.write_str("client gone"),
        }
    }
}

impl Metrics {
    /// A session did not come about.
    pub(crate) fn refused(&self, reason: CloseReason) {
        count(&self.refused, label(&reason));
    }

    /// A request was refused before there was a WebSocket.
    pub(crate) fn refused_origin(&self) {
        count(&self.refused, "origin".to_owned());
    }

    /// A connection was dropped because there were too many.
    pub(crate) fn dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// A session is over.
    pub(crate) fn ended(&self, outcome: Outcome, summary: Summary) {
        count(&self.ended, label(&outcome));
        self.up_bytes.fetch_add(summary.up_bytes, Ordering::Relaxed);
        self.down_bytes
            .fetch_add(summary.down_bytes, Ordering::Relaxed);
        let resumes = u64::from(summary.resumes);
        self.resumes.fetch_add(resumes, Ordering::Relaxed);
        let mut buckets = BUCKETS.iter().zip(&self.times);
        if let Some((_, times)) = buckets.find(|(bound, _)| summary.time.as_secs() < **bound) {
            times.fetch_add(1, Ordering::Relaxed);
        }
        let milliseconds = u64::try_from(summary.time.as_millis()).unwrap_or(u64::MAX);
        self.times_sum_ms.fetch_add(milliseconds, Ordering::Relaxed);
        self.times_count.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything as text.
    pub(crate) fn show(&self, now: Now) -> String {
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write(&mut text, now);
        text
    }

    fn write(&self, out: &mut String, now: Now) -> fmt::Result {
        gauge(
            out,
            "sessions",
            "Sessions, held ones included.",
            now.sessions,
        )?;
        gauge(
            out,
            "sessions_held",
            "Sessions that wait for their client.",
            now.held,
        )?;
        gauge(
            out,
            "connections",
            "Connections that are no session.",
            now.connections,
        )?;
        family(
            out,
            "sessions_ended_total",
            "counter",
            "Sessions that are over.",
        )?;
        labelled(out, "sessions_ended_total", "outcome", &self.ended)?;
        family(
            out,
            "refused_total",
            "counter",
            "Sessions that did not come about.",
        )?;
        labelled(out, "refused_total", "reason", &self.refused)?;
        let dropped = self.dropped.load(Ordering::Relaxed);
        let help = "Connections beyond the limits.";
        family(out, "connections_dropped_total", "counter", help)?;
        writeln!(out, "transom_relay_connections_dropped_total {dropped}")?;
        let resumes = self.resumes.load(Ordering::Relaxed);
        family(
            out,
            "resumes_total",
            "counter",
            "Returns of clients to ended sessions.",
        )?;
        writeln!(out, "transom_relay_resumes_total {resumes}")?;
        family(
            out,
            "carried_bytes_total",
            "counter",
            "Bytes of ended sessions.",
        )?;
        for (direction, bytes) in [("up", &self.up_bytes), ("down", &self.down_bytes)] {
            let bytes = bytes.load(Ordering::Relaxed);
            let name = "transom_relay_carried_bytes_total";
            writeln!(out, "{name}{{direction=\"{direction}\"}} {bytes}")?;
        }
        self.write_times(out)
    }

    fn write_times(&self, out: &mut String) -> fmt::Result {
        let name = "session_duration_seconds";
        family(out, name, "histogram", "Time of ended sessions.")?;
        let mut sum = 0;
        for (bound, times) in BUCKETS.iter().zip(&self.times) {
            sum += times.load(Ordering::Relaxed);
            writeln!(out, "transom_relay_{name}_bucket{{le=\"{bound}\"}} {sum}")?;
        }
        let count = self.times_count.load(Ordering::Relaxed);
        let sum = Duration::from_millis(self.times_sum_ms.load(Ordering::Relaxed));
        writeln!(out, "transom_relay_{name}_bucket{{le=\"+Inf\"}} {count}")?;
        writeln!(out, "transom_relay_{name}_sum {}", sum.as_secs_f64())?;
        writeln!(out, "transom_relay_{name}_count {count}")
    }
}

fn label(reason: &impl fmt::Display) -> String {
    reason.to_string().replace(' ', "_")
}

/// The labels come from [`CloseReason`] and so are few.
fn count(counts: &Mutex<BTreeMap<String, u64>>, label: String) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    *counts.entry(label).or_default() += 1;
}

fn family(out: &mut String, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(out, "# HELP transom_relay_{name} {help}")?;
    writeln!(out, "# TYPE transom_relay_{name} {kind}")
}

fn gauge(out: &mut String, name: &str, help: &str, value: usize) -> fmt::Result {
    family(out, name, "gauge", help)?;
    writeln!(out, "transom_relay_{name} {value}")
}

fn labelled(
    out: &mut String,
    name: &str,
    label: &str,
    counts: &Mutex<BTreeMap<String, u64>>,
) -> fmt::Result {
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    for (value, count) in counts.iter() {
        writeln!(out, "transom_relay_{name}{{{label}=\"{value}\"}} {count}")?;
    }
    Ok(())
}
