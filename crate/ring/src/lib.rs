//! Stands in for ring.
