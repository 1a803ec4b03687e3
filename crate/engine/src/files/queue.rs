//! The transfers of a connection, in the order they were asked for. Pure bookkeeping.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use transom_protocol::{Direction, FilesErrorCode, Transfer, TransferId, TransferState};

/// What the transfers that run at once may cost together.
const BUDGET: usize = 64;

/// Cost of a transfer that fills the link by itself; a small one costs 1, because it is bound by
/// round trips.
const LARGE_COST: usize = 16;

/// Uploads up to this size are small, in bytes. The size of a download is not known before it runs.
const SMALL_BYTES: u64 = 256 * 1024;

/// Transfers that are told in one event at most.
const TOLD_AT_ONCE: usize = 500;

/// A transfer and what the engine needs to run it.
#[derive(Debug)]
pub(super) struct Job<W> {
    pub(super) transfer: Transfer,
    /// What is to be done.
    pub(super) work: W,
    /// Place in the order.
    number: u64,
    /// When its rate was last computed, and how far it was.
    measured: Option<(Duration, u64)>,
}

/// All transfers.
#[derive(Debug)]
pub(super) struct Queue<W> {
    jobs: BTreeMap<TransferId, Job<W>>,
    queued: BTreeSet<(u64, TransferId)>,
    /// Those that run, and their costs.
    running: BTreeMap<TransferId, usize>,
    /// Changed since they were told.
    changed: BTreeSet<TransferId>,
    next_number: u64,
}

impl<W> Default for Queue<W> {
    fn default() -> Self {
        Self {
            jobs: BTreeMap::new(),
            queued: BTreeSet::new(),
            running: BTreeMap::new(),
            changed: BTreeSet::new(),
            next_number: 0,
        }
    }
}

impl<W> Queue<W> {
    /// Adds a transfer at the end, or gives an existing one new work and queues it again. One that
    /// runs is left alone.
    pub(super) fn add(&mut self, transfer: Transfer, work: W) {
        let id = transfer.id.clone();
        if self.running.contains_key(&id) {
            return;
        }
        let number = self.next_number;
        self.next_number += 1;
        if let Some(old) = self.jobs.remove(&id) {
            self.queued.remove(&(old.number, id.clone()));
        }
        self.queued.insert((number, id.clone()));
        self.changed.insert(id.clone());
        self.jobs.insert(
            id,
            Job {
                transfer,
                work,
                number,
                measured: None,
            },
        );
    }

    /// Takes the next transfer that may run.
    pub(super) fn start_next(&mut self) -> Option<TransferId> {
        let (_, id) = self.queued.first()?;
        let spent: usize = self.running.values().sum();
        let cost = self.jobs.get(id).map_or(1, cost);
        if spent + cost > BUDGET {
            return None;
        }
        let (_, id) = self.queued.pop_first()?;
        self.running.insert(id.clone(), cost);
        Some(id)
    }

    /// The transfer.
    pub(super) fn job(&mut self, id: &TransferId) -> Option<&mut Job<W>> {
        self.jobs.get_mut(id)
    }

    /// Changes a transfer, and notes that it is to be told. Nothing where it is gone.
    pub(super) fn change(&mut self, id: &TransferId, change: impl FnOnce(&mut Transfer)) {
        if let Some(job) = self.jobs.get_mut(id) {
            change(&mut job.transfer);
            self.changed.insert(id.clone());
        }
    }

    /// Ends the run of a transfer, and says where it stands.
    pub(super) fn stop(&mut self, id: &TransferId, state: TransferState) {
        self.running.remove(id);
        if let Some(job) = self.jobs.get_mut(id) {
            self.queued.remove(&(job.number, id.clone()));
            job.measured = None;
            job.transfer.rate = 0.0;
            job.transfer.state = state;
            self.changed.insert(id.clone());
        }
    }

    /// Queues a transfer again that does not run. Whole ones stay whole.
    pub(super) fn again(&mut self, id: &TransferId) {
        if self.running.contains_key(id) {
            return;
        }
        if let Some(job) = self.jobs.get_mut(id)
            && !matches!(job.transfer.state, TransferState::Done { .. })
        {
            job.transfer.state = TransferState::Queued;
            self.queued.insert((job.number, id.clone()));
            self.changed.insert(id.clone());
        }
    }

    /// Queues again what stopped because the connection was lost.
    pub(super) fn again_if_lost(&mut self) {
        let lost: Vec<TransferId> = self
            .jobs
            .values()
            .filter(|job| is_lost(job))
            .map(id)
            .collect();
        for id in lost {
            self.again(&id);
        }
    }

    /// Stops everything that runs or waits, as `state` says.
    pub(super) fn stop_all(&mut self, state: &TransferState) {
        let all: Vec<TransferId> = self.running.keys().cloned().collect();
        let queued = self.queued.iter().map(|(_, id)| id.clone());
        for id in all.into_iter().chain(queued.collect::<Vec<_>>()) {
            self.stop(&id, state.clone());
        }
    }

    /// Takes a transfer off the list.
    pub(super) fn remove(&mut self, id: &TransferId) -> Option<Job<W>> {
        self.running.remove(id);
        self.changed.remove(id);
        let job = self.jobs.remove(id)?;
        self.queued.remove(&(job.number, id.clone()));
        Some(job)
    }

    /// Whether nothing runs or waits.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.queued.is_empty()
    }

    /// All transfers, in their order.
    pub(super) fn all(&self) -> Vec<Transfer> {
        let mut jobs: Vec<&Job<W>> = self.jobs.values().collect();
        jobs.sort_by_key(|job| job.number);
        jobs.into_iter().map(|job| job.transfer.clone()).collect()
    }

    /// Takes some transfers that changed, with their rates measured anew; empty once all are told.
    pub(super) fn take_changed(&mut self, now: Duration) -> Vec<Transfer> {
        let mut told = Vec::new();
        while told.len() < TOLD_AT_ONCE {
            let Some(id) = self.changed.pop_first() else {
                break;
            };
            if let Some(job) = self.jobs.get_mut(&id) {
                job.measure(now);
                told.push(job.transfer.clone());
            }
        }
        told
    }
}

impl<W> Job<W> {
    /// Rate over the time since it was last told, smoothed.
    fn measure(&mut self, now: Duration) {
        if self.transfer.state != TransferState::Moving {
            self.measured = None;
            return;
        }
        if let Some((then, before)) = self.measured {
            let seconds = now.saturating_sub(then).as_secs_f64();
            if seconds < 0.05 {
                return;
            }
            let moved = self.transfer.done.saturating_sub(before);
            let rate = float(moved) / seconds;
            let old = self.transfer.rate;
            self.transfer.rate = if old > 0.0 {
                old * 0.7 + rate * 0.3
            } else {
                rate
            };
        }
        self.measured = Some((now, self.transfer.done));
    }
}

fn cost<W>(job: &Job<W>) -> usize {
    let Transfer {
        direction, total, ..
    } = &job.transfer;
    match direction {
        Direction::Upload if *total <= SMALL_BYTES => 1,
        _ => LARGE_COST,
    }
}

fn is_lost<W>(job: &Job<W>) -> bool {
    matches!(&job.transfer.state, TransferState::Failed { failure }
        if matches!(failure.code, FilesErrorCode::Lost | FilesErrorCode::TimedOut))
}

fn id<W>(job: &Job<W>) -> TransferId {
    job.transfer.id.clone()
}

/// Bytes of a moment; far below what a float holds exactly.
fn float(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use transom_protocol::{FilesFailure, RemotePath};

    use super::*;

    fn transfer(id: &str) -> Transfer {
        Transfer {
            id: TransferId(id.to_owned()),
            direction: Direction::Upload,
            path: RemotePath::from("/x"),
            local_name: "x".to_owned(),
            picked: false,
            streamed: false,
            files_done: 0,
            files_total: 0,
            state: TransferState::Queued,
            done: 0,
            total: 10,
            rate: 0.0,
        }
    }

    fn queue(count: usize) -> Queue<()> {
        let mut queue = Queue::default();
        for number in 0..count {
            queue.add(transfer(&format!("{number:03}")), ());
        }
        queue
    }

    #[test]
    fn transfers_start_in_their_order_and_only_some_at_once() {
        let mut queue = queue(BUDGET + 2);
        for number in 0..BUDGET {
            assert_eq!(queue.start_next(), Some(TransferId(format!("{number:03}"))));
        }
        assert_eq!(queue.start_next(), None);
        queue.stop(&TransferId("001".to_owned()), TransferState::Paused);
        assert_eq!(queue.start_next(), Some(TransferId(format!("{BUDGET:03}"))));
    }

    #[test]
    fn a_large_transfer_waits_until_there_is_room_for_it() {
        let mut queue = queue(0);
        for number in 0..BUDGET {
            let large = Transfer {
                total: SMALL_BYTES + 1,
                ..transfer(&format!("{number:03}"))
            };
            queue.add(large, ());
        }
        let started = std::iter::from_fn(|| queue.start_next()).count();
        assert_eq!(started, BUDGET / LARGE_COST);
    }

    #[test]
    fn what_was_lost_goes_on_and_what_was_paused_does_not() {
        let mut queue = queue(2);
        let failure = FilesFailure {
            code: FilesErrorCode::Lost,
            detail: String::new(),
        };
        let (first, second) = (queue.start_next().unwrap(), queue.start_next().unwrap());
        queue.stop(&first, TransferState::Paused);
        queue.stop(&second, TransferState::Failed { failure });
        queue.again_if_lost();
        assert_eq!(queue.start_next(), Some(second));
        assert_eq!(queue.start_next(), None);
    }

    #[test]
    fn a_transfer_that_runs_is_not_begun_twice() {
        let mut queue = queue(1);
        let id = queue.start_next().unwrap();
        queue.add(transfer("000"), ());
        queue.again(&id);
        assert_eq!(queue.start_next(), None);
    }

    #[test]
    fn a_removed_transfer_leaves_nothing() {
        let mut queue = queue(2);
        let id = TransferId("000".to_owned());
        assert!(queue.remove(&id).is_some());
        assert_eq!(queue.take_changed(Duration::ZERO).len(), 1);
        assert_eq!(queue.start_next(), Some(TransferId("001".to_owned())));
        assert_eq!(queue.start_next(), None);
    }

    #[test]
    fn the_rate_follows_the_bytes() {
        let mut queue = queue(1);
        let id = queue.start_next().unwrap();
        let mut told = 0.0;
        for second in 0..10 {
            queue.change(&id, |transfer| {
                transfer.state = TransferState::Moving;
                transfer.done = second * 1000;
            });
            told = queue.take_changed(Duration::from_secs(second))[0].rate;
        }
        assert!((told - 1000.0).abs() < 1.0, "{told}");
    }
}
