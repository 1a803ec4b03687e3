//! Quick select: what on the screen is worth copying, and the letters that choose it.

use core::net::{Ipv4Addr, Ipv6Addr};

/// Letters of labels, those under the fingers first.
const LETTERS: &[u8] = b"asdfghjklqwertyuiopzxcvbnm";

/// Most places that get a label; those furthest up get none.
const MOST: usize = 300;

/// What stands between words that are looked at.
const BETWEEN: &str = "\"'`()<>[]{}|,;=\u{2502}";

/// What ends a sentence, not an address.
const TRAILING: &[char] = &['.', ',', ':', ';', '!', '?', ')', ']', '}', '\'', '"'];

/// Schemes of addresses that are whole words.
const SCHEMES: [&str; 6] = [
    "https://", "http://", "ssh://", "git://", "ftp://", "file://",
];

/// A place on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// In characters from the beginning of the line.
    pub(crate) at: usize,
    pub(crate) text: String,
}

/// URLs, paths, hashes and addresses in a line, from left to right.
pub(crate) fn hits(line: &str) -> Vec<Hit> {
    let mut all = Vec::new();
    let mut at = 0;
    for word in line.split_inclusive(char::is_whitespace) {
        match SCHEMES.iter().filter_map(|scheme| word.find(scheme)).min() {
            Some(start) => {
                let (before, address) = word.split_at(start);
                parts(before, at, &mut all);
                let address = address.trim_end();
                let end = address.find(['"', '\'', '`', '<', '>']);
                let address = end.and_then(|end| address.get(..end)).unwrap_or(address);
                let before = before.chars().count();
                let text = address.trim_end_matches(TRAILING).to_owned();
                all.push(Hit {
                    at: at + before,
                    text,
                });
            }
            None => parts(word, at, &mut all),
        }
        at += word.chars().count();
    }
    all
}

/// Looks at the parts of a word that is no URL.
fn parts(word: &str, mut at: usize, all: &mut Vec<Hit>) {
    let between = |c: char| c.is_whitespace() || BETWEEN.contains(c);
    for part in word.split_inclusive(between) {
        let text = part.trim_end_matches(between).trim_end_matches(TRAILING);
        if is_address(text) || is_hash(text) || is_path(text) {
            all.push(Hit {
                at,
                text: text.to_owned(),
            });
        }
        at += part.chars().count();
    }
}

/// An IP address, also with a port or a length of its prefix, or `user@host`.
fn is_address(text: &str) -> bool {
    let host = text.split_once('/').map_or(text, |(host, _)| host);
    let without_port = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let is_v6 = |host: &str| host.len() > 2 && host.parse::<Ipv6Addr>().is_ok();
    let named = text.split_once('@').is_some_and(|(user, host)| {
        let good = |c: char| c.is_alphanumeric() || "._-+:".contains(c);
        let filled = !user.is_empty() && host.len() > 1;
        filled && user.chars().all(good) && host.chars().all(good)
    });
    [host, without_port]
        .iter()
        .any(|host| host.parse::<Ipv4Addr>().is_ok())
        || is_v6(host)
        || named
}

/// A hash in hexadecimal (as git shortens it, or longer), a UUID, or an SSH fingerprint.
fn is_hash(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("SHA256:") {
        return rest.len() >= 40;
    }
    let digits: String = text.split('-').collect();
    let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
    let mixed = digits.contains(|c: char| c.is_ascii_digit())
        && digits.contains(|c: char| c.is_ascii_alphabetic());
    let dashes = text.matches('-').count();
    hex && match (dashes, digits.len()) {
        (0, 7..32) => mixed,
        (0, 32..=128) | (4, 32) => true,
        _ => false,
    }
}

fn is_path(text: &str) -> bool {
    let rooted = ["/", "./", "../", "~/"];
    let rooted = rooted.iter().any(|root| text.starts_with(root));
    let inner = text.trim_matches('/').contains('/');
    let word = text.contains(char::is_alphabetic);
    (rooted || inner) && word && text.len() > 2 && !text.contains("//")
}

/// A label for each of `count` places, counted from the top: the lowest get the best letters,
/// those that are too many none. No label is the beginning of another one.
pub(crate) fn labels(count: usize) -> Vec<String> {
    let labelled = count.min(MOST);
    let letter =
        |place: usize| char::from(LETTERS.get(place % LETTERS.len()).copied().unwrap_or(b'a'));
    let label = |place: usize| {
        if labelled <= LETTERS.len() {
            letter(place).to_string()
        } else {
            [letter(place / LETTERS.len()), letter(place)]
                .iter()
                .collect()
        }
    };
    let mut labels: Vec<String> = (0..labelled).map(label).collect();
    labels.resize(count, String::new());
    labels.reverse();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<String> {
        hits(line).into_iter().map(|hit| hit.text).collect()
    }

    #[test]
    fn addresses_of_the_web_are_whole() {
        assert_eq!(
            found("see <https://a.example/x?y=(1)&z=2#q>, or http://b."),
            ["https://a.example/x?y=(1)&z=2#q", "http://b"]
        );
        assert_eq!(hits("ä url=https://a/b")[0].at, 6);
    }

    #[test]
    fn paths_hashes_and_addresses_are_found() {
        assert_eq!(
            found("open /etc/ssh/sshd_config: denied"),
            ["/etc/ssh/sshd_config"]
        );
        assert_eq!(
            found("src/main.rs:12:5: ~/x ./y"),
            ["src/main.rs:12:5", "~/x", "./y"]
        );
        assert_eq!(found("commit 0dd37f0 (HEAD)"), ["0dd37f0"]);
        assert_eq!(
            found("10.0.0.1:22 192.168.0.0/16 fe80::1"),
            ["10.0.0.1:22", "192.168.0.0/16", "fe80::1"]
        );
        assert_eq!(found("To: ops@web-1.example."), ["ops@web-1.example"]);
        let uuid = "123e4567-e89b-12d3-a456-426614174000";
        assert_eq!(found(uuid), [uuid]);
        let print = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
        assert_eq!(found(print), [print]);
    }

    #[test]
    fn words_numbers_and_times_are_left_alone() {
        for line in [
            "defaced 1234567 12:30:45",
            "and/ // / 11/23",
            "a-b 1.2.3 :: @",
            "",
        ] {
            assert!(found(line).is_empty(), "{line}: {:?}", found(line));
        }
    }

    #[test]
    fn labels_are_short_and_never_begin_alike() {
        assert_eq!(labels(3), ["d", "s", "a"]);
        for count in [0, 26, 27, 300, 1000] {
            let labels = labels(count);
            assert_eq!(labels.len(), count);
            let used: Vec<_> = labels.iter().filter(|label| !label.is_empty()).collect();
            for one in &used {
                let alike = used.iter().filter(|other| other.starts_with(one.as_str()));
                assert_eq!(alike.count(), 1, "{one} of {count}");
            }
        }
    }
}
