//! What a failed test leaves behind for the person who looks for the cause.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A test's own folder, `tests/artifacts/<test>/`; emptied when the test begins, removed when it
/// succeeds.
#[derive(Debug)]
pub struct Artifacts {
    folder: PathBuf,
}

impl Artifacts {
    /// Makes the folder of the test called `name`.
    pub fn new(name: &str) -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("artifacts")
            .join(name.replace("::", "-"));
        if folder.exists() {
            fs::remove_dir_all(&folder).context("cannot empty the artifacts of the last run")?;
        }
        fs::create_dir_all(&folder).context("cannot make a folder for artifacts")?;
        Ok(Self { folder })
    }

    /// Where a file called `name` goes.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file, and says on standard error where that did not work: what is lost is only
    /// evidence.
    pub fn keep(&self, name: &str, content: impl AsRef<[u8]>) {
        if let Err(error) = fs::write(self.path(name), content) {
            eprintln!("cannot keep {name}: {error}");
        }
    }

    /// Removes the folder, after success.
    pub fn discard(&self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("cannot remove {}: {error}", self.folder.display());
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
