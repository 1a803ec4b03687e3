//! What all handles of a connection share: the requests that wait, and those under way.

use core::time::Duration;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures::channel::oneshot;
use tokio::sync::{Notify, Semaphore, TryAcquireError};

use super::RemoteHandle;
use super::asked::{Answer, Asked, Bulk, Cost, Outgoing, Pending, Why};
use super::window::{FIRST_BYTES, Pace};
use crate::clock::Clock;
use crate::codec::{Request, RequestId, encode_write};
use crate::error::{Operation, SftpError, Subject};
use crate::extension::Offer;

/// Requests without data that may be under way at once. Beyond it the next one waits.
const CONTROL_REQUESTS: usize = 128;

/// What all handles of a connection share.
pub(crate) struct Shared {
    pub(crate) offer: Offer,
    pub(crate) clock: Arc<dyn Clock>,
    /// Longest silence of the server while it owes an answer.
    pub(super) patience: Duration,
    state: Mutex<State>,
    control: Arc<Semaphore>,
    window: Arc<Semaphore>,
    /// There is something to send.
    pub(super) work: Notify,
    /// The connection has ended.
    pub(super) ended: Notify,
}

struct State {
    next_id: u32,
    pending: HashMap<RequestId, Pending>,
    /// Requests without data overtake those with: a listing need not wait for an upload.
    control: VecDeque<Outgoing>,
    bulk: VecDeque<Outgoing>,
    pace: Pace,
    /// Permits of the window there are, in use or not.
    granted: usize,
    /// When the server last took or sent a byte, or began to owe one.
    progress: Duration,
    closed: Option<Why>,
}

impl Shared {
    pub(crate) fn new(offer: Offer, clock: Arc<dyn Clock>, patience: Duration) -> Self {
        let progress = clock.now();
        Self {
            offer,
            clock,
            patience,
            state: Mutex::new(State {
                next_id: 1,
                pending: HashMap::new(),
                control: VecDeque::new(),
                bulk: VecDeque::new(),
                pace: Pace::default(),
                granted: FIRST_BYTES,
                progress,
                closed: None,
            }),
            control: Arc::new(Semaphore::new(CONTROL_REQUESTS)),
            window: Arc::new(Semaphore::new(FIRST_BYTES)),
            work: Notify::new(),
            ended: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that runs under the lock can panic halfway through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request without data and waits for its answer.
    pub(crate) async fn call(
        self: &Arc<Self>,
        request: &Request,
        handle: Option<&Arc<RemoteHandle>>,
        subject: Subject,
    ) -> Result<Answer, SftpError> {
        self.ask(request, handle, subject).await?.answer().await
    }

    /// Sends a request without data; the answer is awaited by the caller.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        request: &Request,
        handle: Option<&Arc<RemoteHandle>>,
        subject: Subject,
    ) -> Result<Asked, SftpError> {
        let permit = Arc::clone(&self.control).acquire_owned().await;
        let Ok(permit) = permit else {
            return Err(self.why().error(subject));
        };
        let queue = |id| request.encode(id);
        self.enqueue(
            queue,
            Cost {
                permit,
                bytes: 0,
                most_data: 0,
            },
            handle,
            subject,
        )
    }

    /// Waits until `bytes` more may be in flight. At most the largest read or write.
    pub(crate) async fn room(&self, bytes: u32, subject: &Subject) -> Result<Bulk, SftpError> {
        if let Some(bulk) = self.try_room(bytes) {
            return Ok(bulk);
        }
        let permit = Arc::clone(&self.window).acquire_many_owned(bytes).await;
        match permit {
            Ok(permit) => Ok(Bulk { permit, bytes }),
            Err(_) => Err(self.why().error(subject.clone())),
        }
    }

    /// The same without waiting; `None` where there is no room now.
    pub(crate) fn try_room(&self, bytes: u32) -> Option<Bulk> {
        match Arc::clone(&self.window).try_acquire_many_owned(bytes) {
            Ok(permit) => Some(Bulk { permit, bytes }),
            Err(TryAcquireError::NoPermits) => {
                self.state().pace.limited();
                None
            }
            Err(TryAcquireError::Closed) => None,
        }
    }

    /// Asks for `room.bytes` of a file.
    pub(crate) fn read(
        self: &Arc<Self>,
        handle: &Arc<RemoteHandle>,
        offset: u64,
        room: Bulk,
        subject: Subject,
    ) -> Result<Asked, SftpError> {
        let Bulk { permit, bytes } = room;
        let request = Request::Read {
            handle: handle.bytes(),
            offset,
            length: bytes,
        };
        let cost = Cost {
            permit,
            bytes,
            most_data: bytes,
        };
        self.enqueue(|id| request.encode(id), cost, Some(handle), subject)
    }

    /// Sends data, as much as `room` is for.
    pub(crate) fn write(
        self: &Arc<Self>,
        handle: &Arc<RemoteHandle>,
        (offset, data): (u64, &[u8]),
        room: Bulk,
        subject: Subject,
    ) -> Result<Asked, SftpError> {
        let Bulk { permit, bytes } = room;
        let cost = Cost {
            permit,
            bytes,
            most_data: 0,
        };
        let packet = |id| encode_write(id, &handle.bytes(), offset, data);
        self.enqueue(packet, cost, Some(handle), subject)
    }

    fn enqueue(
        &self,
        packet: impl FnOnce(RequestId) -> Vec<u8>,
        cost: Cost,
        handle: Option<&Arc<RemoteHandle>>,
        subject: Subject,
    ) -> Result<Asked, SftpError> {
        let mut state = self.state();
        if let Some(why) = state.closed {
            drop(state);
            return Err(why.error(subject));
        }
        let id = state.take_id();
        let packet = packet(id);
        if packet.len() > crate::codec::MAX_PACKET_BYTES {
            drop(state);
            return Err(SftpError::UserTooLong { subject });
        }
        if state.pending.is_empty() {
            state.progress = self.clock.now();
            state.pace.idle();
        }
        let Cost {
            permit,
            bytes: cost,
            most_data,
        } = cost;
        let (sender, answer) = oneshot::channel();
        let pending = Pending {
            answer: sender,
            subject: subject.clone(),
            most_data,
            cost,
            sent_at: None,
            permit,
            handle: handle.map(Arc::clone),
        };
        state.pending.insert(id, pending);
        let outgoing = Outgoing { id, packet };
        if cost == 0 {
            state.control.push_back(outgoing);
        } else {
            state.bulk.push_back(outgoing);
        }
        drop(state);
        self.work.notify_one();
        Ok(Asked { answer, subject })
    }

    /// Closes a handle that nobody has any more. Nobody hears the answer.
    pub(super) fn close_unheard(&self, handle: Bytes) {
        let Ok(permit) = Arc::new(Semaphore::new(1)).try_acquire_owned() else {
            return;
        };
        let subject = Subject::new(Operation::Close, b"");
        let request = Request::Close { handle };
        let cost = Cost {
            permit,
            bytes: 0,
            most_data: 0,
        };
        // On a connection that has ended the server frees its handles by itself.
        let _unheard = self.enqueue(|id| request.encode(id), cost, None, subject);
    }

    /// Takes the next packet to send. Data that nobody waits for any more is not sent at all.
    pub(super) fn next_outgoing(&self) -> Option<Outgoing> {
        let mut dropped = Vec::new();
        let mut state = self.state();
        let outgoing = loop {
            let next = state.control.pop_front();
            let Some(next) = next.or_else(|| state.bulk.pop_front()) else {
                break None;
            };
            let now = self.clock.now();
            match state.pending.get_mut(&next.id) {
                Some(pending) if pending.cost > 0 && pending.answer.is_canceled() => {
                    dropped.extend(state.pending.remove(&next.id));
                }
                Some(pending) => {
                    pending.sent_at = Some(now);
                    break Some(next);
                }
                None => (),
            }
        };
        // Dropping one may free a handle, which locks the state.
        drop(state);
        drop(dropped);
        outgoing
    }

    /// Takes the request that an answer belongs to, and gives its bytes back to the window.
    pub(super) fn take_pending(&self, id: RequestId) -> Option<Pending> {
        let mut state = self.state();
        // An answer to what was not sent yet is a guess.
        state.pending.get(&id)?.sent_at?;
        let pending = state.pending.remove(&id)?;
        let now = self.clock.now();
        if pending.cost > 0 {
            let waited = now.saturating_sub(pending.sent_at.unwrap_or(now));
            let cost = usize::try_from(pending.cost).unwrap_or(usize::MAX);
            state.pace.delivered(cost, waited, now);
            self.resize(&mut state);
        }
        Some(pending)
    }

    /// Makes the semaphore follow the window.
    fn resize(&self, state: &mut State) {
        let limit = state.pace.limit();
        if limit > state.granted {
            self.window.add_permits(limit - state.granted);
            state.granted = limit;
        } else {
            // Only what is free can be taken; the rest follows with the next answers.
            state.granted -= self.window.forget_permits(state.granted - limit);
        }
    }

    /// Notes that the server took or sent something.
    pub(super) fn progressed(&self) {
        self.state().progress = self.clock.now();
    }

    /// How long the server has been silent while it owes an answer; `None` while it owes none.
    pub(super) fn silence(&self) -> Option<Duration> {
        let state = self.state();
        let owes = !state.pending.is_empty();
        owes.then(|| self.clock.now().saturating_sub(state.progress))
    }

    /// Ends the connection: everything that waits fails, with the first reason told.
    pub(crate) fn close(&self, why: Why) {
        let mut state = self.state();
        let why = *state.closed.get_or_insert(why);
        let pending: Vec<Pending> = state.pending.drain().map(|(_, pending)| pending).collect();
        state.control.clear();
        state.bulk.clear();
        drop(state);
        self.control.close();
        self.window.close();
        for Pending {
            answer,
            subject,
            handle,
            permit,
            ..
        } in pending
        {
            if let Some(handle) = handle {
                handle.release();
            }
            drop(permit);
            // Nobody may wait for it any more.
            let _ = answer.send(Err(why.error(subject)));
        }
        self.ended.notify_one();
    }

    fn why(&self) -> Why {
        self.state().closed.unwrap_or(Why::Closed)
    }

    /// Whether the connection has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed.is_some()
    }
}

impl State {
    /// An id that no request under way has. There are far fewer of those than numbers.
    fn take_id(&mut self) -> RequestId {
        loop {
            let id = RequestId(self.next_id);
            self.next_id = self.next_id.wrapping_add(1);
            if !self.pending.contains_key(&id) {
                return id;
            }
        }
    }
}

impl core::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Shared").finish_non_exhaustive()
    }
}
