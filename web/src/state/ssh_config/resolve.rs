//! Where a name leads.

use transom_protocol::{ParseTargetError, SavedHost, Target};

use crate::state::message::hosts as words;

use super::pattern::any_fits;
use super::read::{Block, Keyed};

/// Jump hosts that are followed to jump hosts of their own, at most; beyond it they lead in a circle.
const MAX_DEPTH: usize = 8;

/// The host that a file calls `alias`, or why there is none, for people.
pub(super) fn host(blocks: &[Block], alias: &str) -> Result<SavedHost, String> {
    let target = target(blocks, alias)?;
    let mut host = SavedHost {
        name: alias.to_owned(),
        // A path or a variable names an agent that a page cannot reach.
        forward_agent: first(blocks, alias, Keyed::ForwardAgent)
            .is_some_and(|value| value.eq_ignore_ascii_case("yes")),
        ..SavedHost::default()
    };
    host.set_target(target);
    // What is read back is what will be connected to.
    host.target().map_err(|error| error.to_string())?;
    Ok(host)
}

fn target(blocks: &[Block], alias: &str) -> Result<Target, String> {
    let jump = jump(blocks, alias, 0)?;
    Ok(Target {
        jump,
        ..place(blocks, alias)?
    })
}

/// The first value that a block for `alias` gives.
fn first<'a>(blocks: &'a [Block], alias: &str, keyed: Keyed) -> Option<&'a str> {
    let fitting = blocks
        .iter()
        .filter(|block| any_fits(&block.patterns, alias));
    let mut options = fitting.flat_map(|block| &block.options);
    let found = options.find(|(option, value)| *option == keyed && !value.is_empty());
    found.map(|(_, value)| value.as_str())
}

/// Where `alias` is, without its jump hosts.
fn place(blocks: &[Block], alias: &str) -> Result<Target, String> {
    let name = first(blocks, alias, Keyed::HostName).unwrap_or(alias);
    let name = name.replace("%h", alias).replace("%%", "%");
    let port = first(blocks, alias, Keyed::Port).unwrap_or("22");
    let address = if name.contains(':') {
        format!("[{name}]:{port}")
    } else {
        format!("{name}:{port}")
    };
    let target: Target = address.parse().map_err(|error: ParseTargetError| {
        words::BAD_ADDRESS_WHY.with(&[("address", &address), ("error", &error.to_string())])
    })?;
    if target.user.is_some() || !target.jump.is_empty() {
        return Err(words::BAD_ADDRESS.with(&[("address", &address)]));
    }
    let user = first(blocks, alias, Keyed::User).map(str::to_owned);
    Ok(Target { user, ..target })
}

/// The jump hosts on the way to `alias`, those of the jump hosts included.
fn jump(blocks: &[Block], alias: &str, depth: usize) -> Result<Vec<Target>, String> {
    let value = first(blocks, alias, Keyed::ProxyJump).unwrap_or("none");
    if value.eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    if depth >= MAX_DEPTH {
        return Err(words::CIRCLE.say().to_owned());
    }
    let wrong = || words::BAD_JUMP.with(&[("value", value)]);
    let named = Target::parse_jump(value).map_err(|_| wrong())?;
    let mut all = Vec::new();
    for (number, hop) in named.iter().enumerate() {
        // As in OpenSSH, only the first one has jump hosts of its own.
        if number == 0 {
            all.extend(jump(blocks, &hop.host, depth + 1)?);
        }
        all.push(found(blocks, hop)?);
    }
    if Target::parse_jump(&Target::write_jump(&all)).is_err() {
        return Err(wrong());
    }
    Ok(all)
}

/// A jump host, whose name may be one of the file. What stands with the name counts more.
fn found(blocks: &[Block], hop: &Target) -> Result<Target, String> {
    let mut target = place(blocks, &hop.host)?;
    if hop.user.is_some() {
        target.user.clone_from(&hop.user);
    }
    // 22 is what a name without a port has.
    if hop.port != 22 {
        target.port = hop.port;
    }
    Ok(target)
}
