//! Texts in the code of the page, where no other language could say them.
//!
//! What a person reads or hears belongs to the catalogue (`web` state/message). A text is told from
//! a class, a key or a selector by how it looks and by what stands around it; what looks like one
//! and is none is listed here.

use anyhow::Result;

use super::size::every_file;

/// Folders whose files draw the page.
const FOLDERS: &[&str] = &["web/src/component", "web/src/page"];

/// Attributes that people read or hear.
const SAYING: &[&str] = &[
    "alt",
    "aria-label",
    "aria-description",
    "label",
    "name",
    "placeholder",
    "title",
];

/// The same in every language: names, and what browsers and formats call things.
const SAME: &[&str] = &[
    // Names.
    "Transom",
    "{host} · Transom",
    "{host} · {} · Transom",
    "Instrument Dark",
    "Instrument Paper",
    "JetBrains Mono",
    "SHA-256",
    // A drag that brings files, and what keys are called.
    "Files",
    "Key",
    "Shift",
    "Tab",
    "Space",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "ArrowDown",
    // What an input for a user's name is called in forms.
    "username",
    // A key and a sign of the find bar.
    "Alt+C",
    "Alt+W",
    "Alt+R",
    "Aa",
    "ab",
];

/// A string in code.
#[derive(Debug)]
struct Literal<'a> {
    /// The code before it.
    before: &'a str,
    text: &'a str,
    /// The code after it.
    after: &'a str,
}

/// Looks through every file.
///
/// # Errors
///
/// Names each text, with its file and line.
pub(crate) fn check() -> Result<()> {
    every_file(FOLDERS, |path, text| {
        let said = scattered(text).into_iter();
        said.map(|(line, said)| {
            format!("{path}:{line} says {said:?}; it belongs to web/src/state/message")
        })
        .collect()
    })
}

/// The texts of a file that people would read, with their lines.
fn scattered(code: &str) -> Vec<(usize, String)> {
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let said = literals(code).into_iter().filter(Literal::is_said);
    said.map(|literal| {
        (
            literal.before.lines().count().max(1),
            literal.text.to_owned(),
        )
    })
    .collect()
}

/// The strings of some code, comments left out.
fn literals(code: &str) -> Vec<Literal<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = code.get(at..).and_then(|rest| rest.find(['"', '/', '\''])) {
        let start = at + step;
        let (before, here) = code.split_at(start);
        at = if here.starts_with("//") {
            start + here.find('\n').unwrap_or(here.len())
        } else if here.starts_with("'\"'") {
            start + 3
        } else if let Some(inside) = here.strip_prefix('"') {
            let end = closing(inside);
            let (text, after) = inside.split_at(end);
            let after = after.strip_prefix('"').unwrap_or(after);
            found.push(Literal {
                before,
                text,
                after,
            });
            start + end + 2
        } else {
            start + 1
        };
    }
    found
}

/// Where the quote is that ends a string.
fn closing(inside: &str) -> usize {
    let mut escaped = false;
    let end = inside.char_indices().find(|(_, letter)| {
        let ends = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    end.map_or(inside.len(), |(end, _)| end)
}

impl Literal<'_> {
    /// Whether a person reads or hears it.
    fn is_said(&self) -> bool {
        let before = self.before.trim_end();
        if SAME.contains(&self.text) || !self.text.contains(char::is_alphabetic) {
            return false;
        }
        if let Some(code) = self.before.strip_suffix('=') {
            let is_name = |letter: char| letter.is_alphanumeric() || letter == '-';
            let name = code.rsplit(|letter| !is_name(letter)).next();
            return name.is_some_and(|name| SAYING.contains(&name)) && self.is_capital();
        }
        let compared = ["==", "!=", "|"].iter().any(|end| before.ends_with(end));
        let matched = ["=>", "|", "if ", ", _)", ") =>"];
        let matched = matched
            .iter()
            .any(|begin| self.after.trim_start().starts_with(begin));
        // Words that find a setting, beside its name.
        let finds = before.ends_with("words:");
        if compared || matched || finds || self.is_class() || before.ends_with("reason =") {
            return false;
        }
        self.is_node() || self.is_capital() || self.has_words()
    }

    /// It is one of the classes of an element.
    fn is_class(&self) -> bool {
        let Some((_, inside)) = self.before.rsplit_once("class={") else {
            return false;
        };
        let opened = inside.matches('{').count();
        inside.matches('}').count() <= opened
    }

    /// It is a text of an element: `>{ "…" }`.
    fn is_node(&self) -> bool {
        let opened = self.before.trim_end().strip_suffix('{').map(str::trim_end);
        opened.is_some_and(|code| code.ends_with(['>', '}']))
            && self.after.trim_start().starts_with('}')
            && self.has_letters()
    }

    /// Three letters stand side by side, as they do in no path of a drawing.
    fn has_letters(&self) -> bool {
        let letters: Vec<bool> = self.text.chars().map(char::is_alphabetic).collect();
        letters.windows(3).any(|three| three.iter().all(|is| *is))
    }

    /// It begins as a sentence or a name does.
    fn is_capital(&self) -> bool {
        let mut letters = self.text.trim_start().chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase)
    }

    /// Two words stand in it, one behind the other.
    fn has_words(&self) -> bool {
        let words: Vec<&str> = self.text.split(' ').collect();
        let is_word = |word: &&str| {
            if word.contains('{') {
                return false;
            }
            let word = word.trim_matches(|letter: char| letter.is_ascii_punctuation());
            word.chars().count() > 1 && word.chars().all(char::is_alphabetic)
        };
        words.windows(2).any(|pair| pair.iter().all(is_word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str) -> Vec<String> {
        scattered(code).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn texts_are_found_where_people_meet_them() {
        let code = r#"
            <p title="Close it" class="big red">{ "bell" }</p>
            let words = if gone { "It is gone." } else { "so it is" };
            // "A comment"
            <input placeholder="Search" />
        "#;
        let found = ["Close it", "bell", "It is gone.", "so it is", "Search"];
        assert_eq!(said(code), found);
        assert_eq!(
            scattered("\n\nlet a = \"Two words\";").first().unwrap().0,
            3
        );
    }

    #[test]
    fn classes_keys_and_names_are_no_texts() {
        let code = r#"
            <p class={if on { "step now" } else { "step" }} role="status">{ words::A.say() }</p>
            match key { "Escape" if shut => {}, "ArrowUp" | "Home" => {} }
            match (side, key) { (_, "End") => {} }
            key == "Delete"; "input:not([hidden])"; 'a'; '"'; "Transom";
            #[cfg(test)]
            const TEXT: &str = "In tests";
        "#;
        assert!(said(code).is_empty(), "{:?}", said(code));
    }
}
