//! What is asked of a server for a shell or a command, and how those end.

/// Size of a pseudo-terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PtySize {
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
}

/// A terminal without a cell: a hidden tab measures 0×0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a terminal of {columns}×{rows} cells")]
pub struct ZeroCells {
    /// Width that was given.
    pub columns: u32,
    /// Height that was given.
    pub rows: u32,
}

impl PtySize {
    /// Builds the size sent in `pty-req` ([RFC 4254 §6.2]) and `window-change` ([§6.7]).
    ///
    /// - `columns`, `rows`: character cells, at least 1.
    /// - `pixels`: drawable area as (width, height) in CSS pixels. `None` when the
    ///   font has not been measured yet; it is sent as 0, which the peer must ignore.
    ///
    /// The RFC also allows a zero cell count with non-zero pixels. We refuse it, because
    /// a hidden tab measures 0×0 and must not shrink the remote terminal.
    ///
    /// # Errors
    ///
    /// [`ZeroCells`] if `columns` or `rows` is 0. The caller should skip the resize.
    ///
    /// [RFC 4254 §6.2]: https://www.rfc-editor.org/rfc/rfc4254#section-6.2
    /// [§6.7]: https://www.rfc-editor.org/rfc/rfc4254#section-6.7
    pub fn new(columns: u32, rows: u32, pixels: Option<(u32, u32)>) -> Result<Self, ZeroCells> {
        if columns == 0 || rows == 0 {
            return Err(ZeroCells { columns, rows });
        }
        let (width_px, height_px) = pixels.unwrap_or((0, 0));
        Ok(Self {
            columns,
            rows,
            width_px,
            height_px,
        })
    }
}

/// A login shell on a pseudo-terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellRequest {
    /// Size of the terminal that shows it.
    pub size: PtySize,
    /// `TERM`, the type of that terminal.
    pub term: String,
    /// Environment to ask for; servers accept few names (OpenSSH: `AcceptEnv`) and do not say
    /// which.
    pub env: Vec<(String, String)>,
    /// Lets programs there ask for an agent: [`crate::Connection::listen_agent`]. Whoever is root there
    /// may ask as well, as long as the shell runs.
    pub forward_agent: bool,
}

impl ShellRequest {
    /// Asks for a shell in a terminal of the kind `xterm-256color`.
    pub fn new(size: PtySize) -> Self {
        Self {
            size,
            term: "xterm-256color".to_owned(),
            env: Vec::new(),
            forward_agent: false,
        }
    }
}

/// How a program ended ([RFC 4254 §6.10]).
///
/// [RFC 4254 §6.10]: https://www.rfc-editor.org/rfc/rfc4254#section-6.10
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It returned this; 0 means success.
    Code(u32),
    /// A signal ended it.
    Signal {
        /// Name without `SIG`, safe to show, at most 64 bytes.
        name: String,
        /// Whether a core file was written.
        core_dumped: bool,
    },
    /// The channel closed without either, or the connection was lost.
    Unknown,
}
