//! The account of flow control, one for each direction. Neither holds a byte of the stream.

use crate::CloseReason;
use crate::limit::ACK_STEP_BYTES;

/// The peer, or our own code, broke the flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// The peer sent more than its window. Close with [`CloseReason::BadFrame`].
    #[error("{over_bytes} bytes beyond the window")]
    PeerOverran {
        /// Bytes beyond the window.
        over_bytes: u64,
    },
    /// The peer acknowledged bytes that were never sent. Close with [`CloseReason::BadFrame`].
    #[error("byte {received} acknowledged, {sent} sent")]
    PeerAckedUnsent {
        /// What the peer says.
        received: u64,
        /// What was sent.
        sent: u64,
    },
    /// The peer no longer has bytes that it once acknowledged.
    #[error("byte {acked} acknowledged, now only {received} received")]
    PeerLostBytes {
        /// What the peer says.
        received: u64,
        /// What it said before.
        acked: u64,
    },
    /// The peer sent data after its end.
    #[error("data after the end of the data")]
    PeerSentAfterEof,
    /// The caller sent more than [`SendWindow::available`], or consumed more than came. This is
    /// a mistake in the program that calls.
    #[error("the account was overdrawn by its own side")]
    ApiMisuse,
}

impl FlowError {
    /// The reason to close with.
    pub const fn close_reason(self) -> CloseReason {
        match self {
            Self::ApiMisuse => CloseReason::Internal,
            _ => CloseReason::BadFrame,
        }
    }
}

/// How much may be sent.
///
/// INVARIANT: `acked <= sent <= limit`.
#[derive(Clone, Debug)]
pub struct SendWindow {
    window: u64,
    sent: u64,
    acked: u64,
    /// Offset up to which was granted. It never goes back: a window that becomes smaller grants
    /// nothing more until acknowledgements have caught up.
    limit: u64,
}

impl SendWindow {
    /// Starts at byte 0 with the window that the peer granted (`window_bytes` of its first
    /// frame), or less: what is not acknowledged must be kept to resume.
    pub fn new(window_bytes: u32) -> Self {
        Self {
            window: u64::from(window_bytes),
            sent: 0,
            acked: 0,
            limit: u64::from(window_bytes),
        }
    }

    /// Bytes that may be sent now. At 0 stop reading from the source until an acknowledgement.
    pub const fn available(&self) -> u64 {
        // Cannot underflow: the invariant.
        self.limit.saturating_sub(self.sent)
    }

    /// Bytes on their way: sent and not acknowledged.
    pub const fn in_flight(&self) -> u64 {
        self.sent.saturating_sub(self.acked)
    }

    /// Bytes sent since the session began.
    pub const fn sent(&self) -> u64 {
        self.sent
    }

    /// Records that `bytes` were sent.
    ///
    /// # Errors
    ///
    /// [`FlowError::ApiMisuse`] beyond [`Self::available`]; nothing is recorded then.
    pub fn record_sent(&mut self, bytes: usize) -> Result<(), FlowError> {
        match u64::try_from(bytes) {
            Ok(bytes) if bytes <= self.available() => {
                self.sent = self.sent.saturating_add(bytes);
                Ok(())
            }
            _ => Err(FlowError::ApiMisuse),
        }
    }

    /// Takes the peer's cumulative acknowledgement; says how many bytes it frees. One that says
    /// less than an earlier one frees nothing.
    ///
    /// # Errors
    ///
    /// [`FlowError::PeerAckedUnsent`]; nothing is freed then, and the session should close.
    pub fn on_ack(&mut self, received: u64) -> Result<u64, FlowError> {
        if received > self.sent {
            return Err(FlowError::PeerAckedUnsent {
                received,
                sent: self.sent,
            });
        }
        let freed = received.saturating_sub(self.acked);
        self.acked = self.acked.max(received);
        self.grant();
        Ok(freed)
    }

    /// Takes another window of the peer, for what it acknowledges from now on. What was granted
    /// stays granted.
    pub fn resize(&mut self, window_bytes: u32) {
        self.window = u64::from(window_bytes);
        self.grant();
    }

    fn grant(&mut self) {
        self.limit = self.limit.max(self.acked.saturating_add(self.window));
    }

    /// Goes on over a new connection. What the peer has `received` is no credit: the account
    /// stays as it is.
    ///
    /// # Errors
    ///
    /// [`FlowError::PeerLostBytes`] or [`FlowError::PeerAckedUnsent`]; nothing changes then.
    pub fn resume(&mut self, received: u64, window_bytes: u32) -> Result<(), FlowError> {
        let (sent, acked) = (self.sent, self.acked);
        if received < acked {
            return Err(FlowError::PeerLostBytes { received, acked });
        }
        if received > sent {
            return Err(FlowError::PeerAckedUnsent { received, sent });
        }
        self.resize(window_bytes);
        Ok(())
    }
}

/// How much was received, and when to say so.
///
/// INVARIANT: `told <= consumed <= received <= limit`.
#[derive(Clone, Debug)]
pub struct ReceiveWindow {
    window: u64,
    received: u64,
    consumed: u64,
    told: u64,
    /// Offset up to which was granted; it never goes back.
    limit: u64,
}

impl ReceiveWindow {
    /// Starts at byte 0 with the window that this end grants.
    pub fn new(window_bytes: u32) -> Self {
        Self {
            window: u64::from(window_bytes),
            received: 0,
            consumed: 0,
            told: 0,
            limit: u64::from(window_bytes),
        }
    }

    /// Grants another window, for what is acknowledged from now on. The peer has to be told.
    pub fn resize(&mut self, window_bytes: u32) {
        self.window = u64::from(window_bytes);
        self.grant();
    }

    fn grant(&mut self) {
        self.limit = self.limit.max(self.told.saturating_add(self.window));
    }

    /// Bytes received since the session began.
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Bytes that the peer was told are consumed.
    pub const fn acknowledged(&self) -> u64 {
        self.told
    }

    /// Bytes received that nobody has consumed; what a bounded buffer holds.
    pub const fn pending(&self) -> u64 {
        self.received.saturating_sub(self.consumed)
    }

    /// Records a payload of `bytes` from the peer.
    ///
    /// # Errors
    ///
    /// [`FlowError::PeerOverran`]; the payload must be dropped and the session closed.
    pub fn on_data(&mut self, bytes: usize) -> Result<(), FlowError> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let received = self.received.saturating_add(bytes);
        if received > self.limit {
            return Err(FlowError::PeerOverran {
                over_bytes: received.saturating_sub(self.limit),
            });
        }
        self.received = received;
        Ok(())
    }

    /// Records that the consumer is done with `bytes`; says the acknowledgement to send, if
    /// one is due: at each multiple of 256 KiB or of a quarter of the window, whichever is less.
    ///
    /// # Errors
    ///
    /// [`FlowError::ApiMisuse`] beyond [`Self::pending`]; nothing is recorded then.
    pub fn consume(&mut self, bytes: usize) -> Result<Option<u64>, FlowError> {
        match u64::try_from(bytes) {
            Ok(bytes) if bytes <= self.pending() => {
                self.consumed = self.consumed.saturating_add(bytes);
            }
            _ => return Err(FlowError::ApiMisuse),
        }
        // Multiples, and not a distance: messages that overshoot it would fit one acknowledgement
        // less into a window, and a far sender would stand still for a quarter of the time.
        let step = (self.window / 4).clamp(1, ACK_STEP_BYTES);
        if self.consumed / step == self.told / step {
            return Ok(None);
        }
        Ok(self.ack())
    }

    /// The acknowledgement of everything consumed, if it says anything new. Send one before
    /// the stream pauses for long, so that the peer can drop what it keeps.
    pub fn ack(&mut self) -> Option<u64> {
        if self.consumed == self.told {
            return None;
        }
        self.told = self.consumed;
        self.grant();
        Some(self.told)
    }
}
