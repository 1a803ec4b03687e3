//! The ciphers in WebAssembly, beside RustCrypto's and the real ring.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use serde_json::Value;

use super::measured;
use crate::setup::apt;
use crate::{place, run};

/// Figures that need Node.
pub(super) const NAMES: &[&str] = &["aead-chacha", "aead-aes-gcm", "aead-aes-ctr"];

/// What the ciphers are built for.
const WASM: &str = "wasm32-unknown-unknown";

/// Builds the ciphers as the worker has them, and the real ring beside them.
pub(super) fn build() -> Result<()> {
    let ring = place::root().join("crate/ring");
    let mut cargo = run::cargo();
    cargo.args(["build", "--locked", "--manifest-path"]);
    cargo.arg(ring.join("Cargo.toml"));
    cargo.args(["--example", "aead", "--profile", "web", "--target", WASM]);
    run::quietly(&mut cargo)?;
    // The real ring is written in C. Without a compiler for it there is one row less.
    if apt::ensure_programs(&[("clang", "clang")]).is_err() {
        return Ok(());
    }
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--locked", "--target", WASM]);
    cargo
        .arg("--manifest-path")
        .arg(ring.join("real/Cargo.toml"));
    cargo.arg("--target-dir").arg(real_ring());
    run::quietly(&mut cargo)
}

/// Where the real ring is built.
fn real_ring() -> PathBuf {
    place::target().join("ring-real")
}

/// Measures a cipher in Node.
pub(super) fn measure(name: &str) -> Result<Vec<Value>> {
    let mut node = Command::new("node");
    node.arg(place::root().join("crate/ring/examples/aead/measure.mjs"));
    node.arg(place::target().join(WASM).join("web/examples/aead.wasm"));
    let real = real_ring().join(WASM).join("release/ring_real.wasm");
    if real.exists() {
        node.arg(real);
    }
    measured(node.arg(name))
}
