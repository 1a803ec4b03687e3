//! Taking in lines of `known_hosts` files, which a worker reads: the rules are there.

use std::rc::Rc;

use transom_protocol::{Command, Event, KnownHostsImport};
use yew::Callback;

use crate::service::link::Link;

/// An import that is under way. Dropping it ends its worker; what was kept stays.
#[derive(Clone)]
pub(crate) struct Import(#[expect(dead_code, reason = "keeps the worker")] Rc<Link>);

impl Import {
    /// Starts one; `None` where the browser has no workers.
    ///
    /// - `on_outcome`: hears what came of it; `None` when the worker failed.
    pub(crate) fn start(
        text: String,
        on_outcome: Callback<Option<KnownHostsImport>>,
    ) -> Option<Self> {
        let outcome = |event| match event {
            Event::KnownHosts { outcome } => Some(outcome),
            _ => None,
        };
        let link = Link::for_answers(outcome, on_outcome)?;
        link.send(&Command::ImportKnownHosts { text }, None);
        Some(Self(Rc::new(link)))
    }
}
