//! How much memory a browser's pages and workers hold.

use std::fs;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::browser::Browser;

/// Memory of a browser's pages and workers, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// JavaScript objects, DOM and buffers of the front page and all workers, garbage that is
    /// not collected yet included.
    pub heaps: u64,
    /// Private memory of all renderer processes that is resident: wasm instances as well, and
    /// what the browser keeps in reserve.
    pub resident: u64,
}

impl Memory {
    /// How much larger both are than `before`, in MiB: heaps and resident memory.
    pub fn grown_mib(self, before: Self) -> (u64, u64) {
        let grown = |now: u64, before: u64| now.saturating_sub(before) >> 20;
        (
            grown(self.heaps, before.heaps),
            grown(self.resident, before.resident),
        )
    }
}

impl Browser {
    /// Collects garbage and measures.
    pub async fn memory(&self) -> Result<Memory> {
        for session in self.sessions().await? {
            self.devtools()
                .call(Some(&session), "HeapProfiler.collectGarbage", json!({}))
                .await?;
        }
        self.memory_now().await
    }

    /// Measures as it is.
    pub async fn memory_now(&self) -> Result<Memory> {
        let mut memory = Memory::default();
        for session in self.sessions().await? {
            let usage = self
                .devtools()
                .call(Some(&session), "Runtime.getHeapUsage", json!({}))
                .await?;
            for part in ["usedSize", "embedderHeapUsedSize", "backingStorageSize"] {
                memory.heaps += usage.get(part).and_then(as_bytes).unwrap_or(0);
            }
        }
        for (id, kind) in self.processes() {
            if kind == "renderer" {
                // One that ended in between holds nothing.
                memory.resident += anonymous_bytes(id).unwrap_or(0);
            }
        }
        Ok(memory)
    }

    /// What all processes of the browser hold together in memory of their own or of each other, in
    /// MiB; what two of them share counts once.
    pub fn all_memory_mib(&self) -> Result<u64> {
        let ids = self.processes().into_iter().map(|(id, _)| id);
        // One that ended in between holds nothing.
        let kib: u64 = ids.filter_map(|id| held_kib(id).ok()).sum();
        Ok(kib >> 10)
    }

    /// DevTools sessions of the front page and all workers.
    async fn sessions(&self) -> Result<Vec<String>> {
        let mut sessions = self.worker_sessions();
        sessions.push(self.page_session().await?);
        Ok(sessions)
    }
}

/// DevTools writes large numbers as floating point.
fn as_bytes(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| format!("{:.0}", value.as_f64()?).parse().ok())
}

/// Anonymous and shared memory in `/proc/ID/smaps_rollup`, each page divided by who maps it.
fn held_kib(id: u32) -> Result<u64> {
    let maps = fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
    let counted = |line: &&str| line.starts_with("Pss_Anon:") || line.starts_with("Pss_Shmem:");
    let number = |line: &str| line.split_whitespace().nth(1)?.parse::<u64>().ok();
    Ok(maps.lines().filter(counted).filter_map(number).sum())
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
