//! Settings: where they come from, and what is said about mistakes.

use std::io::Write;
use std::process::Output;

use tempfile::NamedTempFile;
use tokio::process::Command;
use transom_relay::{Config, Flags};

use crate::world::soon;

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::with_suffix(".toml").unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// What is said about a file with `text`.
fn complaint(text: &str) -> String {
    let file = file(text);
    let loaded = Config::load(Some(file.path()), [], Flags::default());
    loaded.expect_err(text).to_string()
}

fn variables<const N: usize>(list: [(&str, &str); N]) -> [(String, String); N] {
    list.map(|(name, text)| (name.to_owned(), text.to_owned()))
}

/// Runs the program with `arguments` and no variables.
async fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_transom-relay"));
    let output = command.args(arguments).env_clear().output();
    soon(output).await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

#[test]
fn a_mistake_is_told_with_its_line_and_what_would_be_right() {
    let cases = [
        ("listen = \"127.0.0.1:1\"\nalow = 1", "line 2", "`allow"),
        (
            "\n[policy]\nalow = []",
            "line 3",
            "expected `allow` or `deny`",
        ),
        ("[policy]\nallow = [\"web\"]", "line 2", "host:port"),
        ("[policy]\ndeny = [\"web:0\"]", "line 2", "10.0.0.0/8:22"),
        (
            "origins = [\"ssh.example.org\"]",
            "line 1",
            "https://ssh.example.org",
        ),
        ("listen = \"8022\"", "line 1", "socket address"),
        ("listen = 8022", "line 1", "socket address"),
        ("plain = \"on\"", "line 1", "write off, query"),
        ("[limits]\nidle = \"1 hour\"", "line 2", "90s or 12h"),
        ("[limits]\nsessions = -1", "line 2", "-1"),
        ("[limits]\n\n\nsessions = \"many\"", "line 4", "many"),
        ("[deadlines]\ndial = 10", "line 2", "string"),
        ("[log]\nlevel = \"loud\"", "line 2", "`info`"),
        ("[tls]\ncertificate = \"a.pem\"", "line 1", "`key`"),
        ("[tickets]\nkeys = []", "line 1", "`audience`"),
        ("[nonsense]", "line 1", "nonsense"),
        ("[policy\n", "line 1", "]"),
    ];
    for (text, line, hint) in cases {
        let complaint = complaint(text);
        assert!(complaint.contains(line), "{text:?}: {complaint}");
        assert!(complaint.contains(hint), "{text:?}: {complaint}");
        assert!(complaint.contains(".toml"), "{text:?}: {complaint}");
    }
}

#[test]
fn settings_that_do_not_fit_together_are_refused() {
    let ticket = "[tickets]\naudience = \"wss://r\"\n";
    let cases = [
        (ticket.to_owned(), "names no key"),
        ("[tickets]\naudience = \"\"".to_owned(), "audience is empty"),
        (
            format!("{ticket}jwks_url = \"http://keys.example/a\""),
            "loopback",
        ),
        (
            format!("{ticket}jwks_url = \"http://127.0.0.1.evil.example/a\""),
            "loopback",
        ),
        (
            format!("{ticket}jwks_file = \"a\"\nmax_lifetime = \"6m\""),
            "between 1s and 5m",
        ),
        ("metrics = \"0.0.0.0:9\"".to_owned(), "127.0.0.1:9022"),
        (
            "[certificates]\nurl = \"http://ca.example/sign\"".to_owned(),
            "loopback",
        ),
        (
            "[certificates]\nurl = \"http://127.0.0.1@ca.example/sign\"".to_owned(),
            "loopback",
        ),
        (
            format!("{ticket}jwks_file = \"a\"\n[certificates]\nurl = \"https://ca.example/\""),
            "without [identity]",
        ),
        (
            "[identity]\nproxies = []\nheader = \"x-user\"".to_owned(),
            "proxies is empty",
        ),
        (
            "[identity]\nproxies = [\"0.0.0.0/0\"]\nheader = \"x-user\"".to_owned(),
            "everybody",
        ),
        (
            "[identity]\nproxies = [\"10.0.0.0/8\"]\nheader = \"x user\"".to_owned(),
            "x-forwarded-user",
        ),
    ];
    for (text, hint) in cases {
        let complaint = complaint(&text);
        assert!(complaint.contains(hint), "{text:?}: {complaint}");
    }
}

#[test]
fn flags_stand_above_variables_and_variables_above_the_file() {
    let file = file(
        "listen = \"127.0.0.1:1\"\norigins = [\"https://a.example\"]\n\
         [limits]\nsessions = 1\nsessions_per_subject = 1\nconnections = 1\n",
    );
    let environment = variables([
        ("TRANSOM_RELAY_LIMITS_SESSIONS_PER_SUBJECT", "2"),
        ("TRANSOM_RELAY_LIMITS_CONNECTIONS", "2"),
        (
            "TRANSOM_RELAY_ORIGINS",
            "https://b.example, https://c.example",
        ),
        (
            "TRANSOM_RELAY_POLICY_ALLOW",
            "[\"10.0.0.0/8:22\", \"web-1:22\"]",
        ),
        ("TRANSOM_RELAY_ALLOW_NO_ORIGIN", "true"),
        ("TRANSOM_RELAY_LOG_FORMAT", "json"),
        ("UNRELATED", "x"),
    ]);
    let mut flags = Flags::default();
    flags.set("limits", "connections", 3);
    let config = Config::load(Some(file.path()), environment, flags).unwrap();
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.limits.sessions, 1);
    assert_eq!(config.limits.sessions_per_subject, 2);
    assert_eq!(config.limits.connections, 3);
    assert_eq!(config.origins.len(), 2);
    assert!(config.allow_no_origin);
    let printed = config.to_file().unwrap();
    assert!(printed.contains("\"10.0.0.0/8:22\""), "{printed}");
    assert!(printed.contains("https://c.example"), "{printed}");
}

#[test]
fn a_variable_that_means_nothing_is_named() {
    for (name, text, hint) in [
        ("TRANSOM_RELAY_ALOW", "x", "alow"),
        ("TRANSOM_RELAY_POLICY_ALOW", "x", "`allow`"),
        ("TRANSOM_RELAY_POLICY_ALLOW", "web", "host:port"),
        ("TRANSOM_RELAY_LIMITS_SESSIONS", "many", "many"),
    ] {
        let loaded = Config::load(None, variables([(name, text)]), Flags::default());
        let complaint = loaded.expect_err(name).to_string();
        assert!(complaint.starts_with(name), "{complaint}");
        assert!(complaint.contains(hint), "{complaint}");
    }
}

#[tokio::test]
async fn what_is_printed_is_a_file_that_means_the_same() {
    let first = program(&[
        "config",
        "print",
        "--allow",
        "*.example.org:22",
        "--allow",
        "[fd00::]/8:2200-2299",
        "--deny",
        "10.0.0.1:*",
        "--plain",
        "--max-sessions",
        "7",
        "--grace",
        "0s",
        "--certificate-url",
        "https://ca.example.org/sign",
    ])
    .await;
    let printed = said(&first);
    assert!(first.status.success(), "{printed}");
    for part in [
        "*.example.org:22",
        "[fd00::/8]:2200-2299",
        "\"query\"",
        "sessions = 7",
        "url = \"https://ca.example.org/sign\"",
    ] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    let file = file(&printed);
    let path = file.path().to_str().unwrap();
    let again = program(&["config", "print", "--config", path]).await;
    assert_eq!(said(&again), printed);
}

#[tokio::test]
async fn the_check_says_why_the_relay_would_not_start() {
    let fine = file("[policy]\nallow = [\"web-1:22\"]\n");
    let output = program(&["config", "check", "--config", fine.path().to_str().unwrap()]).await;
    assert!(output.status.success(), "{}", said(&output));
    let open = file("listen = \"0.0.0.0:8022\"\n");
    let output = program(&["config", "check", "--config", open.path().to_str().unwrap()]).await;
    assert!(!output.status.success());
    assert!(said(&output).contains("loopback"), "{}", said(&output));
    let missing = program(&["config", "check", "--config", "/nowhere/relay.toml"]).await;
    assert!(!missing.status.success());
    assert!(
        said(&missing).contains("/nowhere/relay.toml"),
        "{}",
        said(&missing)
    );
}
