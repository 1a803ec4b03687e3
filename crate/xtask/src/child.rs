//! Child processes that cannot outlive this one.
//!
//! Each child leads a process group of its own, so that ending it also ends what it started
//! (cargo's compilers, ChromeDriver's browsers). A terminal's Ctrl-C then reaches only us, and
//! [`end_all_on_signal`] passes it on.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// Groups that are alive, for the signal thread: a signal has no other way to find them.
static ALIVE: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Files that must not stay when a signal ends us, for the same thread.
static NOTES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How long a child may take to end by itself: a relay drains its sessions in less.
const PATIENCE: Duration = Duration::from_secs(6);

/// Time between two looks at a group that is ending. A group has no event to wait for.
const LOOK: Duration = Duration::from_millis(20);

/// Exit code of a program that was interrupted, as shells report it (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// A running child and everything it started. Dropping it ends them all.
#[must_use = "dropping the group ends the child"]
#[derive(Debug)]
pub(crate) struct Group {
    child: Child,
    id: Pid,
}

impl Group {
    /// Starts `command`, in a group of its own.
    ///
    /// # Errors
    ///
    /// When the program cannot be started, naming it.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let mut alive = alive();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let id = Pid::from_child(&child);
        alive.push(id);
        Ok(Self { child, id })
    }

    /// The child itself, to read its pipes or to ask whether it still runs.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until the child ends, then ends what it left behind.
    ///
    /// # Errors
    ///
    /// When the operating system does not let us wait.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        end(self.id, || {
            let _reaped = self.child.try_wait();
        });
        let _reaped = self.child.wait();
        alive().retain(|id| *id != self.id);
    }
}

/// A command whose program the operating system ends when this process is killed and cannot do
/// so itself. Where there is no `setpriv` (outside Linux), the program would stay.
#[must_use]
pub(crate) fn tied(program: &Path) -> Command {
    let is_there = Command::new("setpriv")
        .arg("--version")
        .stdout(process::Stdio::null())
        .stderr(process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_there {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM"]).arg(program);
    command
}

/// Runs `command` to its end and returns what it wrote to the pipes it was given.
///
/// # Errors
///
/// As [`Group::start`], or when its output cannot be read.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    use std::io::Read;
    command.stdout(process::Stdio::piped());
    command.stderr(process::Stdio::piped());
    let mut group = Group::start(command)?;
    let stderr = group.child().stderr.take();
    let errors = thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = stderr {
            let _ended = pipe.read_to_end(&mut bytes);
        }
        bytes
    });
    let mut stdout = Vec::new();
    if let Some(mut pipe) = group.child().stdout.take() {
        pipe.read_to_end(&mut stdout)?;
    }
    let status = group.wait()?;
    let stderr = errors.join().unwrap_or_default();
    Ok(Output {
        status,
        stdout,
        stderr,
    })
}

/// Ends every child, and then this program, when a person or a supervisor says so.
///
/// # Errors
///
/// When the signal handlers cannot be installed.
pub(crate) fn end_all_on_signal() -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::spawn(move || {
        if signals.forever().next().is_some() {
            // The lock stays held: no new child can start while the others end.
            let alive = alive();
            for id in alive.iter() {
                let _gone = kill_process_group(*id, Signal::TERM);
            }
            for id in alive.iter() {
                end(*id, || ());
            }
            for path in locked(&NOTES).iter() {
                let _gone_already = fs::remove_file(path);
            }
            process::exit(INTERRUPTED);
        }
    });
    Ok(())
}

fn alive() -> MutexGuard<'static, Vec<Pid>> {
    locked(&ALIVE)
}

/// A thread that panicked left these lists whole: each change is one call.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that tells others of something running here. Dropping it takes the file away, and so
/// does a signal.
#[must_use = "dropping the note takes the file away"]
#[derive(Debug)]
pub(crate) struct Note(PathBuf);

impl Note {
    /// Writes the file.
    ///
    /// # Errors
    ///
    /// When it cannot be written, naming it.
    pub(crate) fn write(path: PathBuf, text: &str) -> Result<Self> {
        locked(&NOTES).push(path.clone());
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let _gone_already = fs::remove_file(&self.0);
        locked(&NOTES).retain(|path| *path != self.0);
    }
}

/// Asks a group to end, and insists after [`PATIENCE`]. `reap` collects a dead leader, which
/// otherwise still counts as a member.
fn end(id: Pid, mut reap: impl FnMut()) {
    if kill_process_group(id, Signal::TERM).is_err() {
        return;
    }
    let deadline = Instant::now() + PATIENCE;
    loop {
        reap();
        if test_kill_process_group(id).is_err() {
            return;
        }
        if Instant::now() > deadline {
            let _gone = kill_process_group(id, Signal::KILL);
            return;
        }
        thread::sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_a_group_ends_grandchildren_too() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & sleep 600"]);
        let group = Group::start(&mut command).unwrap();
        let id = group.id;
        assert!(test_kill_process_group(id).is_ok());
        drop(group);
        assert!(test_kill_process_group(id).is_err());
    }

    #[test]
    fn output_is_complete_on_both_pipes() {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero",
        ]);
        let output = output(&mut command).unwrap();
        assert!(output.status.success());
        assert_eq!(
            (output.stdout.len(), output.stderr.len()),
            (300_000, 300_000)
        );
    }
}
