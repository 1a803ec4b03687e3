//! A session's bytes in both directions, which outlive the connection that carries them.

use bytes::Bytes;

use crate::flow::{FlowError, ReceiveWindow, SendWindow};
use crate::kept::Kept;
use crate::limit::{MAX_DATA_BYTES, MAX_KEPT_BYTES};
use crate::{Frame, Resume};

/// One end of a session: what it sent, what it received, and what it must keep to resume.
///
/// It does no I/O. Whoever owns it sends each payload as [`Frame::Data`] after [`Self::send`],
/// feeds it what arrives, and after a cut:
///
/// 1. drops the old connection and never reads from it again,
/// 2. tells the peer [`Self::received`] on a new one, and passes what the peer tells to
///    [`Self::resume`],
/// 3. sends what [`Self::replay`] gives until that is empty, then goes on.
///
/// INVARIANT: `kept` holds exactly the bytes from the last acknowledged to the last sent one.
#[derive(Clone, Debug)]
pub struct Stream {
    send: SendWindow,
    receive: ReceiveWindow,
    kept: Kept,
    /// Offset up to which the present connection was given what was sent.
    given: u64,
    /// The present connection may not have heard our last acknowledgement.
    ack_due: bool,
    sent_eof: Eof,
    received_eof: bool,
}

/// Our end of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eof {
    /// More may be sent.
    No,
    /// It must be sent on the present connection.
    Due,
    /// The present connection was given it.
    Given,
}

impl Stream {
    /// Starts both directions at byte 0.
    ///
    /// - `send_window_bytes`: what the peer granted. At most [`MAX_KEPT_BYTES`] of it are used,
    ///   because what is not acknowledged is kept.
    /// - `receive_window_bytes`: what this end granted.
    pub fn new(send_window_bytes: u32, receive_window_bytes: u32) -> Self {
        Self {
            send: SendWindow::new(send_window_bytes.min(MAX_KEPT_BYTES)),
            receive: ReceiveWindow::new(receive_window_bytes),
            kept: Kept::default(),
            given: 0,
            ack_due: false,
            sent_eof: Eof::No,
            received_eof: false,
        }
    }

    /// Bytes that the next payload may have. At 0 stop reading from the source: the window is
    /// full, something must be sent again first, or [`Self::finish`] was called.
    pub fn may_send(&self) -> usize {
        if self.is_replaying() || self.sent_eof != Eof::No {
            return 0;
        }
        let window = usize::try_from(self.send.available());
        window.unwrap_or(MAX_DATA_BYTES).min(MAX_DATA_BYTES)
    }

    /// Records a payload that goes out on the present connection now, and keeps it.
    ///
    /// - `payload`: should not be a small part of a large allocation, which is kept whole.
    ///
    /// # Errors
    ///
    /// [`FlowError::ApiMisuse`] beyond [`Self::may_send`]; nothing is recorded then.
    pub fn send(&mut self, payload: Bytes) -> Result<(), FlowError> {
        if payload.len() > self.may_send() {
            return Err(FlowError::ApiMisuse);
        }
        self.send.record_sent(payload.len())?;
        self.given = self.send.sent();
        self.kept.push(payload);
        Ok(())
    }

    /// Records that nothing more will be sent. The [`Frame::Eof`] itself comes from
    /// [`Self::replay`].
    pub fn finish(&mut self) {
        if self.sent_eof == Eof::No {
            self.sent_eof = Eof::Due;
        }
    }

    /// What the present connection must be sent before anything else; empty most of the time.
    pub fn replay(&mut self) -> Option<Frame> {
        if core::mem::take(&mut self.ack_due) {
            let received = self.receive.acknowledged();
            return Some(Frame::Ack { received });
        }
        if let Some(payload) = self.kept.read(self.given, MAX_DATA_BYTES) {
            let bytes = u64::try_from(payload.len()).unwrap_or(u64::MAX);
            self.given = self.given.saturating_add(bytes);
            return Some(Frame::Data(payload));
        }
        if self.sent_eof == Eof::Due {
            self.sent_eof = Eof::Given;
            return Some(Frame::Eof);
        }
        None
    }

    /// Whether [`Self::replay`] has something.
    pub fn is_replaying(&self) -> bool {
        self.ack_due || self.given < self.send.sent() || self.sent_eof == Eof::Due
    }

    /// Records a payload of the peer. It is new: duplicates cannot come, because each connection
    /// goes on where [`Self::received`] said.
    ///
    /// # Errors
    ///
    /// [`FlowError::PeerOverran`] or [`FlowError::PeerSentAfterEof`]; the payload must be dropped
    /// and the session closed.
    pub fn on_data(&mut self, bytes: usize) -> Result<(), FlowError> {
        if self.received_eof {
            return Err(FlowError::PeerSentAfterEof);
        }
        self.receive.on_data(bytes)
    }

    /// Records the peer's end. It may say it again after a cut.
    pub fn on_eof(&mut self) {
        self.received_eof = true;
    }

    /// Takes the peer's acknowledgement and forgets what it covers.
    ///
    /// # Errors
    ///
    /// [`FlowError::PeerAckedUnsent`]; the session should close.
    pub fn on_ack(&mut self, received: u64) -> Result<(), FlowError> {
        self.on_ack_with(received, drop)
    }

    /// The same as [`Self::on_ack`]. Payloads that are no longer kept go to `spare` instead of being
    /// dropped, so that their memory can serve again.
    ///
    /// # Errors
    ///
    /// Those of [`Self::on_ack`].
    pub fn on_ack_with(
        &mut self,
        received: u64,
        spare: impl FnMut(Bytes),
    ) -> Result<(), FlowError> {
        if self.send.on_ack(received)? > 0 {
            self.kept.forget(received, spare);
            self.given = self.given.max(received);
        }
        Ok(())
    }

    /// Takes another window of the peer. At most [`MAX_KEPT_BYTES`] of it are used.
    pub fn on_window(&mut self, window_bytes: u32) {
        self.send.resize(window_bytes.min(MAX_KEPT_BYTES));
    }

    /// Grants another window from now on, and gives the frame that tells the peer. What was granted
    /// before stays granted, so it may become smaller as well.
    pub fn resize(&mut self, window_bytes: u32) -> Frame {
        self.receive.resize(window_bytes);
        Frame::Window { window_bytes }
    }

    /// Records that the consumer is done with `bytes`; says the acknowledgement to send, if
    /// one is due.
    ///
    /// # Errors
    ///
    /// [`FlowError::ApiMisuse`] beyond what came; nothing is recorded then.
    pub fn consume(&mut self, bytes: usize) -> Result<Option<u64>, FlowError> {
        self.receive.consume(bytes)
    }

    /// The acknowledgement of everything consumed, if it says anything new. Send it before
    /// the stream pauses, so that the peer can forget what it keeps.
    pub fn ack(&mut self) -> Option<u64> {
        self.receive.ack()
    }

    /// Bytes of the peer's stream that this end has, for [`Resume`] and
    /// [`Resumed`](crate::Resumed).
    pub const fn received(&self) -> u64 {
        self.receive.received()
    }

    /// Bytes sent since the session began, each counted once.
    pub const fn sent(&self) -> u64 {
        self.send.sent()
    }

    /// Bytes that are kept for a resumption.
    pub const fn kept_bytes(&self) -> u64 {
        self.send.in_flight()
    }

    /// Whether this end said that it sends no more.
    pub fn has_finished(&self) -> bool {
        self.sent_eof != Eof::No
    }

    /// Whether the peer said that it sends no more.
    pub const fn peer_has_finished(&self) -> bool {
        self.received_eof
    }

    /// Goes on over a new connection.
    ///
    /// - `received`: what the peer has of this end's stream.
    /// - `window_bytes`: what the peer grants from now on.
    ///
    /// # Errors
    ///
    /// [`FlowError::PeerLostBytes`] or [`FlowError::PeerAckedUnsent`] where the peer cannot have
    /// that; nothing changes then, and the connection should close.
    pub fn resume(&mut self, received: u64, window_bytes: u32) -> Result<(), FlowError> {
        self.send
            .resume(received, window_bytes.min(MAX_KEPT_BYTES))?;
        self.given = received;
        self.ack_due = self.receive.acknowledged() > 0;
        if self.sent_eof == Eof::Given {
            self.sent_eof = Eof::Due;
        }
        Ok(())
    }
}

/// Which of several connections carries a session: the newest that proved the secret.
///
/// Connections overtake each other on the way. The client numbers its attempts, so that one that
/// it has given up cannot take the session from a later one.
#[derive(Clone, Debug, Default)]
pub struct Takeover {
    last: u32,
}

impl Takeover {
    /// Whether `resume` comes from a later attempt than every one before. A client that does not
    /// number its attempts (0) is always believed.
    pub fn admits(&mut self, resume: &Resume) -> bool {
        if resume.attempt != 0 && resume.attempt <= self.last {
            return false;
        }
        self.last = self.last.max(resume.attempt);
        true
    }
}
