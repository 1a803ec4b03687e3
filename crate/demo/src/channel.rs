//! A session channel: first it collects requests, then one program runs on it ([RFC 4254 §6]).
//!
//! [RFC 4254 §6]: https://www.rfc-editor.org/rfc/rfc4254#section-6

use russh::server::{Handle, Msg};
use russh::{Channel, ChannelWriteHalf};
use tokio::sync::mpsc;

use crate::environment::Requested;
use crate::process::{self, Control};
use crate::pump::{self, InputSender};
use crate::server::Shared;
use crate::spawn::{self, Program};
use crate::terminal::Terminal;

/// Resizes and signals that may wait; they are done at once.
const CONTROL_QUEUE: usize = 16;

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
    control: mpsc::Sender<Control>,
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
            Self::Running(running) => !running.control.is_closed(),
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
        let (control, orders) = mpsc::channel(CONTROL_QUEUE);
        let stop = shared.stop.clone();
        let link = process::Link {
            channel,
            session,
            input: queue,
            control: orders,
            stop,
        };
        shared.tasks.spawn(process::run(process, link));
        (
            Self::Running(Running {
                input: Some(input),
                control,
            }),
            true,
        )
    }
}

impl Running {
    pub(crate) async fn control(&self, order: Control) {
        // Fails only when the program has ended, and then there is nothing to control.
        let _ = self.control.send(order).await;
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
