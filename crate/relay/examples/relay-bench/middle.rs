//! What stands between client and server: the relay, websockify, or a program that only copies.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::NamedTempFile;
use tokio::io::copy_bidirectional_with_sizes;

use crate::socket::PIECE_BYTES;

/// The word that makes this program a copy.
pub(crate) const COPY: &str = "copy";

/// Longest wait for a program to listen, in steps of [`STEP`].
const STEPS: u32 = 500;
const STEP: Duration = Duration::from_millis(20);

/// A program with a port. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Middle {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Drop for Middle {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Middle {
    /// The relay, with room for every session of a figure.
    pub(crate) fn relay(more: &[&str]) -> Result<Self> {
        let mut command = Command::new(relay()?);
        command.args(more);
        Self::that_tells(set_up(command))
    }

    /// A copy to `target` in a process of its own.
    pub(crate) fn copy(target: SocketAddr) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.args([COPY, &target.to_string()]);
        Self::that_tells(command)
    }

    /// websockify to `target`.
    pub(crate) fn websockify(target: SocketAddr) -> Result<Self> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let child = Command::new("websockify")
            .args([free.to_string(), target.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("websockify is not installed")?;
        let this = Self {
            child,
            address: free,
        };
        for _ in 0..STEPS {
            if TcpStream::connect(free).is_ok() {
                return Ok(this);
            }
            sleep(STEP);
        }
        bail!("websockify does not listen")
    }

    /// A program that says in its first line where it listens, as the last word.
    fn that_tells(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().context("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().rsplit([' ', '/']).next().unwrap_or_default();
        let address = address
            .parse()
            .with_context(|| format!("no address in {line:?}"))?;
        Ok(Self { child, address })
    }

    /// Its processes' own memory in bytes, what they share with each other divided.
    pub(crate) fn memory_bytes(&self) -> Result<u64> {
        let id = self.child.id();
        let mut bytes = 0;
        for process in std::fs::read_dir("/proc")? {
            let path = process?.path();
            // Processes come and go.
            let stat = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
            let fields = stat.rsplit(')').next().unwrap_or_default();
            let parent = fields.split_whitespace().nth(1);
            let own = path.ends_with(id.to_string());
            if own || parent == Some(id.to_string().as_str()) {
                let rollup = std::fs::read_to_string(path.join("smaps_rollup"));
                bytes += proportional_bytes(&rollup.unwrap_or_default());
            }
        }
        Ok(bytes)
    }
}

/// The relay's program.
fn relay() -> Result<OsString> {
    env::var_os("TRANSOM_RELAY").context("TRANSOM_RELAY names no relay")
}

/// Gives the relay that `command` starts room for every session of a figure.
fn set_up(mut command: Command) -> Command {
    for (name, value) in [
        ("LISTEN", "127.0.0.1:0"),
        ("POLICY_ALLOW", "127.0.0.1:*"),
        ("PLAIN", "query"),
        ("LIMITS_SESSIONS", "10000"),
        ("LIMITS_CONNECTIONS", "10000"),
        ("LOG_LEVEL", "off"),
    ] {
        command.env(format!("TRANSOM_RELAY_{name}"), value);
    }
    command
}

/// A program of which callgrind counts the instructions.
#[derive(Debug)]
pub(crate) struct Counted {
    middle: Middle,
    /// What callgrind says.
    said: NamedTempFile,
}

impl Counted {
    /// The relay.
    pub(crate) fn relay() -> Result<Self> {
        Self::start(&[&relay()?])
    }

    /// A copy to `target`.
    pub(crate) fn copy(target: SocketAddr) -> Result<Self> {
        let (program, target) = (env::current_exe()?, target.to_string());
        Self::start(&[program.as_os_str(), COPY.as_ref(), target.as_ref()])
    }

    fn start(words: &[&OsStr]) -> Result<Self> {
        let said = NamedTempFile::new()?;
        let mut command = set_up(Command::new("valgrind"));
        command
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(format!("--log-file={}", said.path().display()))
            .args(words);
        let middle = Middle::that_tells(command).context("valgrind counts no instructions")?;
        Ok(Self { middle, said })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.middle.address
    }

    /// Ends the program and gives the number of its instructions.
    pub(crate) fn end(mut self) -> Result<u64> {
        let id = self.middle.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status()?;
        ensure!(told.success(), "the program has ended already");
        self.middle.child.wait()?;
        let said = std::fs::read_to_string(self.said.path())?;
        let count = said
            .lines()
            .find_map(|line| line.split("Collected :").nth(1));
        let count = count.with_context(|| format!("callgrind counted nothing: {said}"))?;
        Ok(count.trim().parse()?)
    }
}

fn proportional_bytes(rollup: &str) -> u64 {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|text| text.parse().ok()).unwrap_or(0) * 1024
}

/// Copies between everybody who connects and `target`, until it is killed.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
pub(crate) async fn copy(target: SocketAddr) -> Result<()> {
    use std::io::Write;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    writeln!(std::io::stdout(), "copy {}", listener.local_addr()?)?;
    loop {
        let (mut client, _) = listener.accept().await?;
        tokio::spawn(async move {
            let mut server = tokio::net::TcpStream::connect(target).await?;
            client.set_nodelay(true)?;
            server.set_nodelay(true)?;
            copy_bidirectional_with_sizes(&mut client, &mut server, PIECE_BYTES, PIECE_BYTES).await
        });
    }
}
