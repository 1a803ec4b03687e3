//! Colour schemes of the terminal: as kept in the settings, and as iTerm2 and Windows Terminal
//! write them.

mod iterm;
mod windows;

use serde::{Deserialize, Serialize};

/// Longest name of a scheme, in characters.
const MAX_NAME_CHARS: usize = 60;

/// Colours of a terminal, each `#rrggbb`.
///
/// INVARIANT of one that [`Scheme::checked`] gave: every colour is a `#` and six hexadecimal
/// digits, because colours become text of style sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    pub(crate) background: String,
    pub(crate) foreground: String,
    pub(crate) cursor: String,
    pub(crate) selection: String,
    /// Black, red, green, yellow, blue, magenta, cyan, white, then the bright ones.
    pub(crate) ansi: [String; 16],
}

impl Scheme {
    /// The same scheme if it is one; without a cursor's or a selection's colour those are made
    /// of the others.
    pub(crate) fn checked(mut self) -> Option<Self> {
        self.name = self.name.chars().filter(|c| !c.is_control()).collect();
        self.name = self.name.trim().chars().take(MAX_NAME_CHARS).collect();
        if self.cursor.is_empty() {
            self.cursor.clone_from(&self.foreground);
        }
        if self.selection.is_empty() {
            let [.., grey, _, _, _, _, _, _, _] = &self.ansi;
            self.selection.clone_from(grey);
        }
        let own = [
            &self.background,
            &self.foreground,
            &self.cursor,
            &self.selection,
        ];
        let good = own.into_iter().chain(&self.ansi).all(|c| is_colour(c));
        (good && !self.name.is_empty()).then_some(self)
    }

    /// Whether light text is on a dark ground.
    pub(crate) fn is_dark(&self) -> bool {
        let digits = self.background.get(1..).unwrap_or_default();
        let value = u32::from_str_radix(digits, 16).unwrap_or(0);
        let [_, red, green, blue] = value.to_be_bytes();
        // Rec. 601 luma, in thousandths.
        let luma = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
        luma < 128_000
    }
}

/// Reads a file of colour schemes of any of the kinds that are known.
///
/// - `file`: its name, which is the scheme's where the file says none.
pub(crate) fn read(file: &str, text: &str) -> Vec<Scheme> {
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let schemes = if text.trim_start().starts_with('<') {
        iterm::read(name, text).into_iter().collect()
    } else {
        windows::read(text)
    };
    schemes.into_iter().filter_map(Scheme::checked).collect()
}

/// Reads the list of well-known schemes.
pub(crate) fn known(json: &str) -> Vec<Scheme> {
    let list: Vec<Scheme> = serde_json::from_str(json).unwrap_or_default();
    list.into_iter().filter_map(Scheme::checked).collect()
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn sample(name: &str, background: &str) -> Scheme {
        Scheme {
            name: name.to_owned(),
            background: background.to_owned(),
            foreground: "#ffffff".to_owned(),
            ansi: core::array::from_fn(|place| format!("#0000{place:02x}")),
            ..Scheme::default()
        }
    }

    #[test]
    fn a_colour_that_is_none_refuses_the_scheme() {
        assert!(sample("x", "#000000").checked().is_some());
        for wrong in ["#00000", "red", "#00000g", "#000000;}", ""] {
            assert!(sample("x", wrong).checked().is_none(), "{wrong}");
        }
        assert!(sample(" \u{7} ", "#000000").checked().is_none());
    }

    #[test]
    fn missing_colours_are_made_of_the_others() {
        let scheme = sample("x", "#101010").checked().unwrap();
        assert_eq!(scheme.cursor, "#ffffff");
        assert_eq!(scheme.selection, "#000008");
    }

    #[test]
    fn a_ground_is_dark_or_light() {
        assert!(sample("x", "#002b36").is_dark());
        assert!(!sample("x", "#fdf6e3").is_dark());
    }

    #[test]
    fn the_ten_well_known_schemes_are_whole() {
        let file = include_str!("../../schemes.js");
        assert_eq!(file.matches("  scheme(").count(), 10);
        for row in file.lines().filter(|row| row.trim_start().starts_with('"')) {
            let colours: Vec<&str> = row.split('"').nth(1).unwrap().split(' ').collect();
            assert_eq!(colours.len(), 16, "{row}");
            assert!(colours.iter().all(|c| is_colour(&format!("#{c}"))), "{row}");
        }
    }
}
