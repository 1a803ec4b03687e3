//! With the feature `page`: lists the files of the built page, so that the program holds them.

use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::fmt::Write;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where the page is, if not in `dist/` of the workspace.
const FOLDER: &str = "TRANSOM_DIST";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed={FOLDER}");
    if env::var_os("CARGO_FEATURE_PAGE").is_none() {
        return Ok(());
    }
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let folder = env::var_os(FOLDER).map_or(own.join("../../dist"), PathBuf::from);
    println!("cargo:rerun-if-changed={}", folder.display());
    let folder = folder.canonicalize().unwrap_or(folder);
    if !folder.join("index.html").is_file() {
        let shown = folder.display();
        return Err(format!(
            "there is no page in {shown}: run `cargo xtask build` before a build with the feature \
             page, or name its folder in {FOLDER}"
        )
        .into());
    }
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let compressed = |ending: &str| {
            let path = format!("{}.{ending}", file.display());
            if Path::new(&path).is_file() {
                format!("Some(include_bytes!({path:?}))")
            } else {
                "None".to_owned()
            }
        };
        let name = file.strip_prefix(&folder)?.to_string_lossy();
        let mut hasher = DefaultHasher::new();
        hasher.write(&fs::read(file)?);
        writeln!(
            list,
            "File {{ path: {:?}, tag: \"{:016x}\", plain: include_bytes!({:?}), \
             brotli: {}, gzip: {} }},",
            format!("/{name}"),
            hasher.finish(),
            file.display().to_string(),
            compressed("br"),
            compressed("gz"),
        )?;
    }
    list.push(']');
    let out = Path::new(&env::var("OUT_DIR")?).join("page.rs");
    fs::write(out, list)?;
    Ok(())
}

/// Finds every file that is not the compressed form of another.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().unwrap_or_default();
        if path.is_dir() {
            collect(&path, files)?;
        } else if ending != "br" && ending != "gz" {
            files.push(path);
        }
    }
    Ok(())
}
