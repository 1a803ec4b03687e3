//! The oracles of the fuzz targets, on mutated examples.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what went wrong by panicking"
)]

mod oracle;
