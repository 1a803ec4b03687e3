//! How much and how long.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::span::{OptionalSpan, Span};
use super::texts::single;

/// How much of everything. What goes beyond is refused; nothing queues.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Sessions at the same time, held ones included.
    pub sessions: usize,
    /// Sessions at the same time from one address, or one /64 network of IPv6.
    pub sessions_per_address: usize,
    /// Sessions at the same time of one subject of tickets or identities.
    pub sessions_per_subject: usize,
    /// Connections that are no session: they load the page or have not proved anything yet.
    pub connections: usize,
    /// Of these, those from one address. A proxy of `[identity]` may have all.
    pub connections_per_address: usize,
    /// A session ends when no byte of it moved for so long.
    #[serde(with = "single")]
    pub idle: OptionalSpan,
    /// A session ends after so long, whatever moves.
    #[serde(with = "single")]
    pub total: OptionalSpan,
    /// So long before either the client is warned.
    #[serde(with = "single")]
    pub warning: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Two files each stay far below the usual limits. In memory they have some KiB each, and
            // up to 7 MiB only where a client or a target does not take what the other one sends.
            sessions: 1024,
            // More than a person opens; an office behind one address needs more and says so.
            sessions_per_address: 256,
            sessions_per_subject: 64,
            connections: 1024,
            // A browser opens six to load a page.
            connections_per_address: 64,
            idle: OptionalSpan(None),
            total: OptionalSpan(None),
            warning: Span(Duration::from_mins(1)),
        }
    }
}

/// How long a peer may take.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// For TLS, and again for the head of a request.
    #[serde(with = "single")]
    pub handshake: Span,
    /// For the first frame of a WebSocket. Clients send it at once.
    #[serde(with = "single")]
    pub first_frame: Span,
    /// For finding and reaching the target together.
    #[serde(with = "single")]
    pub dial: Span,
    /// For sessions to end after the relay was told to stop.
    #[serde(with = "single")]
    pub drain: Span,
}

impl Default for Deadlines {
    fn default() -> Self {
        let seconds = |seconds| Span(Duration::from_secs(seconds));
        Self {
            handshake: seconds(10),
            first_frame: seconds(10),
            // What a person still waits for.
            dial: seconds(10),
            // It covers the farewell of each session.
            drain: seconds(8),
        }
    }
}

/// What happens when the way to a client breaks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Resumption {
    /// So long a session waits for its client to come back; `0s` for not at all.
    #[serde(with = "single")]
    pub grace: Span,
    /// Sessions that may wait at the same time. One more ends with its connection.
    pub held: usize,
    /// Bytes that waiting sessions may keep together; each keeps at most its window both ways.
    pub held_bytes: u64,
}

impl Default for Resumption {
    fn default() -> Self {
        Self {
            grace: Span(Duration::from_mins(2)),
            held: 1024,
            held_bytes: 256 * 1024 * 1024,
        }
    }
}
