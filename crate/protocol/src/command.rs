//! What a page asks of the engine.

use serde::{Deserialize, Serialize};

use crate::{Answer, FilesCommand, KeysCommand, QuestionId, ShellId, Target, TrustRules};

/// A page's request. A command that makes no sense in the present phase is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Connects, or connects again after the session ended. Ignored while one is alive.
    Connect {
        /// Where to, and as whom.
        target: Target,
        /// The way there.
        relay: RelaySpec,
        /// `SHA256:…` of the only host key to accept, from a link or an embedding page.
        pinned: Option<String>,
        /// What to do about host keys.
        #[serde(default)]
        trust: TrustRules,
        /// Lets programs on the target ask for signatures: [`crate::Question::Agent`].
        #[serde(default)]
        forward_agent: bool,
    },
    /// Connects as a link says, before the page that was opened by it runs: `web/spare.js` sends it.
    /// Ignored like [`Command::Connect`], and where the link is none.
    Follow {
        /// What follows `#/connect/` in the page's address, see [`ConnectLink`](crate::ConnectLink).
        link: String,
        /// The way there.
        relay: RelaySpec,
        /// What to do about host keys.
        trust: TrustRules,
        /// Of the terminal, as far as is known: with it a shell is opened along with the session, for
        /// the first page that asks for one.
        #[serde(default)]
        size: Option<TerminalSize>,
    },
    /// Answers a question. Ignored when another page answered it first.
    Answer {
        /// Which question.
        question: QuestionId,
        /// The answer; one of the wrong kind counts as a refusal.
        answer: Answer,
    },
    /// Opens a login shell on a pseudo-terminal, on the connection that there is; while that
    /// is still being made, as soon as it is open.
    OpenShell {
        /// Size of the terminal that will show it.
        size: TerminalSize,
    },
    /// Types: the message's `bytes` go to the shell's standard input.
    Input {
        /// Which shell.
        shell: ShellId,
    },
    /// Tells that the terminal changed its size. The last one to say so wins.
    Resize {
        /// Which shell.
        shell: ShellId,
        /// The new size.
        size: TerminalSize,
    },
    /// Says how much of a shell's output this page's terminal has parsed.
    ///
    /// The engine sends a page at most [`OUTPUT_WINDOW_BYTES`] beyond that.
    Parsed {
        /// Which shell.
        shell: ShellId,
        /// Offset in the shell's output, in bytes since it began: all before it is parsed.
        offset: u64,
    },
    /// Sends this page the output of a shell from the oldest byte that is kept, after
    /// [`Event::Watched`](crate::Event::Watched). Ignored where it is sent already, as to the page that
    /// opened the shell.
    Watch {
        /// Which shell.
        shell: ShellId,
    },
    /// Sends this page no more of it: another page shows the shell, or none does.
    Unwatch {
        /// Which shell.
        shell: ShellId,
    },
    /// Says where everything stands once more: [`Event::Hello`](crate::Event::Hello) and the open
    /// questions.
    Greet,
    /// Says how many lines of a shell this page's terminal keeps, those in sight included. What only adds
    /// lines, and so many newer ones have pushed out already, is then not sent: the terminal ends up as
    /// if it had been. Without this command every byte is sent.
    KeepLines {
        /// Which shell.
        shell: ShellId,
        /// How many; `None` where every byte counts, as for a recording.
        lines: Option<u32>,
    },
    /// Closes a shell: what runs in it gets a hang-up.
    CloseShell {
        /// Which shell.
        shell: ShellId,
    },
    /// Something about files of the server.
    Files {
        /// What.
        command: FilesCommand,
    },
    /// Something about keys of the person.
    Keys {
        /// What.
        command: KeysCommand,
    },
    /// Trusts what lines of a `known_hosts` file say. It needs no connection. Answer, to the page that
    /// asked: [`Event::KnownHosts`](crate::Event::KnownHosts).
    ImportKnownHosts {
        /// The lines.
        text: String,
    },
    /// Says that the network may have changed: the page woke from sleep or came to the front, or a
    /// person wants another attempt now.
    Nudge,
    /// Ends the session in order.
    Disconnect,
    /// Tells that this page goes away, so that its window no longer holds anything up.
    Detach,
}

/// Bytes of output that a page may have received and not yet reported as parsed.
///
/// The engine begins with a quarter and finds out how fast the page parses: it sends what takes some
/// 40 ms (xterm.js parses 5 to 35 MB/s), so that Ctrl-C shows its effect at once, and all of this
/// only to a page that would wait otherwise. Beyond it the engine waits; nothing is dropped.
pub const OUTPUT_WINDOW_BYTES: u64 = 512 * 1024;

/// The relay to go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelaySpec {
    /// `ws:` or `wss:` address of the relay.
    pub url: String,
    /// The protocol spoken there.
    pub mode: RelayMode,
}

/// What is spoken inside the WebSocket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelayMode {
    /// Our own protocol: names the target, has flow control.
    #[default]
    Transom,
    /// The bytes of the connection and nothing else, as websockify does. The address alone
    /// decides where it leads.
    Plain,
}

/// Size of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    /// Width in character cells, at least 1.
    pub columns: u32,
    /// Height in character cells, at least 1.
    pub rows: u32,
    /// Width of the drawable area in CSS pixels, 0 where not measured.
    pub width_px: u32,
    /// Height of the drawable area in CSS pixels, 0 where not measured.
    pub height_px: u32,
}
