//! A handle of the server, freed when nobody needs it.

use bytes::Bytes;
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use super::shared::Shared;

/// An open file or folder on the server.
///
/// INVARIANT: the server is asked to close it once: by [`Self::release`], or when the last owner
/// drops it. Requests that are under way own it too, so it is never closed before they are
/// answered: a server may give the same handle to the next file, and a late write would go there.
pub(crate) struct RemoteHandle {
    bytes: Bytes,
    released: AtomicBool,
    shared: Weak<Shared>,
}

impl RemoteHandle {
    pub(crate) fn new(bytes: &Bytes, shared: &Arc<Shared>) -> Arc<Self> {
        Arc::new(Self {
            // The packet that it came in is not kept alive by it.
            bytes: Bytes::copy_from_slice(bytes),
            released: AtomicBool::new(false),
            shared: Arc::downgrade(shared),
        })
    }

    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// The caller closes it itself.
    pub(crate) fn release(&self) {
        self.released.store(true, Ordering::Relaxed);
    }
}

impl Drop for RemoteHandle {
    fn drop(&mut self) {
        if self.released.load(Ordering::Relaxed) {
            return;
        }
        if let Some(shared) = self.shared.upgrade() {
            shared.close_unheard(self.bytes());
        }
    }
}

impl core::fmt::Debug for RemoteHandle {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_tuple("RemoteHandle")
            .field(&self.bytes)
            .finish()
    }
}
