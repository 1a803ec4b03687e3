//! What the page says, by name: English here, other languages in files of `web/words/` that are
//! fetched when they are chosen.
//!
//! A text may hold places, written `{host}`. One that counts has two forms, and a rule of the
//! language decides which; in a file, the form for one has `.one` after its name.

use std::cell::RefCell;
use std::collections::HashMap;

/// Declares the messages of an area, each as a constant.
macro_rules! catalogue {
    ($area:literal: $($name:ident = $(one $one:literal, other)? $text:literal;)*) => {
        $(pub(crate) const $name: $crate::state::message::Message =
            $crate::state::message::Message {
                id: concat!($area, ".", stringify!($name)),
                one: [$($one,)? ""][0],
                text: $text,
            };)*

        /// All of them, so that a test can look for each in the files.
        #[cfg(test)]
        pub(crate) const ALL: &[$crate::state::message::Message] = &[$($name),*];
    };
}

pub(crate) mod action;
pub(crate) mod held;
pub(crate) mod home;
pub(crate) mod host_key;
pub(crate) mod key_bar;
pub(crate) mod keyboard;
pub(crate) mod rail;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod update;

/// One thing that the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its name in the files: `area.NAME`.
    pub(crate) id: &'static str,
    /// In English where it counts to one; empty where it does not count.
    pub(crate) one: &'static str,
    /// In English.
    pub(crate) text: &'static str,
}

thread_local! {
    /// The texts of a language other than English, by name.
    static CHOSEN: RefCell<HashMap<String, &'static str>> = RefCell::default();
}

/// Speaks another language from now on.
///
/// - `file`: a JSON object of texts by name, `web/words/<language>.json`. What it lacks stays
///   English; where it is no such object, everything does.
pub(crate) fn speak(file: &str) {
    let read: HashMap<String, String> = serde_json::from_str(file).unwrap_or_default();
    // Texts live as long as the page, and a page speaks one language.
    let kept = read
        .into_iter()
        .map(|(id, text)| (id, &*Box::leak(text.into_boxed_str())));
    CHOSEN.set(kept.collect());
}

impl Message {
    /// Says it.
    pub(crate) fn say(&self) -> &'static str {
        chosen(self.id).unwrap_or(self.text)
    }

    /// Says it with its places filled.
    ///
    /// - `parts`: what stands in the place of each name.
    pub(crate) fn with(&self, parts: &[(&str, &str)]) -> String {
        fill(self.say(), parts)
    }

    /// Says it of `count` things; `{n}` is their number.
    pub(crate) fn counted(&self, count: u64, parts: &[(&str, &str)]) -> String {
        let number = count.to_string();
        let all: Vec<(&str, &str)> = [("n", number.as_str())]
            .into_iter()
            .chain(parts.iter().copied())
            .collect();
        fill(self.form(count), &all)
    }

    /// The form for so many things. English and German have one for 1 and one for all others; a
    /// language with more brings its rule along.
    fn form(&self, count: u64) -> &'static str {
        if count == 1 && !self.one.is_empty() {
            chosen(&format!("{}.one", self.id)).unwrap_or_else(|| {
                // A language that has no such form says the other one.
                chosen(self.id).unwrap_or(self.one)
            })
        } else {
            self.say()
        }
    }
}

fn chosen(id: &str) -> Option<&'static str> {
    CHOSEN.with_borrow(|chosen| chosen.get(id).copied())
}

fn fill(text: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        let (name, after) = from.split_once('}').unwrap_or((from, ""));
        let part = parts.iter().find(|(known, _)| *known == name);
        filled.push_str(before);
        filled.push_str(part.map_or(name, |(_, part)| part));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const GERMAN: &str = include_str!("../../words/de.json");

    fn all() -> Vec<Message> {
        [
            action::ALL,
            held::ALL,
            home::ALL,
            host_key::ALL,
            key_bar::ALL,
            keyboard::ALL,
            rail::ALL,
            settings::ALL,
            status::ALL,
            update::ALL,
        ]
        .concat()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        let after = text.split('{').skip(1);
        after.filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn german_says_everything_with_the_same_places_and_nothing_else() {
        let mut german: HashMap<String, String> = serde_json::from_str(GERMAN).unwrap();
        for message in all() {
            let text = german
                .remove(message.id)
                .unwrap_or_else(|| panic!("German lacks {}", message.id));
            assert_eq!(places(&text), places(message.text), "{}", message.id);
            if !message.one.is_empty() {
                let one = german
                    .remove(&format!("{}.one", message.id))
                    .unwrap_or_else(|| panic!("German lacks {}.one", message.id));
                assert!(places(&one).is_subset(&places(&text)), "{}", message.id);
            }
        }
        assert!(german.is_empty(), "nobody says {:?}", german.keys());
    }

    #[test]
    fn names_are_unique() {
        let ids: BTreeSet<_> = all().iter().map(|message| message.id).collect();
        assert_eq!(ids.len(), all().len());
    }

    const WAITS: Message = Message {
        id: "test.WAITS",
        one: "1 key waits for {host}",
        text: "{n} keys wait for {host}",
    };

    #[test]
    fn a_count_has_the_form_and_the_language_of_the_page() {
        let parts = [("host", "web-{n}")];
        assert_eq!(WAITS.counted(1, &parts), "1 key waits for web-{n}");
        assert_eq!(WAITS.counted(0, &parts), "0 keys wait for web-{n}");
        speak(r#"{"test.WAITS": "{host}: {n} Tasten", "test.WAITS.one": "{host}: eine Taste"}"#);
        assert_eq!(WAITS.counted(1, &parts), "web-{n}: eine Taste");
        assert_eq!(WAITS.counted(2, &parts), "web-{n}: 2 Tasten");
        speak("no object");
        assert_eq!(WAITS.counted(2, &parts), "2 keys wait for web-{n}");
    }
}
