//! Taking in lines of `known_hosts` files.

use serde::{Deserialize, Serialize};

/// What became of lines that a person gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownHostsImport {
    /// Those that can be read are kept.
    Kept {
        /// Lines that are new.
        added: u32,
        /// Lines that were there already.
        already: u32,
        /// Numbers of lines that say nothing that can be understood, from 1; the first hundred.
        unread: Vec<u32>,
    },
    /// There are more lines than a browser should search at each log-in; nothing was kept.
    TooMany,
    /// The browser keeps no data for this page; nothing was kept.
    NotKept {
        /// What the browser said.
        detail: String,
    },
}
