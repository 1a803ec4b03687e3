//! Addresses that were connected to lately: user, host and port, never a secret.

use transom_protocol::Target;

/// Addresses to keep. More would not fit beside the address bar.
const MOST: usize = 8;

/// Reads what [`to_json`] wrote; damaged entries are left out.
pub(crate) fn from_json(text: &str) -> Vec<Target> {
    let lines: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    lines.iter().filter_map(|line| line.parse().ok()).collect()
}

/// Writes addresses for storage.
pub(crate) fn to_json(targets: &[Target]) -> String {
    let lines: Vec<String> = targets.iter().map(ToString::to_string).collect();
    serde_json::to_string(&lines).unwrap_or_default()
}

/// Puts `target` first, once, and forgets the oldest beyond the limit.
pub(crate) fn with(targets: Vec<Target>, target: &Target) -> Vec<Target> {
    let rest = targets.into_iter().filter(|known| known != target);
    core::iter::once(target.clone())
        .chain(rest)
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_is_first_and_listed_once() {
        let list = ["a", "b", "a"]
            .iter()
            .fold(Vec::new(), |list, host| with(list, &host.parse().unwrap()));
        let names: Vec<_> = list.iter().map(|target| target.host.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn the_list_is_bounded_and_survives_storage() {
        let list = (0..20).fold(Vec::new(), |list, n| {
            with(list, &format!("ops@web-{n}:2222").parse().unwrap())
        });
        assert_eq!(list.len(), MOST);
        assert_eq!(from_json(&to_json(&list)), list);
        assert!(from_json("[1]").is_empty());
    }
}
