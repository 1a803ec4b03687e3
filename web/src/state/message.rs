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
                #[cfg(test)]
                id: concat!($area, ".", stringify!($name)),
                name: $crate::state::message::digest(
                    $crate::state::message::START, concat!($area, ".", stringify!($name))),
                one: [$($one,)? ""][0],
                text: $text,
            };)*

        /// All of them, so that a test can look for each in the files.
        #[cfg(test)]
        pub(crate) const ALL: &[$crate::state::message::Message] = &[$($name),*];
    };
}

pub(crate) mod action;
pub(crate) mod backup;
pub(crate) mod button;
pub(crate) mod editor;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod held;
pub(crate) mod home;
pub(crate) mod host_key;
pub(crate) mod hosts;
pub(crate) mod issuer;
pub(crate) mod key_bar;
pub(crate) mod key_line;
pub(crate) mod keyboard;
pub(crate) mod keys;
pub(crate) mod known_hosts;
pub(crate) mod log_in;
pub(crate) mod number;
pub(crate) mod palette;
pub(crate) mod rail;
pub(crate) mod recordings;
pub(crate) mod setting_words;
pub(crate) mod settings;
pub(crate) mod snippets;
pub(crate) mod status;
pub(crate) mod tabs;
pub(crate) mod terminal;
pub(crate) mod update;
pub(crate) mod vault;
pub(crate) mod vault_passkey;
pub(crate) mod window;

/// One thing that the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its name in the files: `area.NAME`.
    #[cfg(test)]
    pub(crate) id: &'static str,
    /// The digest of its name: all the names would weigh more in the first load than this.
    pub(crate) name: u32,
    /// In English where it counts to one; empty where it does not count.
    pub(crate) one: &'static str,
    /// In English.
    pub(crate) text: &'static str,
}

thread_local! {
    /// The texts of a language other than English, by the digest of their names.
    static CHOSEN: RefCell<HashMap<u32, &'static str>> = RefCell::default();
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
        .map(|(name, text)| (digest(START, &name), &*Box::leak(text.into_boxed_str())));
    CHOSEN.set(kept.collect());
}

/// What [`digest`] begins with (FNV-1a of 32 bits: short, and good enough for names whose digests a
/// test compares).
pub(crate) const START: u32 = 0x811c_9dc5;

/// Continues a digest by a name or its end.
pub(crate) const fn digest(start: u32, name: &str) -> u32 {
    let (mut digest, mut rest) = (start, name.as_bytes());
    while let Some((byte, after)) = rest.split_first() {
        digest = (digest ^ u32::from_le_bytes([*byte, 0, 0, 0])).wrapping_mul(0x0100_0193);
        rest = after;
    }
    digest
}

/// These are small enough to become part of their callers, so that a message is a few numbers in
/// the code that says it, which may be fetched later, and nothing in the data of the first load.
impl Message {
    /// Says it.
    #[inline]
    pub(crate) fn say(&self) -> &'static str {
        said(self.name, self.text)
    }

    /// Says it with its places filled.
    ///
    /// - `parts`: what stands in the place of each name.
    #[inline]
    pub(crate) fn with(&self, parts: &[(&str, &str)]) -> String {
        fill(said(self.name, self.text), parts)
    }

    /// Says it of `count` things; `{n}` is their number.
    #[inline]
    pub(crate) fn counted(&self, count: u64, parts: &[(&str, &str)]) -> String {
        // English and German have a form for 1 and one for all others; a language with more
        // brings its rule along.
        let form = if count == 1 && !self.one.is_empty() {
            said_of_one(self.name, self.one)
        } else {
            said(self.name, self.text)
        };
        fill_counted(form, count, parts)
    }
}

#[inline(never)]
fn said(name: u32, english: &'static str) -> &'static str {
    chosen(name).unwrap_or(english)
}

#[inline(never)]
fn said_of_one(name: u32, english: &'static str) -> &'static str {
    // A language that has no such form says the other one.
    let form = chosen(digest(name, ".one")).or_else(|| chosen(name));
    form.unwrap_or(english)
}

fn chosen(name: u32) -> Option<&'static str> {
    CHOSEN.with_borrow(|chosen| chosen.get(&name).copied())
}

fn fill_counted(text: &str, count: u64, parts: &[(&str, &str)]) -> String {
    let number = crate::state::number::whole(count);
    let all: Vec<(&str, &str)> = [("n", number.as_str())]
        .into_iter()
        .chain(parts.iter().copied())
        .collect();
    fill(text, &all)
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
            backup::ALL,
            button::ALL,
            editor::ALL,
            failure::ALL,
            files::ALL,
            held::ALL,
            home::ALL,
            host_key::ALL,
            hosts::ALL,
            issuer::ALL,
            key_bar::ALL,
            key_line::ALL,
            keyboard::ALL,
            keys::ALL,
            known_hosts::ALL,
            log_in::ALL,
            number::ALL,
            palette::ALL,
            rail::ALL,
            recordings::ALL,
            setting_words::ALL,
            settings::ALL,
            snippets::ALL,
            status::ALL,
            tabs::ALL,
            terminal::ALL,
            update::ALL,
            vault::ALL,
            vault_passkey::ALL,
            window::ALL,
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
                let counts = |text: &str| text.contains("{n}");
                assert!(counts(&text), "{} counts nothing", message.id);
            }
        }
        assert!(german.is_empty(), "nobody says {:?}", german.keys());
    }

    #[test]
    fn names_and_their_digests_are_unique() {
        let mut digests = BTreeSet::new();
        for message in all() {
            assert!(digests.insert(message.name), "{}", message.id);
            assert!(
                digests.insert(digest(message.name, ".one")),
                "{}",
                message.id
            );
        }
    }

    const WAITS: Message = Message {
        id: "test.WAITS",
        name: digest(START, "test.WAITS"),
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
