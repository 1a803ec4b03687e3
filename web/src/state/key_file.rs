//! Names of key files.

/// Longest name, in characters.
const MAX_CHARS: usize = 64;

/// A name for the file of a key that a person calls `name`, which every system takes.
pub(crate) fn name(name: &str) -> String {
    let plain = |letter: char| {
        if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.') {
            letter
        } else {
            '_'
        }
    };
    let name: String = name.trim().chars().take(MAX_CHARS).map(plain).collect();
    // A leading dot hides a file.
    let name = name.trim_start_matches('.');
    if name.is_empty() {
        "key".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_takes_the_name() {
        assert_eq!(name("laptop"), "laptop");
        assert_eq!(name("../me@home:1"), "_me_home_1");
        assert_eq!(name(" .. "), "key");
        assert_eq!(name(&"x".repeat(99)).len(), MAX_CHARS);
    }
}
