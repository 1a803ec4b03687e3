//! Follows one program from its start to the message that says how it ended.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use russh::server::{Handle, Msg};
use russh::{ChannelWriteHalf, Sig};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::pump::{self, InputReceiver};
use crate::signal;
use crate::spawn::Process;

/// Data type code of standard error ([RFC 4254 §5.2]).
///
/// [RFC 4254 §5.2]: https://www.rfc-editor.org/rfc/rfc4254#section-5.2
const STDERR: u32 = 1;

/// How long a program may take to end after a hang-up before it is killed. Shells take
/// milliseconds.
const HANG_UP_GRACE: Duration = Duration::from_secs(1);

/// What a program needs of its channel.
pub(crate) struct Link {
    pub(crate) channel: ChannelWriteHalf<Msg>,
    pub(crate) session: Handle,
    pub(crate) input: InputReceiver,
    /// Signals for the program. Its end hangs up.
    pub(crate) signals: mpsc::Receiver<Sig>,
    /// Cancelled when the whole server ends.
    pub(crate) stop: CancellationToken,
}

/// Runs `process` until it ends and reports that, or until the client or the server hangs up.
pub(crate) async fn run(process: Process, link: Link) {
    let Process {
        mut child,
        group,
        terminal,
        input,
        output,
        errors,
    } = process;
    let Link {
        channel,
        session,
        input: queue,
        mut signals,
        stop,
    } = link;
    let ended = CancellationToken::new();
    // Behind pipes the end of file tells the end of the output, even after the program's own end.
    let quiet = if terminal.is_some() {
        ended.clone()
    } else {
        CancellationToken::new()
    };
    let errors = async {
        if let Some(errors) = errors {
            pump::drain(errors, &channel, Some(STDERR), quiet.clone()).await;
        }
    };
    let output = pump::drain(output, &channel, None, quiet.clone());
    let exited = async {
        let status = child.wait().await;
        ended.cancel();
        status
    };
    // Whether the program has read everything does not matter for its end.
    let fed = async {
        pump::feed(queue, input).await;
        std::future::pending::<()>().await;
    };
    let hung_up = obey(group, &mut signals, &ended);
    let finished = tokio::select! {
        (status, (), ()) = async { tokio::join!(exited, output, errors) } => Some(status),
        () = hung_up => None,
        () = stop.cancelled() => None,
        () = fed => None,
    };
    if let Some(status) = finished {
        report(status, &channel, &session).await;
    } else {
        // The pumps are gone by now. Without the terminal, programs see the hang-up as well.
        drop(terminal);
        hang_up(&mut child, group).await;
    }
}

/// Delivers the client's signals until it hangs up.
async fn obey(group: Pid, signals: &mut mpsc::Receiver<Sig>, ended: &CancellationToken) {
    while let Some(signal) = signals.recv().await {
        // After that, the group's number may belong to somebody else.
        if ended.is_cancelled() {
            continue;
        }
        if let Err(error) = deliver(&signal, group) {
            tracing::debug!(%error, "a signal had no effect");
        }
    }
}

fn deliver(signal: &Sig, group: Pid) -> io::Result<()> {
    let signal = signal::to_system(signal).ok_or(io::ErrorKind::Unsupported)?;
    Ok(kill_process_group(group, signal)?)
}

async fn hang_up(child: &mut Child, group: Pid) {
    // Once the leader has been waited for, its number may belong to somebody else.
    if child.id().is_none() {
        return;
    }
    let _already_gone = kill_process_group(group, Signal::HUP);
    if tokio::time::timeout(HANG_UP_GRACE, child.wait())
        .await
        .is_err()
    {
        let _already_gone = kill_process_group(group, Signal::KILL);
        let _status = child.wait().await;
    }
}

/// Tells the client how the program ended ([RFC 4254 §6.10]) and closes the channel.
///
/// [RFC 4254 §6.10]: https://www.rfc-editor.org/rfc/rfc4254#section-6.10
async fn report(status: io::Result<ExitStatus>, channel: &ChannelWriteHalf<Msg>, session: &Handle) {
    // Errors mean that the connection is gone; then nobody waits for this.
    let _ = channel.eof().await;
    if let Ok(status) = status {
        if let Some(code) = status.code() {
            let _ = channel.exit_status(code.cast_unsigned()).await;
        } else if let Some(signal) = status.signal().and_then(Signal::from_named_raw) {
            let signal = signal::from_system(signal);
            let core = status.core_dumped();
            let _ = session
                .exit_signal_request(channel.id(), signal, core, String::new(), String::new())
                .await;
        }
    }
    let _ = channel.close().await;
}
