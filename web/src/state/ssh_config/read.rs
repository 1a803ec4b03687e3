//! The lines of a configuration file.

use super::Left;
use crate::state::message::hosts as words;

/// Longest line that is read, in bytes.
const MAX_LINE_BYTES: usize = 4096;

/// A `Host` line and what follows it. Lines before the first one are for every host.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) patterns: Vec<String>,
    pub(super) line: usize,
    pub(super) options: Vec<(Keyed, String)>,
}

/// A keyword that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyed {
    HostName,
    User,
    Port,
    ProxyJump,
    ForwardAgent,
}

/// A file, read.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) blocks: Vec<Block>,
    pub(super) left: Vec<Left>,
}

/// What a line begins.
enum Keyword {
    Host,
    Match,
    Option(Keyed),
    /// Not taken over, and why.
    Left(&'static str),
}

/// Reads every line.
pub(super) fn read(text: &str) -> Config {
    let mut blocks = vec![Block {
        patterns: vec!["*".to_owned()],
        line: 0,
        options: Vec::new(),
    }];
    let mut left = Vec::new();
    // Whether the lines belong to a `Match`, which is left out as a whole.
    let mut skipping = false;
    for (line, text) in (1..).zip(text.lines()) {
        let mut tell = |words: String| left.push(Left { line, words });
        if text.len() > MAX_LINE_BYTES {
            tell(words::LINE_TOO_LONG.say().to_owned());
            continue;
        }
        let Some((name, value)) = split(text) else {
            continue;
        };
        match keyword(name) {
            Keyword::Host => {
                skipping = false;
                blocks.push(Block {
                    patterns: words(value),
                    line,
                    options: Vec::new(),
                });
            }
            Keyword::Match => {
                skipping = true;
                tell(words::MATCH.with(&[("name", name), ("value", value)]));
            }
            _ if skipping => {}
            Keyword::Option(option) => {
                let value = words(value).join(" ");
                if let Some(block) = blocks.last_mut() {
                    block.options.push((option, value));
                }
            }
            Keyword::Left(why) => {
                tell(words::LINE.with(&[("name", name), ("value", value), ("why", why)]));
            }
        }
    }
    Config { blocks, left }
}

fn keyword(name: &str) -> Keyword {
    match name.to_ascii_lowercase().as_str() {
        "host" => Keyword::Host,
        "match" => Keyword::Match,
        "hostname" => Keyword::Option(Keyed::HostName),
        "user" => Keyword::Option(Keyed::User),
        "port" => Keyword::Option(Keyed::Port),
        "proxyjump" => Keyword::Option(Keyed::ProxyJump),
        "identityfile" => Keyword::Left(words::IDENTITY.say()),
        "forwardagent" => Keyword::Option(Keyed::ForwardAgent),
        "include" => Keyword::Left(words::INCLUDE.say()),
        "proxycommand" => Keyword::Left(words::PROXY_COMMAND.say()),
        _ => Keyword::Left(words::NOT_TAKEN.say()),
    }
}

/// Cuts a line into keyword and value; `None` for blank lines and comments.
fn split(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let end = line.find(|letter: char| letter.is_whitespace() || letter == '=');
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    Some((name, rest.trim()))
}

/// The words of a value; quotes keep blanks together, and `#` begins a comment.
fn words(value: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut begun) = (false, false);
    for letter in value.chars() {
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            '#' if !quoted && !begun => break,
            letter if letter.is_whitespace() && !quoted => {
                if core::mem::take(&mut begun) {
                    words.push(core::mem::take(&mut word));
                }
            }
            letter => {
                begun = true;
                word.push(letter);
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}
