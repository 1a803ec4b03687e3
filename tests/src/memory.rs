//! How much memory a browser's pages and workers hold.

use std::fs;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};
use serde_json::json;

use crate::browser::Browser;

/// Memory of all renderer processes of a browser: its pages, workers, their wasm instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory {
    /// Private anonymous memory, resident, in bytes.
    pub bytes: u64,
}

impl Memory {
    /// How much more it is than `before`, in MiB.
    pub fn grown_mib(self, before: Self) -> u64 {
        self.bytes.saturating_sub(before.bytes) >> 20
    }
}

impl Browser {
    /// Collects garbage and measures.
    pub async fn memory(&self) -> Result<Memory> {
        let mut sessions = self.worker_sessions();
        sessions.push(self.page_session().await?);
        for session in &sessions {
            self.devtools()
                .call(Some(session), "HeapProfiler.collectGarbage", json!({}))
                .await?;
        }
        self.memory_now()
    }

    /// Measures without collecting garbage: cheap, for samples during a flood.
    pub fn memory_now(&self) -> Result<Memory> {
        let mut bytes = 0;
        for (id, kind) in self.processes() {
            if kind == "renderer" {
                bytes += anonymous_bytes(id).unwrap_or(0);
            }
        }
        Ok(Memory { bytes })
    }
}

/// `RssAnon` of `/proc/ID/status`.
fn anonymous_bytes(id: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))
        .context("no RssAnon in /proc")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}

/// Whether a process's memory holds `text` somewhere, as UTF-8.
///
/// Takes reading rights on `/proc/ID/mem`: the same user or root.
pub fn memory_holds(id: u32, text: &str) -> Result<bool> {
    let maps = fs::read_to_string(format!("/proc/{id}/maps"))?;
    let memory = fs::File::open(format!("/proc/{id}/mem"))?;
    for line in maps.lines() {
        let mut words = line.split(' ');
        let (Some(range), Some(rights)) = (words.next(), words.next()) else {
            continue;
        };
        // What cannot be written holds the program itself.
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').context("a map is a range")?;
        let (from, to) = (u64::from_str_radix(from, 16)?, u64::from_str_radix(to, 16)?);
        let mut bytes = vec![0; usize::try_from(to - from)?];
        // Some of the system's own maps cannot be read.
        if memory.read_exact_at(&mut bytes, from).is_ok() && holds(&bytes, text.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `text`, not empty, occurs in `bytes`.
pub(crate) fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
