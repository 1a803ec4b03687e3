//! Stands in for `russh-util` 0.52, the crate through which russh spawns tasks and reads the clock.
//!
//! On wasm the original reads the wall clock and panics when that steps back, as it does after
//! time synchronisation or when a machine wakes up. This one is monotonic, and a difference
//! that would be negative is zero. The API is the part that russh calls.

/// Tasks.
pub mod runtime;
/// Time.
pub mod time;
