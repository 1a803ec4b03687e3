//! Texts that a person types again and again, with places to fill in: `systemctl restart
//! {{service}}`.

use serde::{Deserialize, Serialize};

/// Longest text of a snippet, in bytes: more is a file.
pub(crate) const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Most places that are filled in; further ones stay as they are.
const MAX_PLACES: usize = 20;

/// Longest name of a place, in characters; longer ones are no places.
const MAX_PLACE_CHARS: usize = 40;

/// A record of the store `snippets`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Snippet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) text: String,
    /// Enter follows the text, so that the shell runs it at once.
    pub(crate) enter: bool,
}

/// The names between `{{` and `}}`, each once, in their order.
pub(crate) fn places(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in parts(text) {
        if let Part::Place(name) = part
            && names.len() < MAX_PLACES
            && names.iter().all(|known| known != name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// `text` with `values` in their places. What is filled in is not looked through again.
pub(crate) fn filled(text: &str, values: &[(String, String)]) -> String {
    let mut all = String::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => all.push_str(text),
            Part::Place(name) => {
                let value = values.iter().find(|(known, _)| known == name);
                let open = || format!("{{{{{name}}}}}");
                all.push_str(&value.map_or_else(open, |(_, value)| value.clone()));
            }
        }
    }
    all
}

/// The snippets that hold every word of `typed`.
pub(crate) fn fitting<'a>(all: &'a [Snippet], typed: &str) -> Vec<&'a Snippet> {
    let typed = typed.to_lowercase();
    let holds = |snippet: &&Snippet| {
        let text = format!("{} {}", snippet.name, snippet.text).to_lowercase();
        typed.split_whitespace().all(|word| text.contains(word))
    };
    all.iter().filter(holds).collect()
}

/// A piece of a text.
enum Part<'a> {
    Text(&'a str),
    Place(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let place = behind.split_once("}}").filter(|(name, _)| is_place(name));
        if let Some((name, after)) = place {
            parts.push(Part::Text(before));
            parts.push(Part::Place(name.trim()));
            rest = after;
        } else {
            let (text, after) = rest.split_at(before.len() + 2);
            parts.push(Part::Text(text));
            rest = after;
        }
    }
    parts.push(Part::Text(rest));
    parts
}

fn is_place(name: &str) -> bool {
    let name = name.trim();
    let good = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    !name.is_empty() && name.chars().count() <= MAX_PLACE_CHARS && name.chars().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str, values: &[(&str, &str)]) -> String {
        let values = values.iter();
        let values: Vec<_> = values
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        filled(text, &values)
    }

    #[test]
    fn each_place_is_asked_for_once() {
        assert_eq!(places("a {{x}} {{ y z }} {{x}}"), ["x", "y z"]);
        assert!(places("${x} {x} {{}} {{ }} {{a;b}} {{").is_empty());
        let many: Vec<String> = (0..50).map(|n| format!("{{{{p{n}}}}}")).collect();
        assert_eq!(places(&many.concat()).len(), MAX_PLACES);
    }

    #[test]
    fn values_stand_in_their_places_and_are_not_read_again() {
        assert_eq!(fill("ls {{x}}{{ x }}", &[("x", "{{x}}")]), "ls {{x}}{{x}}");
        assert_eq!(fill("{{x}} {{y}}", &[("x", "1")]), "1 {{y}}");
        assert_eq!(fill("awk '{{print}}' {{", &[]), "awk '{{print}}' {{");
    }

    #[test]
    fn any_text_without_values_stays_as_it_is() {
        for text in ["", "{{", "}}", "{{{{a}}}}", "{{ä}}b", "x{{\n}}"] {
            assert_eq!(fill(text, &[]), text);
        }
    }

    #[test]
    fn a_search_looks_at_names_and_texts() {
        let snippet = Snippet {
            name: "Restart".to_owned(),
            text: "systemctl restart {{service}}".to_owned(),
            ..Snippet::default()
        };
        let all = [snippet];
        assert_eq!(fitting(&all, "rest SYSTEM").len(), 1);
        assert!(fitting(&all, "stop").is_empty());
    }
}
