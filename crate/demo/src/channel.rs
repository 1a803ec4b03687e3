//! A session channel: first it collects requests, then one program runs on it ([RFC 4254 §6]).
//!
//! [RFC 4254 §6]: https://www.rfc-editor.org/rfc/rfc4254#section-6

use std::sync::{Arc, Weak};

use russh::server::{Handle, Msg};
use russh::{Channel, ChannelWriteHalf, Sig};
use tokio::sync::mpsc;

use crate::environment::Requested;
use crate::process;
use crate::pump::{self, InputSender};
use crate::server::Shared;
use crate::spawn::{self, Program};
use crate::terminal::{Controls, Size, Terminal};

/// Signals that may wait; they are delivered at once.
const SIGNAL_QUEUE: usize = 16;

/// Where a channel stands.
pub(crate) enum State {
    /// It is open and nothing runs.
    Opened(Opened),
    /// A program runs, or has ended.
    Running(Running),
    /// The program could not be started.
    Failed,
}

/// A channel on which nothing runs yet.
pub(crate) struct Opened {
    channel: ChannelWriteHalf<Msg>,
    pub(crate) requests: Requests,
}

/// What the client asked for before it starts a program.
#[derive(Default)]
pub(crate) struct Requests {
    pub(crate) terminal: Option<Terminal>,
    pub(crate) environment: Requested,
}

/// A channel with a program. Dropping it hangs up.
pub(crate) struct Running {
    input: Option<InputSender>,
    signals: mpsc::Sender<Sig>,
    /// Gone with the program, so that it does not keep the terminal open.
    terminal: Option<Weak<Controls>>,
}

impl State {
    /// A channel that was just opened.
    pub(crate) fn opened(channel: Channel<Msg>) -> Self {
        // Incoming bytes reach us through the handler. russh would queue them here as well, and
        // stop the whole connection when nobody reads them.
        let (_, channel) = channel.split();
        Self::Opened(Opened {
            channel,
            requests: Requests::default(),
        })
    }

    /// Whether the channel is still of use.
    pub(crate) fn is_alive(&self) -> bool {
        match self {
            Self::Opened(_) => true,
            Self::Running(running) => !running.signals.is_closed(),
            Self::Failed => false,
        }
    }

    /// Starts a program and says whether that worked. A channel runs one program only
    /// ([RFC 4254 §6.5]).
    ///
    /// [RFC 4254 §6.5]: https://www.rfc-editor.org/rfc/rfc4254#section-6.5
    pub(crate) fn start(self, shared: &Shared, program: &Program, session: Handle) -> (Self, bool) {
        let Self::Opened(Opened { channel, requests }) = self else {
            return (self, false);
        };
        let Requests {
            terminal,
            environment,
        } = requests;
        let account = &shared.demo.account;
        let process = match spawn::spawn(account, program, terminal.as_ref(), &environment) {
            Ok(process) => process,
            Err(error) => {
                tracing::warn!(%error, "program not started");
                return (Self::Failed, false);
            }
        };
        let (input, queue) = pump::input_queue();
        let (signals, delivered) = mpsc::channel(SIGNAL_QUEUE);
        let terminal = process.terminal.as_ref().map(Arc::downgrade);
        let link = process::Link {
            channel,
            session,
            input: queue,
            signals: delivered,
            stop: shared.stop.clone(),
        };
        shared.tasks.spawn(process::run(process, link));
        let running = Running {
            input: Some(input),
            signals,
            terminal,
        };
        (Self::Running(running), true)
    }
}

impl Running {
    /// Signals the program.
    pub(crate) async fn signal(&self, signal: Sig) {
        // Fails only when the program has ended, and then there is nothing to signal.
        let _ = self.signals.send(signal).await;
    }

    /// Resizes the terminal, before anything that the client types next.
    pub(crate) fn resize(&self, size: Size) {
        let terminal = self.terminal.as_ref().and_then(Weak::upgrade);
        if let Some(Err(error)) = terminal.map(|terminal| terminal.resize(size)) {
            tracing::debug!(%error, "a terminal was not resized");
        }
    }

    /// Passes on what the client typed; waits if the program is far behind.
    pub(crate) async fn input(&self, bytes: &[u8]) {
        if let Some(input) = &self.input {
            input.send(bytes).await;
        }
    }

    pub(crate) fn end_input(&mut self) {
        self.input = None;
    }
}
