//! Keys of the bar on a touch screen, in the terminal in front.

use std::rc::Weak;

use crate::service::pane::{FRONT, Live};
use crate::service::{clipboard, soft_keys};
use crate::state::soft_key::{SoftKey, bytes};

/// Types a key of the bar into the terminal in front.
pub(crate) fn tap(key: SoftKey) {
    if let Some(live) = FRONT.with_borrow(Weak::upgrade) {
        live.tap(key);
    }
}

/// Pastes into the terminal in front; must be called from a tap. The browser may ask first.
pub(crate) fn paste() {
    if let Some(live) = FRONT.with_borrow(Weak::upgrade) {
        clipboard::read(live.callback(|live, text: String| {
            live.pasted(&text);
        }));
    }
}

impl Live {
    fn tap(&self, key: SoftKey) {
        let application = self
            .terminal()
            .is_some_and(|terminal| terminal.has_application_keys());
        self.typed(&bytes(key, soft_keys::take(), application));
    }
}
