//! Starts the programs of a session: the log-in shell or a command, with or without a terminal.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use std::sync::Arc;

use rustix::process::Pid;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::process::{Child, Command};

use crate::account::Account;
use crate::environment::{self, Requested};
use crate::terminal::{Controls, Terminal};

/// What to run.
#[derive(Debug)]
pub(crate) enum Program {
    /// The log-in shell.
    Shell,
    /// A command line for the log-in shell.
    Command(Vec<u8>),
}

/// A program that runs, with its ends of pipes or terminal.
pub(crate) struct Process {
    pub(crate) child: Child,
    /// The process group, whose leader is `child`.
    pub(crate) group: Pid,
    pub(crate) terminal: Option<Arc<Controls>>,
    pub(crate) input: Box<dyn AsyncWrite + Send + Unpin>,
    pub(crate) output: Box<dyn AsyncRead + Send + Unpin>,
    /// Standard error. `None` on a terminal, which mixes it with the output.
    pub(crate) errors: Option<Box<dyn AsyncRead + Send + Unpin>>,
}

/// Starts `program` as the leader of a process group of its own, so that a signal reaches all of it.
///
/// # Errors
///
/// Whatever the system says: no such shell, no terminal left, a command with a zero byte.
pub(crate) fn spawn(
    account: &Account,
    program: &Program,
    terminal: Option<&Terminal>,
    requested: &Requested,
) -> io::Result<Process> {
    let term = terminal.map(|terminal| terminal.term.as_str());
    let variables = environment::of_login(account, term, requested);
    match terminal {
        Some(terminal) => on_terminal(account, program, terminal, variables),
        None => on_pipes(account, program, variables),
    }
}

fn on_terminal(
    account: &Account,
    program: &Program,
    terminal: &Terminal,
    variables: Vec<(OsString, OsString)>,
) -> io::Result<Process> {
    let (pty, pts) = pty_process::open().map_err(io::Error::other)?;
    let controls = Controls::of(&pty)?;
    controls.resize(terminal.size)?;
    controls.expect_utf8()?;
    // On its own session, which makes it the leader of a group too.
    let child = pty_process::Command::new(&account.shell)
        .arg0(argument_zero(account, program))
        .args(arguments(program))
        .env_clear()
        .envs(variables)
        .current_dir(&account.home)
        .kill_on_drop(true)
        .spawn(pts)
        .map_err(io::Error::other)?;
    let (output, input) = pty.into_split();
    Ok(Process {
        group: group_of(&child)?,
        child,
        terminal: Some(Arc::new(controls)),
        input: Box::new(input),
        output: Box::new(output),
        errors: None,
    })
}

fn on_pipes(
    account: &Account,
    program: &Program,
    variables: Vec<(OsString, OsString)>,
) -> io::Result<Process> {
    let mut child = Command::new(&account.shell)
        .arg0(argument_zero(account, program))
        .args(arguments(program))
        .env_clear()
        .envs(variables)
        .current_dir(&account.home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
    let errors = child.stderr.take().ok_or_else(missing)?;
    Ok(Process {
        group: group_of(&child)?,
        terminal: None,
        input: Box::new(child.stdin.take().ok_or_else(missing)?),
        output: Box::new(child.stdout.take().ok_or_else(missing)?),
        errors: Some(Box::new(errors)),
        child,
    })
}

/// A shell is a log-in shell if its name begins with a dash (login(1), and sshd does the same).
fn argument_zero(account: &Account, program: &Program) -> OsString {
    let name = account
        .shell
        .file_name()
        .unwrap_or_else(|| OsStr::new("sh"));
    match program {
        Program::Shell => {
            let mut dashed = OsString::from("-");
            dashed.push(name);
            dashed
        }
        Program::Command(_) => name.to_owned(),
    }
}

fn arguments(program: &Program) -> Vec<&OsStr> {
    match program {
        Program::Shell => Vec::new(),
        Program::Command(line) => vec![OsStr::new("-c"), OsStr::from_bytes(line)],
    }
}

fn group_of(child: &Child) -> io::Result<Pid> {
    child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
}
