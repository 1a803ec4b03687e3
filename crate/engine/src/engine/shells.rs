//! Shells of a connection: opened, given to pages, typed into, ended.

use std::rc::Rc;

use transom_protocol::{Event, ExitStatus, Phase, ShellId, TerminalSize};
use transom_ssh::ShellRequest;

use super::{Engine, State};
use crate::page::{PageId, Pages};
use crate::shell::{Shell, Typed, pty_size};
use crate::words;

impl Engine {
    /// Opens a shell for a page, or gives it the one that was opened ahead.
    pub(super) fn open_shell(engine: &Rc<Self>, page: PageId, size: TerminalSize) {
        let mut state = engine.state.borrow_mut();
        let (Some(connection), Phase::Open) = (state.connection.clone(), &state.phase) else {
            state.wanted.push((page, size));
            return;
        };
        let ahead = state.ahead.take();
        let opening = Rc::clone(engine);
        let forward_agent = state.route.forward_agent;
        wasm_bindgen_futures::spawn_local(async move {
            let Some(size) = pty_size(size) else { return };
            let opened = if let Some(ahead) = ahead {
                ahead.take(size).await
            } else {
                let request = ShellRequest {
                    forward_agent,
                    ..ShellRequest::new(size)
                };
                connection.open_shell(&request).await
            };
            match opened {
                Ok(shell) => Self::shell_opened(&opening, page, shell),
                Err(error) => opening.tell_all(&Event::ShellRefused {
                    failure: words::channel_failure(&error),
                }),
            }
        });
    }

    /// Opens the shell that a link is sure to ask for, while its page is still on the way.
    pub(super) fn open_ahead(&self) {
        let mut state = self.state.borrow_mut();
        if let (Some(connection), true) = (state.connection.clone(), state.wanted.is_empty()) {
            state.ahead.begin(connection);
        }
    }

    fn shell_opened(engine: &Rc<Self>, page: PageId, shell: transom_ssh::Shell) {
        let mut state = engine.state.borrow_mut();
        let id = ShellId(state.next_shell);
        state.next_shell += 1;
        let mut shell = Shell::start(engine, id, shell.output, shell.input);
        let State { pages, shells, .. } = &mut *state;
        for each in pages.ids() {
            let yours = each == page;
            pages.tell(each, &Event::ShellOpened { shell: id, yours }, None);
        }
        shell.attach(page, pages);
        shells.insert(id, shell);
    }

    pub(super) fn typed(&self, page: PageId, shell: ShellId, typed: Typed) {
        self.with_shell(shell, |shell, _| shell.typed(page, typed));
    }

    /// Runs `work` on a shell; `None` where there is no such shell.
    pub(crate) fn with_shell<T>(
        &self,
        id: ShellId,
        work: impl FnOnce(&mut Shell, &Pages) -> T,
    ) -> Option<T> {
        let mut state = self.state.borrow_mut();
        let State { pages, shells, .. } = &mut *state;
        shells.get_mut(&id).map(|shell| work(shell, pages))
    }

    /// Notes that a shell ended. The last one ends the session in order, as `ssh` does.
    pub(crate) fn shell_ended(self: &Rc<Self>, id: ShellId, status: ExitStatus) {
        self.with_shell(id, |shell, pages| shell.exit(status, pages));
        // What a person closed is not looked at again.
        let over = self.with_shell(id, |shell, _| shell.is_over());
        let gone = (over == Some(true)).then(|| self.state.borrow_mut().shells.remove(&id));
        drop(gone);
        let all_ended = {
            let state = self.state.borrow();
            state.wanted.is_empty() && state.shells.values().all(|shell| shell.exited().is_some())
        };
        if all_ended {
            Self::disconnect(self);
        }
    }

    /// Shells that run.
    pub(crate) fn shell_count(&self) -> usize {
        let state = self.state.borrow();
        let running = state.shells.values();
        running.filter(|shell| shell.exited().is_none()).count()
    }
}
