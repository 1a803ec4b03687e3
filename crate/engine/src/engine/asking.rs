//! Asking the pages.

use futures::channel::oneshot;
use transom_protocol::{Answer, Event, Question, QuestionId};

use super::Engine;

impl Engine {
    /// Asks the pages. `Err` means that nobody will answer, because the session is over.
    ///
    /// # Cancel safety
    ///
    /// A dropped call withdraws the question: pages that show it close it.
    pub(crate) async fn ask(&self, question: Question) -> Result<Answer, oneshot::Canceled> {
        let (event, wait) = self.state.borrow_mut().questions.open(question);
        let _asked = match &event {
            Event::Question { id, .. } => Some(Asked {
                engine: self,
                id: *id,
            }),
            _ => None,
        };
        self.tell_all(&event);
        wait.await
    }
}

/// A question that somebody waits for. Dropping it closes the question, if that is still open.
struct Asked<'a> {
    engine: &'a Engine,
    id: QuestionId,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        // Where the engine is busy it ends the session, and with that every question.
        if let Ok(mut state) = self.engine.state.try_borrow_mut()
            && let Some(closed) = state.questions.withdraw(self.id)
        {
            state.pages.tell_all(&closed);
        }
    }
}
