//! Flow control by credit, without I/O.
//!
//! Each end may have at most a window of bytes on the way that the other has not acknowledged.
//! Offsets count from the session's begin, so that the same numbers tell where to go on after a
//! cut.

/// A peer broke the rules of flow control. Close with [`crate::CloseReason::BadFrame`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// More bytes arrived than the window allows.
    #[error("peer sent more than its window")]
    Overrun,
    /// Bytes were acknowledged that were never sent.
    #[error("peer acknowledged bytes that were not sent")]
    AckBeyondSent,
}

/// What this end may send.
///
/// INVARIANT: `acked <= sent <= acked + window`.
#[derive(Clone, Debug)]
pub struct SendWindow {
    window: u64,
    sent: u64,
    acked: u64,
}

impl SendWindow {
    /// Starts at offset 0 with the window that the other end granted, in bytes.
    pub fn new(window: u32) -> Self {
        Self {
            window: u64::from(window),
            sent: 0,
            acked: 0,
        }
    }

    /// Bytes that may be sent now.
    pub fn available(&self) -> usize {
        let free = self.window.saturating_sub(self.sent - self.acked);
        usize::try_from(free).unwrap_or(usize::MAX)
    }

    /// Notes that `count` bytes were sent; at most [`SendWindow::available`], which the caller
    /// has looked at. Anything beyond is not counted.
    pub fn sent(&mut self, count: usize) {
        debug_assert!(count <= self.available());
        let count = u64::try_from(count.min(self.available())).unwrap_or(0);
        self.sent += count;
    }

    /// Notes that the other end consumed everything before `received`. An older number than
    /// before changes nothing: acknowledgements may overtake each other around a cut.
    ///
    /// # Errors
    ///
    /// [`FlowError::AckBeyondSent`] when that was never sent.
    pub fn acked(&mut self, received: u64) -> Result<(), FlowError> {
        if received > self.sent {
            return Err(FlowError::AckBeyondSent);
        }
        self.acked = self.acked.max(received);
        Ok(())
    }
}

/// What the other end may send.
///
/// INVARIANT: `told <= consumed <= received <= told + window`.
#[derive(Clone, Debug)]
pub struct ReceiveWindow {
    window: u64,
    received: u64,
    consumed: u64,
    told: u64,
}

impl ReceiveWindow {
    /// Starts at offset 0 with the window granted to the other end, in bytes.
    pub fn new(window: u32) -> Self {
        Self {
            window: u64::from(window),
            received: 0,
            consumed: 0,
            told: 0,
        }
    }

    /// Notes that `count` bytes arrived.
    ///
    /// # Errors
    ///
    /// [`FlowError::Overrun`] when the window did not allow them.
    pub fn received(&mut self, count: usize) -> Result<(), FlowError> {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let received = self.received.saturating_add(count);
        if received - self.told > self.window {
            return Err(FlowError::Overrun);
        }
        self.received = received;
        Ok(())
    }

    /// Notes that `count` of the received bytes were consumed. Returns the offset to acknowledge
    /// once a quarter of the window is due: rarer stalls the sender, more often costs frames.
    pub fn consumed(&mut self, count: u64) -> Option<u64> {
        self.consumed = self.consumed.saturating_add(count).min(self.received);
        if self.consumed - self.told < self.window / 4 {
            return None;
        }
        self.told = self.consumed;
        Some(self.told)
    }
}
