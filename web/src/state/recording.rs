//! What is known of a recording, and how it is told.

use serde::{Deserialize, Serialize};

/// A record of the store `recordings`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Recording {
    pub(crate) id: String,
    /// The host, and what its shell called itself.
    pub(crate) title: String,
    /// In milliseconds since 1970.
    pub(crate) started_ms: f64,
    pub(crate) duration_ms: f64,
    /// Of its text.
    pub(crate) bytes: f64,
}

/// Whether a terminal is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Taping {
    #[default]
    Idle,
    Running,
    /// It is in the list now.
    Kept,
    /// Why it stopped before the person wished.
    Failed(&'static str),
}

/// `1:02:03` or `2:03`.
pub(crate) fn clock(seconds: f64) -> String {
    let seconds = core::time::Duration::try_from_secs_f64(seconds)
        .unwrap_or_default()
        .as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A name for a file that every system takes.
pub(crate) fn file_name(title: &str, ending: &str) -> String {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let name: String = title
        .chars()
        .map(|c| if good(c) { c } else { '-' })
        .take(60)
        .collect();
    let name = name.trim_matches(['-', '.']);
    let name = if name.is_empty() { "recording" } else { name };
    format!("{name}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_player_s() {
        assert_eq!(clock(0.4), "0:00");
        assert_eq!(clock(123.9), "2:03");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(clock(f64::NAN), "0:00");
    }

    #[test]
    fn a_file_name_holds_nothing_that_leads_elsewhere() {
        assert_eq!(file_name("../etc: x", "cast"), "etc--x.cast");
        assert_eq!(file_name("…", "txt"), "recording.txt");
    }
}
