//! Which language the page speaks.

use serde::{Deserialize, Serialize};

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LanguageChoice {
    /// The first of the browser's languages that the page speaks.
    #[default]
    Browser,
    English,
    German,
}

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// It is in the program.
    English,
    /// Fetched when it is chosen.
    German,
}

impl LanguageChoice {
    /// All of them with their own names, in the order of the screen.
    pub(crate) const ALL: [(Self, &'static str); 3] = [
        (Self::Browser, ""),
        (Self::English, "English"),
        (Self::German, "Deutsch"),
    ];

    /// The language to speak.
    ///
    /// - `preferred`: the browser's languages, best first, as `de-AT`.
    pub(crate) fn language<'a>(self, preferred: impl IntoIterator<Item = &'a str>) -> Language {
        match self {
            Self::English => Language::English,
            Self::German => Language::German,
            Self::Browser => preferred
                .into_iter()
                .find_map(Language::of_tag)
                .unwrap_or(Language::English),
        }
    }
}

impl Language {
    /// The language of a tag ([RFC 5646 §2.1]) such as `de-AT`; `None` where the page does not
    /// speak it.
    ///
    /// [RFC 5646 §2.1]: https://www.rfc-editor.org/rfc/rfc5646#section-2.1
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }

    /// The tag of the document.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_language_that_the_page_speaks_counts() {
        let speak = |list: &[&'static str]| LanguageChoice::Browser.language(list.iter().copied());
        assert_eq!(speak(&["de-AT", "en"]), Language::German);
        assert_eq!(speak(&["fr", "EN-gb", "de"]), Language::English);
        assert_eq!(speak(&["fr", "den"]), Language::English);
        assert_eq!(speak(&[]), Language::English);
    }

    #[test]
    fn a_choice_stands_above_the_browser() {
        assert_eq!(LanguageChoice::English.language(["de"]), Language::English);
        assert_eq!(LanguageChoice::German.language(["en"]), Language::German);
    }
}
