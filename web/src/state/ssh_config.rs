//! Saved hosts from a client's configuration file (`ssh_config(5)`).
//!
//! Each name of a `Host` line that is no pattern becomes a host. As in OpenSSH, the first value that a
//! file gives counts, blocks with patterns included. Whatever is not taken over is told with its line.

mod pattern;
mod read;
mod resolve;

use transom_protocol::SavedHost;

use crate::state::hosts::MAX_HOSTS;
use crate::state::message::hosts as words;
use read::{Block, Config};

/// Lines that are told, at most: a mistaken file must not fill the page.
const MAX_TOLD: usize = 200;

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Imported {
    /// The hosts, in the order of the file, without ids.
    pub(crate) hosts: Vec<SavedHost>,
    /// What was not taken over.
    pub(crate) left: Vec<Left>,
}

/// Something that was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// The line's number, from 1.
    pub(crate) line: usize,
    /// What stands there, and why it was left.
    pub(crate) words: String,
}

/// Reads a configuration file. It never fails: what cannot be understood is told.
pub(crate) fn import(text: &str) -> Imported {
    let Config { blocks, mut left } = read::read(text);
    let mut hosts: Vec<SavedHost> = Vec::new();
    for (line, alias) in aliases(&blocks) {
        if hosts.iter().any(|host| host.name == alias) {
            continue;
        }
        if hosts.len() == MAX_HOSTS {
            break;
        }
        match resolve::host(&blocks, alias) {
            Ok(host) => hosts.push(host),
            Err(why) => left.push(Left {
                line,
                words: words::HOST_LEFT.with(&[("alias", alias), ("why", &why)]),
            }),
        }
    }
    left.sort_by_key(|left| left.line);
    left.truncate(MAX_TOLD);
    Imported { hosts, left }
}

/// The names that are no patterns, with their lines.
fn aliases(blocks: &[Block]) -> impl Iterator<Item = (usize, &str)> {
    blocks.iter().flat_map(|block| {
        let names = block.patterns.iter().map(String::as_str);
        let names = names.filter(|name| !name.contains(['*', '?', '!']));
        names.map(|name| (block.line, name))
    })
}

#[cfg(test)]
mod tests;
