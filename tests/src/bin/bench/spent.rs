//! Where the time of a figure goes: processor seconds of every process that this one started.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// Processor seconds by who spent them, and the seconds that passed meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    seconds: f64,
    by: BTreeMap<&'static str, f64>,
}

/// What a thread has spent so far, by process and thread. An id may come again; its count would be
/// lower then, and is left out.
type Counts = HashMap<(u32, u32), (&'static str, f64)>;

/// Begun, and not ended yet.
#[derive(Debug)]
pub(crate) struct Meter {
    begun: Instant,
    counts: Counts,
}

/// A process, as /proc has it.
struct Process {
    parent: u32,
    command: String,
}

impl Meter {
    pub(crate) fn begin() -> Result<Self> {
        Ok(Self {
            counts: counts()?,
            begun: Instant::now(),
        })
    }

    /// Adds what was spent since. What ended meanwhile is not in it.
    pub(crate) fn end(self, spent: &mut Spent) -> Result<()> {
        spent.seconds += self.begun.elapsed().as_secs_f64();
        for (thread, (who, now)) in counts()? {
            let before = self.counts.get(&thread).map_or(0.0, |(_, before)| *before);
            *spent.by.entry(who).or_default() += (now - before).max(0.0);
        }
        Ok(())
    }
}

impl Spent {
    /// `None` where nothing was metered.
    pub(crate) fn to_json(&self) -> Option<Value> {
        if self.by.is_empty() {
            return None;
        }
        let round = |seconds: f64| json!((seconds * 100.0).round() / 100.0);
        let mut fields = Map::new();
        fields.insert("elapsed".to_owned(), round(self.seconds));
        fields.extend(
            self.by
                .iter()
                .map(|(who, seconds)| ((*who).to_owned(), round(*seconds))),
        );
        Some(fields.into())
    }
}

/// Of all processes below this one.
fn counts() -> Result<Counts> {
    let processes = processes()?;
    let ours = |mut id: u32| {
        // A chain of parents is short; one that is read while it changes might not end.
        for _ in 0..32 {
            match processes.get(&id) {
                Some(found) if found.parent == process::id() => return true,
                Some(found) => id = found.parent,
                None => return false,
            }
        }
        false
    };
    let per_second = clock_ticks()?;
    let mut counts = Counts::new();
    for (&id, process) in processes.iter().filter(|(id, _)| ours(**id)) {
        let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else {
            // It has ended since.
            continue;
        };
        for thread in threads.filter_map(Result::ok) {
            let Some((name, fields)) = stat(&thread.path()) else {
                continue;
            };
            // Fields 14 and 15 of proc(5): ticks in user and in kernel mode.
            let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
            let (Some(user), Some(kernel)) = (ticks(11), ticks(12)) else {
                continue;
            };
            let number = thread.file_name().to_string_lossy().parse().unwrap_or(id);
            let who = who(&process.command, &name);
            counts.insert((id, number), (who, (user + kernel) / per_second));
        }
    }
    Ok(counts)
}

fn processes() -> Result<HashMap<u32, Process>> {
    let mut found = HashMap::new();
    for entry in fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Some(id) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        let Some((_, fields)) = stat(&entry.path()) else {
            continue;
        };
        let parent = fields.get(1).and_then(|field| field.parse().ok());
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        let parent = parent.with_context(|| format!("no parent of {id}"))?;
        found.insert(id, Process { parent, command });
    }
    Ok(found)
}

/// A name, and the fields of proc(5) from the third on. `None` where it has ended.
fn stat(folder: &Path) -> Option<(String, Vec<String>)> {
    let text = fs::read_to_string(folder.join("stat")).ok()?;
    // The name may hold anything, a parenthesis too.
    let (name, rest) = text.split_once('(')?.1.rsplit_once(')')?;
    let fields = rest.split_whitespace().map(str::to_owned).collect();
    Some((name.to_owned(), fields))
}

fn who(command: &str, thread: &str) -> &'static str {
    if command.contains("--type=renderer") {
        return if thread.contains("Worker th") {
            "worker"
        } else {
            "rest of the renderer"
        };
    }
    let kinds = [
        ("network.mojom", "network process"),
        ("chromedriver", "harness"),
        ("--type=", "rest of the browser"),
        ("chromium", "browser process"),
        ("transom-relay", "relay"),
        ("sftp-server", "sftp-server"),
        ("sshd", "sshd"),
    ];
    let kind = kinds.iter().find(|(mark, _)| command.contains(mark));
    kind.map_or("rest", |(_, who)| who)
}

fn clock_ticks() -> Result<f64> {
    let said = process::Command::new("getconf").arg("CLK_TCK").output()?;
    let said = String::from_utf8(said.stdout)?;
    said.trim().parse().context("no clock ticks")
}
