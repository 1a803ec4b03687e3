//! Looks for the testbed beside this project, so that tests of it are ignored, not passed, where there is none.

use std::path::Path;

/// Tests look there, too.
const TESTBED: &str = "../../shared/testbed";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(testbed)");
    println!("cargo::rerun-if-env-changed=TRANSOM_TESTBED");
    println!("cargo::rerun-if-changed=build.rs");
    let beside = Path::new(TESTBED).exists();
    // What is named and missing is a failure.
    if beside || std::env::var_os("TRANSOM_TESTBED").is_some() {
        println!("cargo::rustc-cfg=testbed");
    }
}
