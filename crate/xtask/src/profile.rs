//! `cargo xtask profile`: which functions a first shell runs.
//!
//! They make the first part of page and worker (`site::split`); all others are fetched later. The
//! end-to-end package does what a person does first, in a site that takes notes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use crate::setup::apt;
use crate::site::halve;
use crate::{bench, place, run, site};

/// Records, and writes `crate/xtask/later/`.
///
/// # Errors
///
/// When the site cannot be built, or the browser's run fails.
pub(crate) fn record() -> Result<()> {
    let folder = place::scratch().join("noting");
    let names = site::build_noting(&folder)?;
    apt::ensure_programs(apt::TEST_PROGRAMS)?;
    bench::build_relay()?;
    let mut command = bench::program(&["--package", "transom-tests", "--bin", "bench"]);
    command
        .args(["--", "profile"])
        .env("TRANSOM_DIST", &folder)
        .env("TRANSOM_RELAY", place::program("release", "transom-relay"));
    let said = run::captured(&mut command)?;
    let ran = said.lines().last().context("it said nothing")?;
    let ran: BTreeMap<String, Vec<usize>> = serde_json::from_str(ran)?;
    for (program, names) in names {
        let ran = ran.get(program).context("a program was not asked")?;
        let ran: BTreeSet<usize> = ran.iter().copied().collect();
        let names_where = |has_run| {
            let all = names.iter().enumerate();
            let wanted = all.filter(|(place, _)| ran.contains(place) == has_run);
            let wanted = wanted.map(|(_, name)| name.as_str());
            wanted.collect::<BTreeSet<&str>>()
        };
        // Functions may share a name; then one that ran speaks for all.
        let (first, mut later) = (names_where(true), names_where(false));
        later.retain(|name| !name.is_empty() && !first.contains(name));
        run::say(format!(
            "  {program}: {} of {} functions",
            ran.len(),
            names.len()
        ));
        halve::write_list(program, &later)?;
    }
    Ok(())
}
