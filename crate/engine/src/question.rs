//! Questions that wait for a person.

use std::collections::BTreeMap;

use futures::channel::oneshot;
use transom_protocol::{Answer, Event, Question, QuestionId};

/// The questions that are open.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    open: BTreeMap<QuestionId, Open>,
    next_id: u32,
}

#[derive(Debug)]
struct Open {
    question: Question,
    answer: oneshot::Sender<Answer>,
}

impl Questions {
    /// Opens a question. Returns the news for the pages and where the answer arrives.
    pub(crate) fn open(&mut self, question: Question) -> (Event, oneshot::Receiver<Answer>) {
        let id = QuestionId(self.next_id);
        self.next_id += 1;
        let (answer, wait) = oneshot::channel();
        let event = Event::Question {
            id,
            question: question.clone(),
        };
        self.open.insert(id, Open { question, answer });
        (event, wait)
    }

    /// Answers a question. Returns the news for the pages, unless it was answered before.
    pub(crate) fn answer(&mut self, id: QuestionId, answer: Answer) -> Option<Event> {
        let open = self.open.remove(&id)?;
        // The asker may have given up in between; the question is closed all the same.
        let _ = open.answer.send(answer);
        Some(Event::QuestionClosed { id })
    }

    /// Closes a question whose asker no longer waits. Returns the news for the pages, unless it is closed.
    pub(crate) fn withdraw(&mut self, id: QuestionId) -> Option<Event> {
        self.open.remove(&id)?;
        Some(Event::QuestionClosed { id })
    }

    /// Closes every question without an answer: their askers see a cancelled channel.
    pub(crate) fn close_all(&mut self) -> Vec<Event> {
        core::mem::take(&mut self.open)
            .into_keys()
            .map(|id| Event::QuestionClosed { id })
            .collect()
    }

    /// What a page that attaches must be told.
    pub(crate) fn retell(&self) -> impl Iterator<Item = Event> + '_ {
        self.open.iter().map(|(id, open)| Event::Question {
            id: *id,
            question: open.question.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answer_counts_and_the_second_does_nothing() {
        let mut questions = Questions::default();
        let (event, mut wait) = questions.open(Question::User);
        let Event::Question { id, .. } = event else {
            panic!("{event:?}");
        };
        let user = Answer::User {
            user: "ops".to_owned(),
        };
        assert!(questions.answer(id, user.clone()).is_some());
        assert!(questions.answer(id, Answer::Cancel).is_none());
        assert_eq!(wait.try_recv(), Ok(Some(user)));
    }

    #[test]
    fn a_question_is_withdrawn_once_and_not_after_its_answer() {
        let mut questions = Questions::default();
        let ids = [0, 1].map(|_| match questions.open(Question::User) {
            (Event::Question { id, .. }, _wait) => id,
            (event, _) => panic!("{event:?}"),
        });
        let [asked, answered] = ids;
        let closed = Some(Event::QuestionClosed { id: asked });
        assert_eq!(questions.withdraw(asked), closed);
        assert_eq!(questions.withdraw(asked), None);
        questions.answer(answered, Answer::Cancel);
        assert_eq!(questions.withdraw(answered), None);
    }

    #[test]
    fn a_page_that_comes_later_is_told_the_open_questions() {
        let mut questions = Questions::default();
        let (first, _wait) = questions.open(Question::User);
        assert_eq!(questions.retell().collect::<Vec<_>>(), [first]);
        questions.close_all();
        assert_eq!(questions.retell().count(), 0);
    }
}
