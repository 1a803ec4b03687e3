//! The pages that are attached to this engine.

use std::collections::BTreeMap;

use transom_browser::{Port, PortListener};
use transom_protocol::Event;
use wasm_bindgen::JsValue;

/// Names one attached page for as long as the engine lives; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PageId(pub(crate) u32);

/// The attached pages.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    attached: BTreeMap<PageId, Page>,
    next_id: u32,
}

#[derive(Debug)]
struct Page {
    port: Port,
    /// Held, never read: dropping it closes the port.
    listener: Option<PortListener>,
}

impl Pages {
    /// Adds a page and names it. It hears nothing before [`Pages::listen`].
    pub(crate) fn add(&mut self, port: Port) -> PageId {
        let id = PageId(self.next_id);
        self.next_id += 1;
        self.attached.insert(
            id,
            Page {
                port,
                listener: None,
            },
        );
        id
    }

    /// Keeps the page's listener for as long as the page.
    pub(crate) fn listen(&mut self, page: PageId, listener: PortListener) {
        if let Some(page) = self.attached.get_mut(&page) {
            page.listener = Some(listener);
        }
    }

    /// Removes a page and closes its port.
    ///
    /// The page comes back to the caller, because dropping it inside the call of its own
    /// listener would free the code that runs.
    pub(crate) fn remove(&mut self, page: PageId) -> Option<impl Sized + use<>> {
        self.attached.remove(&page)
    }

    /// Names every page.
    pub(crate) fn ids(&self) -> Vec<PageId> {
        self.attached.keys().copied().collect()
    }

    /// Tells every page.
    pub(crate) fn tell_all(&self, event: &Event) {
        for page in self.attached.values() {
            tell(&page.port, event, None);
        }
    }

    /// Tells one page.
    pub(crate) fn tell(&self, page: PageId, event: &Event, bytes: Option<&[u8]>) {
        if let Some(page) = self.attached.get(&page) {
            tell(&page.port, event, bytes);
        }
    }

    /// Tells one page, and hands it an object of the browser.
    pub(crate) fn hand(&self, page: PageId, event: &Event, object: &JsValue) {
        if let Some(page) = self.attached.get(&page)
            && let Err(failure) = page.port.send_object(event, object)
        {
            tracing::warn!(%failure, "a message to a page was refused");
        }
    }
}

fn tell(port: &Port, event: &Event, bytes: Option<&[u8]>) {
    if let Err(failure) = port.send(event, bytes) {
        // A port whose page is gone takes messages silently, so this is a browser out of memory.
        tracing::warn!(%failure, "a message to a page was refused");
    }
}
