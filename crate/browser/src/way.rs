//! What a way holds: bytes that were sent and have not arrived. Only arithmetic.

use core::time::Duration;

/// Time that programs on the way keep bytes until they pass them on, beside the round trip.
const HELD_UP: Duration = Duration::from_millis(8);

/// Bytes that are on their way at a rate.
///
/// - `arrived`: bytes that came while `took` passed.
pub fn bytes_on_the_way(arrived: u64, took: Duration, round_trip: Duration) -> u64 {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    arrived.saturating_mul(micros(round_trip.saturating_add(HELD_UP))) / micros(took).max(1)
}
