//! `cargo xtask up`: build, start relay and demo server, and serve until Ctrl-C.

mod demo;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::child::{self, Group};
use crate::{place, run, site};

/// Port of the page where `--port` names none.
const PORT: u16 = 8022;
/// Ports that are tried from there on when one is taken.
const PORTS_TRIED: u16 = 20;
/// Port of the demo server, or one of those after it: a browser remembers a host key by its port.
const DEMO_PORT: u16 = 8222;

/// Time in which the relay must answer; it needs milliseconds.
const START: Duration = Duration::from_secs(10);
/// Time between two looks at children that run.
const LOOK: Duration = Duration::from_millis(100);

/// Targets that a personal relay on loopback may open, where `--allow` names none: SSH's own
/// port anywhere (`*` is every public address), and everything on this machine. Nobody else
/// reaches this relay.
const ALLOWED: &[&str] = &[
    "*:22",
    "10.0.0.0/8:22",
    "100.64.0.0/10:22",
    "172.16.0.0/12:22",
    "192.168.0.0/16:22",
    "[fc00::]/7:22",
    "127.0.0.1:*",
    "localhost:*",
    "[::1]:*",
];

/// What the person asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    port: Option<u16>,
    allow: Vec<String>,
    connect: Vec<String>,
    without_demo: bool,
    open: bool,
}

impl Options {
    /// Reads the words after `up`.
    ///
    /// # Errors
    ///
    /// Names the word that is not understood.
    pub(crate) fn read(words: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--no-demo" => options.without_demo = true,
                "--open" => options.open = true,
                "--port" => {
                    let port = words.next().context("--port needs a number")?;
                    options.port = Some(port.parse().context("--port needs a number")?);
                }
                "--allow" => {
                    let pattern = words.next().context("--allow needs host:port")?;
                    options.allow.push((*pattern).to_owned());
                }
                "--connect" => {
                    let relay = words.next().context("--connect needs wss://host")?;
                    options.connect.push((*relay).to_owned());
                }
                other => bail!("`up` does not know {other}; see `cargo xtask help`"),
            }
        }
        Ok(options)
    }
}

/// Builds what changed, starts everything and serves until a signal ends this program.
///
/// # Errors
///
/// When a step does not work, the port is taken, or a child ends by itself.
pub(crate) fn up(options: &Options) -> Result<()> {
    site::build(site::Mode::Release)?;
    run::step("relay and demo server", "1 s; 4 min the first time", || {
        programs(options)
    })?;
    let port = port(options.port)?;
    let demo = if options.without_demo {
        None
    } else {
        Some(demo::Demo::start(free_from(DEMO_PORT).unwrap_or(0))?)
    };
    let mut relay = relay(port, options, demo.as_ref())?;
    println!("\n  Open     http://127.0.0.1:{port}");
    if let Some(demo) = &demo {
        println!(
            "  Demo     {}   password {}",
            demo.address(),
            demo.password()
        );
    }
    println!("  Stop     Ctrl-C\n");
    if options.open {
        open(&format!("http://127.0.0.1:{port}"));
    }
    watch(&mut relay, demo)
}

/// Builds the native programs.
fn programs(options: &Options) -> Result<()> {
    let mut cargo = run::cargo();
    cargo.args([
        "build",
        "--release",
        "--locked",
        "--bins",
        "--package",
        "transom-relay",
    ]);
    if !options.without_demo {
        cargo.args(["--package", "transom-demo"]);
    }
    run::quietly(&mut cargo)
}

/// The port to serve on.
fn port(wanted: Option<u16>) -> Result<u16> {
    match wanted {
        Some(port) if is_free(port) => Ok(port),
        Some(port) => {
            bail!("port {port} is taken: stop what listens there, or name another one with --port")
        }
        None => free_from(PORT).with_context(|| {
            format!(
                "ports {PORT} to {} are taken: name one with --port",
                PORT + PORTS_TRIED - 1
            )
        }),
    }
}

fn free_from(first: u16) -> Option<u16> {
    (first..first + PORTS_TRIED).find(|port| is_free(*port))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Starts the relay and waits until it answers.
fn relay(port: u16, options: &Options, demo: Option<&demo::Demo>) -> Result<Group> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut command = child::tied(&place::program("release", "transom-relay"));
    command.arg("--listen").arg(address.to_string());
    command.arg("--site").arg(place::dist());
    for pattern in allowed(options, demo) {
        command.args(["--allow", &pattern]);
    }
    for relay in &options.connect {
        command.args(["--connect", relay]);
    }
    // It says there what we say better; what goes wrong it says on standard error.
    let mut relay = Group::start(command.stdout(Stdio::null()))?;
    let deadline = Instant::now() + START;
    while TcpStream::connect(address).is_err() {
        if let Some(status) = relay.child().try_wait()? {
            bail!("the relay ended with {status}");
        }
        if Instant::now() > deadline {
            bail!("the relay does not answer on {address}");
        }
        thread::sleep(LOOK);
    }
    Ok(relay)
}

/// What the relay may open: what the person named, and always the demo server.
fn allowed(options: &Options, demo: Option<&demo::Demo>) -> Vec<String> {
    if options.allow.is_empty() {
        return ALLOWED
            .iter()
            .map(|pattern| (*pattern).to_owned())
            .collect();
    }
    let demo = demo.map(|demo| format!("127.0.0.1:{}", demo.port()));
    options.allow.iter().cloned().chain(demo).collect()
}

/// Returns only when a child ended, which neither should.
fn watch(relay: &mut Group, mut demo: Option<demo::Demo>) -> Result<()> {
    loop {
        if let Some(status) = relay.child().try_wait()? {
            bail!("the relay ended with {status}");
        }
        if let Some(status) = demo.as_mut().map(demo::Demo::ended).transpose()?.flatten() {
            bail!("the demo server ended with {status}");
        }
        thread::sleep(LOOK);
    }
}

/// Opens the browser; where that does not work, the address is on the screen.
fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    if !run::succeeds(Command::new(opener).arg(address)) {
        run::say(format!(
            "  {opener} does not work here: please open the address yourself"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let words = [
            "--port",
            "9000",
            "--no-demo",
            "--allow",
            "db-1:22",
            "--allow",
            "*:2222",
            "--connect",
            "wss://ssh.example.org",
        ];
        let options = Options::read(&words).unwrap();
        assert_eq!(options.port, Some(9000));
        assert_eq!(options.allow, ["db-1:22", "*:2222"]);
        assert_eq!(options.connect, ["wss://ssh.example.org"]);
        assert!(options.without_demo && !options.open);
    }

    #[test]
    fn unknown_and_incomplete_words_are_refused() {
        assert!(Options::read(&["--prot", "1"]).is_err());
        assert!(Options::read(&["--port"]).is_err());
        assert!(Options::read(&["--port", "70000"]).is_err());
    }

    #[test]
    fn what_a_person_allows_replaces_the_default() {
        let options = Options::read(&["--allow", "db-1:22"]).unwrap();
        assert_eq!(allowed(&options, None), ["db-1:22"]);
        assert_eq!(allowed(&Options::default(), None), ALLOWED);
    }

    #[test]
    fn a_taken_port_says_what_to_do() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = taken.local_addr().unwrap().port();
        let error = port(Some(taken)).unwrap_err().to_string();
        assert!(error.contains("--port"), "{error}");
    }
}
