//! Moves the tab of a pane to another window.

use crate::service::pane::Live;

impl Live {
    /// Moves the tab in front to a window of its own or back, or says why that cannot be.
    pub(super) fn move_window(&self) {
        self.with_provided(|provided| {
            if let Some(why) = provided.windows.move_front(&provided.workspace) {
                self.notice(why.say());
            }
        });
    }
}
