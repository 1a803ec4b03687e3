//! What a backup holds, and what is said about it. The format is in `crate/browser/STORAGE.md`.

use serde::{Deserialize, Serialize};
use transom_browser::vault::{KeyRecord, KnownHost};
use transom_protocol::{BackupOutcome, SavedHost, Secret};

use crate::state::message::backup as words;
use crate::state::snippets::Snippet;

/// What is in a backup. A member that is missing is empty.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Content {
    /// Keys that can be exported.
    pub(crate) keys: Vec<BackedKey>,
    pub(crate) hosts: Vec<SavedHost>,
    pub(crate) known_hosts: Vec<KnownHost>,
    pub(crate) snippets: Vec<Snippet>,
    /// As the settings' own JSON; empty where there are none.
    pub(crate) settings: String,
}

/// A key in a backup.
#[derive(Serialize, Deserialize)]
pub(crate) struct BackedKey {
    pub(crate) record: KeyRecord,
    /// The private half, as the text of a key file.
    pub(crate) text: Secret,
}

/// How many of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) keys: usize,
    pub(crate) hosts: usize,
    pub(crate) known_hosts: usize,
    pub(crate) snippets: usize,
    /// Keys that cannot be in a backup, by what the person calls them.
    pub(crate) left: Vec<String>,
}

impl Content {
    /// Writes it.
    pub(crate) fn to_text(&self) -> Secret {
        // Strings and numbers can always be written.
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads it; `None` where it is none of ours.
    pub(crate) fn from_text(text: &Secret) -> Option<Self> {
        serde_json::from_str(text.expose()).ok()
    }

    /// Counts it.
    pub(crate) fn summary(&self, left: Vec<String>) -> Summary {
        Summary {
            keys: self.keys.len(),
            hosts: self.hosts.len(),
            known_hosts: self.known_hosts.len(),
            snippets: self.snippets.len(),
            left,
        }
    }
}

impl Summary {
    /// Says what was written or restored.
    pub(crate) fn words(&self) -> String {
        words::CONTENT.with(&[
            ("keys", &self.keys.to_string()),
            ("hosts", &self.hosts.to_string()),
            ("known", &self.known_hosts.to_string()),
            ("snippets", &self.snippets.to_string()),
        ])
    }

    /// Says which keys are not in the backup.
    pub(crate) fn left_words(&self) -> Option<String> {
        (!self.left.is_empty()).then(|| words::NOT_IN_IT.with(&[("names", &self.left.join(", "))]))
    }
}

/// Says why a backup was not written or opened; `None` is a worker that failed.
pub(crate) fn trouble(outcome: Option<&BackupOutcome>) -> &'static str {
    match outcome {
        Some(BackupOutcome::NotABackup) => words::NO_BACKUP.say(),
        Some(BackupOutcome::Damaged) => words::DAMAGED.say(),
        Some(BackupOutcome::TooNew) => words::TOO_NEW.say(),
        Some(BackupOutcome::TooCheap) => words::TOO_CHEAP.say(),
        Some(BackupOutcome::TooDear) => words::TOO_DEAR.say(),
        Some(BackupOutcome::WrongPassphrase) => words::WRONG_PASSPHRASE.say(),
        Some(BackupOutcome::TooLarge) => words::TOO_LARGE.say(),
        _ => words::FAILED.say(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_of_another_version_is_read_as_far_as_it_goes() {
        let text = Secret::new(r#"{"hosts":[{"id":"1","name":"web"}],"later":7}"#);
        let content = Content::from_text(&text).unwrap();
        assert_eq!(content.summary(Vec::new()).hosts, 1);
        assert!(Content::from_text(&Secret::new("[]x")).is_none());
        let again = Content::from_text(&content.to_text()).unwrap();
        assert_eq!(again.hosts, content.hosts);
    }

    #[test]
    fn keys_that_are_not_in_a_backup_are_named() {
        let content = Content::default();
        assert_eq!(content.summary(Vec::new()).left_words(), None);
        let left = content.summary(vec!["laptop".to_owned()]).left_words();
        assert!(left.unwrap().contains("laptop"));
    }
}
