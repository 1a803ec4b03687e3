//! The program as it is started.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{log_in, read_until, soon};

/// A running demo; killed when dropped.
struct Program {
    child: Child,
    line: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_transom-demo"));
        Self::run(command.args(arguments))
    }

    fn run(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self { child, line }
    }

    fn field(&self, name: &str) -> &str {
        let value = self
            .line
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name));
        value.unwrap_or_else(|| panic!("no {name} in {:?}", self.line))
    }

    fn port(&self) -> u16 {
        let address = self.line.split_whitespace().nth(3).unwrap();
        address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn one_line_says_how_to_log_in() {
    let program = Program::start(&[]);
    assert!(
        program.line.starts_with("demo listening on 127.0.0.1:"),
        "{}",
        program.line
    );
    assert!(!program.field("user=").is_empty());
    assert_eq!(program.field("password=").len(), 19);
    assert!(program.field("host-key=").starts_with("SHA256:"));
    TcpStream::connect(("127.0.0.1", program.port())).unwrap();
}

#[test]
fn it_listens_on_loopback_and_nowhere_else() {
    let program = Program::start(&[]);
    let port = format!(":{:04X} ", program.port());
    let mut found = 0;
    for table in ["/proc/self/net/tcp", "/proc/self/net/tcp6"] {
        let table = fs::read_to_string(table).unwrap_or_default();
        // The fourth column is the state; 0A is listening.
        for line in table
            .lines()
            .filter(|line| line.contains(" 0A ") && line.contains(&port))
        {
            assert!(line.contains(&format!(" 0100007F{port}")), "{line}");
            found += 1;
        }
    }
    assert_eq!(found, 1);
    assert!(TcpStream::connect(("127.0.0.2", program.port())).is_err());
}

#[test]
fn no_option_names_an_address() {
    for arguments in [
        ["--listen", "0.0.0.0:0"],
        ["--bind", "0.0.0.0"],
        ["--port", "0.0.0.0:22"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_transom-demo"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_run_without_a_file_has_a_key_of_its_own() {
    let (one, other) = (Program::start(&[]), Program::start(&[]));
    assert_ne!(one.field("host-key="), other.field("host-key="));
    assert_ne!(one.field("password="), other.field("password="));
}

#[test]
fn a_kept_host_key_stays_and_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("host_key");
    let argument = path.to_str().unwrap();
    let first = Program::start(&["--host-key", argument])
        .field("host-key=")
        .to_owned();
    assert_eq!(mode(&path), 0o600);
    let second = Program::start(&["--host-key", argument])
        .field("host-key=")
        .to_owned();
    assert_eq!(first, second);
}

#[test]
fn a_file_that_is_no_key_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes");
    fs::write(&path, "do not lose this").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_transom-demo"))
        .arg("--host-key")
        .arg(&path)
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert_eq!(fs::read_to_string(&path).unwrap(), "do not lose this");
}

#[tokio::test]
async fn ctrl_c_works_in_the_shell_of_a_program_that_was_started_to_ignore_it() {
    let line = format!(
        "trap '' INT QUIT; exec {}",
        env!("CARGO_BIN_EXE_transom-demo")
    );
    let program = Program::run(Command::new("sh").args(["-c", &line]));
    let address = ([127, 0, 0, 1], program.port()).into();
    let client = log_in(address, program.field("user="), program.field("password=")).await;
    let mut channel = soon(client.channel_open_session()).await.unwrap();
    soon(channel.request_pty(false, "dumb", 80, 24, 0, 0, &[]))
        .await
        .unwrap();
    soon(channel.request_shell(false)).await.unwrap();
    let command = b"sh -c 'echo $((40 + 2)) begun; exec sleep 1000'\n".as_slice();
    soon(channel.data(command)).await.unwrap();
    read_until(&mut channel, "42 begun").await;
    soon(channel.data(b"\x03".as_slice())).await.unwrap();
    read_until(&mut channel, "^C").await;
    soon(channel.data(b"sh -c 'echo $((40 + 2)) alive'\n".as_slice()))
        .await
        .unwrap();
    read_until(&mut channel, "42 alive").await;
}

#[test]
fn it_ends_with_its_parent() {
    let mut program = Program::start(&["--with-parent"]);
    drop(program.child.stdin.take());
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn it_ends_at_ctrl_c_even_while_its_input_is_open() {
    let mut program = Program::start(&["--with-parent"]);
    let pid = Pid::from_raw(i32::try_from(program.child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert!(program.child.wait().unwrap().success());
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
