//! The transfers of one connection as the engine told them. Pure.

use std::collections::BTreeMap;

use transom_protocol::{Direction, Transfer, TransferId, TransferState};

/// Transfers in the order in which they were first told of.
///
/// A folder of ten thousand files is as many transfers, each told several times, so none is looked
/// for one by one.
///
/// INVARIANT: `places` holds the id of each transfer of `ordered`, and nothing else.
#[derive(Debug, Default)]
pub(crate) struct TransferList {
    ordered: BTreeMap<u64, Transfer>,
    places: BTreeMap<TransferId, u64>,
    next: u64,
}

impl TransferList {
    /// The transfer, as it was told last.
    pub(crate) fn get(&self, id: &TransferId) -> Option<&Transfer> {
        self.ordered.get(self.places.get(id)?)
    }

    /// Takes a transfer as it is now; a new one goes to the end.
    pub(crate) fn put(&mut self, transfer: Transfer) {
        let place = *self.places.entry(transfer.id.clone()).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        self.ordered.insert(place, transfer);
    }

    /// Forgets a transfer.
    pub(crate) fn remove(&mut self, id: &TransferId) {
        if let Some(place) = self.places.remove(id) {
            self.ordered.remove(&place);
        }
    }

    /// All of them, oldest first.
    pub(crate) fn all(&self) -> Vec<Transfer> {
        self.ordered.values().cloned().collect()
    }
}

/// Whether it can be stopped and continued. What the browser takes as it comes, the browser pauses.
pub(crate) fn can_rest(transfer: &Transfer) -> bool {
    !transfer.streamed
}

/// Whether all of it is where it was to go.
pub(crate) fn is_whole(transfer: &Transfer) -> bool {
    matches!(transfer.state, TransferState::Done { .. })
}

/// Whether a whole download lies in the browser's private storage.
pub(crate) fn is_kept(transfer: &Transfer) -> bool {
    let placed = transfer.picked || transfer.streamed;
    is_whole(transfer) && transfer.direction == Direction::Download && !placed
}

#[cfg(test)]
mod tests {
    use transom_protocol::RemotePath;

    use super::*;

    fn transfer(id: &str, done: u64) -> Transfer {
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
            done,
            total: 10,
            rate: 0.0,
        }
    }

    fn ids(list: &TransferList) -> Vec<String> {
        list.all().into_iter().map(|each| each.id.0).collect()
    }

    #[test]
    fn a_transfer_that_changes_keeps_its_place() {
        let mut list = TransferList::default();
        for id in ["c", "a", "b"] {
            list.put(transfer(id, 0));
        }
        list.put(transfer("a", 7));
        assert_eq!(ids(&list), ["c", "a", "b"]);
        let known = list.get(&TransferId("a".to_owned()));
        assert_eq!(known.map(|known| known.done), Some(7));
    }

    #[test]
    fn a_transfer_that_comes_back_goes_to_the_end() {
        let mut list = TransferList::default();
        for id in ["a", "b"] {
            list.put(transfer(id, 0));
        }
        list.remove(&TransferId("a".to_owned()));
        assert!(list.get(&TransferId("a".to_owned())).is_none());
        assert_eq!(ids(&list), ["b"]);
        list.put(transfer("a", 0));
        assert_eq!(ids(&list), ["b", "a"]);
    }
}
