//! Both programs of the site in two files each: see [`super::split`].
//!
//! Which functions may come later is written down in `crate/xtask/later/`, and follows from a
//! recorded run: `cargo xtask profile`. A function that no run has seen is in the first file, so that
//! new code makes a start heavier until the next recording, but never slower.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::bundle::Bundle;
use super::content;
use super::split::{self, Share};
use crate::{place, run};

/// The programs: their JavaScript is `NAME.js` and their wasm `NAME_bg.wasm`.
pub(crate) const PROGRAMS: &[&str] = &["transom-web", "transom-engine"];

/// What wasm-bindgen writes where it has put the imports together.
const IMPORTS: &str = "const imports = __wbg_get_imports();";

/// Hexadecimal digits of a digest: 48 bits tell ten thousand names apart.
const DIGEST_DIGITS: usize = 12;

/// The module that brings the rest.
const LATER: &str = "later.js";

/// Splits both programs of the bundle. Returns what each crate weighs in them.
///
/// # Errors
///
/// When a program is not as the tools of this build write it.
pub(crate) fn halve(bundle: &mut Bundle) -> Result<Vec<(&'static str, Vec<Share>)>> {
    let mut shares = Vec::new();
    for program in PROGRAMS {
        let later = later_functions(program)?;
        let wasm = format!("{program}_bg.wasm");
        let whole = bundle.content(&wasm).context("a program is missing")?;
        let halves = split::split(whole, |name| !later.contains(&digest(name)))
            .with_context(|| format!("cannot split {wasm}"))?;
        shares.push((*program, halves.shares));
        bundle.put(&wasm, halves.first);
        bundle.put(&format!("{program}_later.wasm"), halves.later);
        let imports = format!(
            "const imports = later(\"./{program}_later.wasm\", import.meta.url, __wbg_get_imports(), () => wasm);"
        );
        rewrite(bundle, program, |script| {
            ensure!(script.contains(IMPORTS), "its imports are not found");
            let script = script.replace(IMPORTS, &imports);
            Ok(format!("import {{ later }} from \"./{LATER}\";\n{script}"))
        })?;
    }
    bundle.put(LATER, include_bytes!("split/later.js").to_vec());
    Ok(shares)
}

/// Makes both programs note which functions run; `transomRan()` tells it, in page and worker.
///
/// Returns the functions' names by program.
///
/// # Errors
///
/// When a program is not as the tools of this build write it.
pub(crate) fn note(bundle: &mut Bundle) -> Result<BTreeMap<&'static str, Vec<String>>> {
    let mut names = BTreeMap::new();
    for program in PROGRAMS {
        let wasm = format!("{program}_bg.wasm");
        let whole = bundle.content(&wasm).context("a program is missing")?;
        let (noting, functions) = split::record(whole)?;
        bundle.put(&wasm, noting);
        names.insert(*program, functions);
        rewrite(bundle, program, |script| {
            Ok(format!("{script}\n{}\n", split::TELL))
        })?;
    }
    Ok(names)
}

/// Writes the list of a program's functions that may come later.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write_list(program: &str, later: &BTreeSet<&str>) -> Result<()> {
    let path = list(program);
    fs::create_dir_all(path.parent().context("it has a folder")?)?;
    let digests: BTreeSet<String> = later.iter().map(|name| digest(name)).collect();
    let lines = digests
        .into_iter()
        .flat_map(|digest| [digest, "\n".to_owned()]);
    fs::write(&path, lines.collect::<String>())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The list: one digest a line, because the names would fill half a megabyte.
fn list(program: &str) -> PathBuf {
    let folder = place::root().join("crate/xtask/later");
    folder.join(format!("{program}.txt"))
}

fn later_functions(program: &str) -> Result<BTreeSet<String>> {
    let text = run::read(&list(program))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// What stands for a function's name in the list.
fn digest(name: &str) -> String {
    let mut digest = content::digest(name.as_bytes());
    digest.truncate(DIGEST_DIGITS);
    digest
}

fn rewrite(
    bundle: &mut Bundle,
    program: &str,
    change: impl FnOnce(String) -> Result<String>,
) -> Result<()> {
    let name = format!("{program}.js");
    let script = bundle.content(&name).context("its script is missing")?;
    let script = String::from_utf8(script.to_vec())?;
    let script =
        change(script).with_context(|| format!("{name} is not as wasm-bindgen writes it"))?;
    bundle.put(&name, script.into_bytes());
    Ok(())
}
