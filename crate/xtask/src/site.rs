//! The site: page and worker, compiled, named by their content and compressed, in `dist/`.

mod bundle;
mod compile;
mod compress;
pub(crate) mod content;
pub(crate) mod halve;
mod join;
mod licence;
mod naming;
mod offline;
mod pack;
mod page;
mod reference;
mod split;
mod stamp;
mod style;
mod vendor;
pub(crate) mod weight;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};

use self::bundle::Bundle;
use crate::setup::Kit;
use crate::{place, run};

/// How much work goes into the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What users get: cargo's profile `web`, wasm-opt, brotli.
    Release,
    /// As `Release`, but whole, and noting which functions run.
    Record,
    /// For the developer who waits: cargo's profile `dev`, nothing optimised or compressed.
    Dev,
}

impl Mode {
    /// Cargo's name of the profile.
    #[must_use]
    pub(crate) const fn profile(self) -> &'static str {
        match self {
            Self::Release | Self::Record => "web",
            Self::Dev => "dev",
        }
    }

    /// Cargo's folder for the profile.
    #[must_use]
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Release | Self::Record => "web",
            Self::Dev => "debug",
        }
    }
}

/// Builds the site unless `dist/` holds what the present sources give.
///
/// # Errors
///
/// Whatever set-up, compiler or tool said.
pub(crate) fn build(mode: Mode) -> Result<()> {
    let _alone = lock()?;
    let stamp = stamp::of_sources(mode)?;
    if stamp::read() == Some(stamp.clone()) && place::dist().join("index.html").exists() {
        run::say("  site: nothing changed");
        return Ok(());
    }
    let mut bundle = programs(mode)?;
    if mode == Mode::Release {
        let shares = halve::halve(&mut bundle)?;
        run::say(weight::shares(&shares));
    }
    let mut finished = bundle.finish(mode == Mode::Release)?;
    finished.add("licences.txt", licence::all()?);
    let next = place::scratch().join("dist-next");
    finished.write(&next)?;
    if mode == Mode::Release {
        run::step("compression: brotli, gzip", "10 s", || {
            compress::folder(&next)
        })?;
    }
    // Taken away before the swap: an interrupted one must not look complete.
    stamp::forget()?;
    swap(&next)?;
    stamp::write(&stamp)?;
    if mode == Mode::Release {
        run::say(weight::report(&weight::first_load()?, &weight::later()?));
    }
    Ok(())
}

/// Builds the site whole, with programs that note which functions run.
///
/// - `folder`: where to.
///
/// Returns the names of the functions by program.
///
/// # Errors
///
/// As [`build`].
pub(crate) fn build_noting(folder: &Path) -> Result<BTreeMap<&'static str, Vec<String>>> {
    let _alone = lock()?;
    let mut bundle = programs(Mode::Record)?;
    let names = halve::note(&mut bundle)?;
    bundle.finish(false)?.write(folder)?;
    Ok(names)
}

/// Compiles page and worker.
fn programs(mode: Mode) -> Result<Bundle> {
    let kit = Kit::prepare()?;
    let usually = match mode {
        Mode::Release | Mode::Record => "3 to 5 min; 30 s when little changed",
        Mode::Dev => "1 to 3 min; 10 s when little changed",
    };
    let mut bundle = run::step("page: trunk, cargo", usually, || compile::page(&kit, mode))?;
    let worker = run::step("worker: cargo, wasm-bindgen", usually, || {
        compile::worker(&kit, mode)
    })?;
    bundle.merge(worker)?;
    if mode != Mode::Dev {
        run::step("wasm-opt", "20 s", || compile::optimise(&kit, &mut bundle))?;
    }
    Ok(bundle)
}

/// Waits until no other build of this clone's site runs: their intermediate files are the same.
/// The lock is held until the file is closed.
fn lock() -> Result<File> {
    fs::create_dir_all(place::scratch())?;
    let file = File::create(place::scratch().join("site.lock"))?;
    if file.try_lock().is_err() {
        run::say("  another build of the site is running; waiting for it");
        file.lock().context("cannot lock the site's build")?;
    }
    Ok(file)
}

/// Replaces `dist/` by `next`, so that a relay that serves it never sees half a site.
fn swap(next: &Path) -> Result<()> {
    let dist = place::dist();
    let last = place::scratch().join("dist-last");
    if last.exists() {
        fs::remove_dir_all(&last)?;
    }
    if dist.exists() {
        fs::rename(&dist, &last)?;
    }
    fs::rename(next, &dist).context("cannot put the new site into dist/")
}
