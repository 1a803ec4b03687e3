//! What the operator decides.

use std::path::PathBuf;

use crate::{Origin, OtherRelay, Policy, Target};

/// What the operator decides. The default allows nothing.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where sessions may go.
    pub policy: Policy,
    /// Origins that are served besides the relay's own.
    pub origins: Vec<Origin>,
    /// Serves clients that send no Origin: programs, never browsers.
    pub allow_no_origin: bool,
    /// Folder of the page; without it there is none.
    pub site: Option<PathBuf>,
    /// Relays that the page may use besides this one.
    pub other_relays: Vec<OtherRelay>,
    /// Plain mode.
    pub plain: Plain,
    /// Sessions at the same time. A further one is closed with *full*.
    pub max_sessions: usize,
}

impl Config {
    /// Sessions at the same time where the operator says nothing: two files each stay far below
    /// the usual limits, and 1 MiB of window each below 2 GiB.
    pub const DEFAULT_MAX_SESSIONS: usize = 1024;
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            origins: Vec::new(),
            allow_no_origin: false,
            site: None,
            other_relays: Vec::new(),
            plain: Plain::default(),
            max_sessions: Self::DEFAULT_MAX_SESSIONS,
        }
    }
}

/// Whether `/plain` answers, and where its target comes from. The policy applies in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Plain {
    /// There is no plain mode.
    #[default]
    Off,
    /// The client names it: `/plain?target=host:port`.
    Query,
    /// Always this one.
    Fixed(Target),
}
