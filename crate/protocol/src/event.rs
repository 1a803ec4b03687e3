//! What the engine tells its pages.

use serde::{Deserialize, Serialize};

use crate::{
    Failure, FilesEvent, KeysEvent, KnownHostsImport, Question, QuestionId, ShellId, Target,
};

/// News for every attached page, except where it says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// First message to a page that attached, for it alone. Then follows, for it alone, each
    /// open question. What shells wrote follows for those that it watches.
    Hello {
        /// [`crate::VERSION`] of the engine.
        version: u32,
        /// Where the connection stands.
        phase: Phase,
        /// Where it leads; `None` before the first [`crate::Command::Connect`].
        target: Option<Target>,
        /// Facts about the session; `None` before it is open.
        session: Option<SessionSummary>,
        /// The shells, ended ones included.
        shells: Vec<ShellSummary>,
    },
    /// The connection moved on.
    Phase {
        /// Where it stands now.
        phase: Phase,
    },
    /// The phases and questions that follow are about a jump host, or again about the target. Told to
    /// a page that attaches where it is a jump host.
    Hop {
        /// Which; `None` for the target.
        hop: Option<Target>,
    },
    /// The engine needs an answer.
    Question {
        /// Which question this is.
        id: QuestionId,
        /// What is asked.
        question: Question,
    },
    /// A question was answered or no longer matters; a page that shows it closes it.
    QuestionClosed {
        /// Which question.
        id: QuestionId,
    },
    /// The server's banner ([RFC 4252 §5.4]), made safe to show, at most 64 KiB.
    ///
    /// [RFC 4252 §5.4]: https://www.rfc-editor.org/rfc/rfc4252#section-5.4
    Banner {
        /// Its text.
        text: String,
    },
    /// The session is open and these are the facts about it.
    Session {
        /// The facts.
        summary: SessionSummary,
    },
    /// A shell is open. The page whose command it answers shows it in front.
    ShellOpened {
        /// Which shell.
        shell: ShellId,
        /// Whether it answers a command of the page that reads this.
        yours: bool,
    },
    /// What follows of a shell's output begins with the oldest byte that is kept. To the page that
    /// watches it now; what came before is no part of it.
    Watched {
        /// Which shell.
        shell: ShellId,
    },
    /// The session is open, but the server refused a shell.
    ShellRefused {
        /// Why.
        failure: Failure,
    },
    /// Output: the message's `bytes`, standard output and standard error as the terminal
    /// mixes them. To the page that opened the shell and to each that watches it, at its own pace.
    Output {
        /// Which shell.
        shell: ShellId,
        /// Offset of the first byte, in bytes since the shell's output began. It is larger than
        /// the end of the message before only where the engine no longer has what lies between.
        offset: u64,
        /// What programs ask of the terminal in these bytes (cursor position, colours) must not
        /// be answered: a terminal has answered it before, or another page does.
        replay: bool,
    },
    /// The program in a shell ended, after all its output was sent.
    ShellExited {
        /// Which shell.
        shell: ShellId,
        /// How.
        status: ExitStatus,
    },
    /// News about files of the server.
    Files {
        /// Which.
        event: FilesEvent,
    },
    /// What came of a command about keys; to the page that asked.
    Keys {
        /// Which.
        event: KeysEvent,
    },
    /// To [`Command::ImportKnownHosts`](crate::Command::ImportKnownHosts).
    KnownHosts {
        /// What became of the lines.
        outcome: KnownHostsImport,
    },
    /// The way to the relay broke, or stands again. Told to a page that attaches where it is
    /// broken.
    Link {
        /// How it is now.
        state: LinkState,
    },
    /// The relay announces what will happen if nothing changes.
    Notice {
        /// What.
        notice: RelayNotice,
        /// After how long.
        after_ms: u32,
    },
    /// Round trip to the server and back, as the last keepalive measured it.
    RoundTrip {
        /// In milliseconds.
        milliseconds: f64,
    },
}

/// How the way to the relay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// It stands.
    Connected,
    /// It broke. The relay holds the session, and nothing is lost: what is typed waits.
    Held {
        /// Attempts to come back so far.
        attempts: u32,
        /// For how long the relay still holds the session, as far as the engine knows.
        remaining_ms: u32,
        /// Bytes that were typed since; they are sent in their order once the link stands.
        typed_bytes: u32,
    },
}

/// What a relay announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelayNotice {
    /// The session will end because nothing moves.
    Idle,
    /// The session will end because its time is over.
    Expiry,
    /// The relay stops.
    GoingAway,
}

/// Where a connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Nothing was asked for yet.
    Idle,
    /// The WebSocket to the relay is opening.
    ReachingRelay,
    /// The relay is connecting to the server.
    ReachingServer,
    /// Versions, algorithms and keys are being exchanged.
    ExchangingKeys,
    /// A person is asked about the host key.
    CheckingHostKey,
    /// Credentials are tried or asked for.
    Authenticating,
    /// Shells may be opened.
    Open,
    /// The session ended. [`crate::Command::Connect`] starts a new one.
    Closed {
        /// Why; `None` when it ended in order.
        failure: Option<Failure>,
    },
}

/// What an open session was built from, for the status line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// The server's identification, made safe to show: `SSH-2.0-OpenSSH_9.2p1 …`.
    pub server: String,
    /// Key exchange method.
    pub kex: String,
    /// Cipher, both ways.
    pub cipher: String,
    /// MAC; empty where the cipher authenticates by itself.
    pub mac: String,
    /// The host key.
    pub host_key: crate::HostKeyOffer,
    /// Whether the next session will accept the host key without a question.
    pub host_key_known: bool,
    /// `SHA256:…` of the authority that certified it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_key_authority: Option<String>,
    /// Weak algorithms were allowed.
    #[serde(default)]
    pub legacy: bool,
    /// Programs on the server may ask the agent of this browser.
    #[serde(default)]
    pub agent: bool,
    /// User who is logged in.
    pub user: String,
    /// How: `password`, `keyboard-interactive`, `publickey` or `none`.
    pub method: String,
}

/// A shell in [`Event::Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellSummary {
    /// Which shell.
    pub shell: ShellId,
    /// How it ended; `None` while it runs.
    pub exited: Option<ExitStatus>,
}

/// How a program ended ([RFC 4254 §6.10]).
///
/// [RFC 4254 §6.10]: https://www.rfc-editor.org/rfc/rfc4254#section-6.10
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExitStatus {
    /// It returned this.
    Code {
        /// 0 means success.
        code: u32,
    },
    /// A signal ended it.
    Signal {
        /// Name without `SIG`.
        signal: String,
    },
    /// The channel closed without either, or the connection was lost.
    Unknown,
}
