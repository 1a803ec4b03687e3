//! Figures of the whole product against native ssh, one JSON line each.

fn main() {}
