//! Schemes of Windows Terminal: one as an object, several as a list, or its whole settings, which may
//! have comments and commas before closing brackets (JSONC).

use serde_json::{Map, Value};

use crate::state::scheme::Scheme;

/// Names of the sixteen colours in their order.
const ANSI: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "purple",
    "cyan",
    "white",
    "brightBlack",
    "brightRed",
    "brightGreen",
    "brightYellow",
    "brightBlue",
    "brightPurple",
    "brightCyan",
    "brightWhite",
];

/// Reads what is there; nothing is checked yet.
pub(super) fn read(text: &str) -> Vec<Scheme> {
    let value: Value = serde_json::from_str(&plain(text)).unwrap_or_default();
    let list = match &value {
        Value::Array(list) => list.as_slice(),
        Value::Object(object) => match object.get("schemes") {
            Some(Value::Array(list)) => list.as_slice(),
            _ => core::slice::from_ref(&value),
        },
        _ => &[],
    };
    list.iter().filter_map(Value::as_object).map(one).collect()
}

/// The same as JSON: comments are blanks, a comma before a closing bracket is none.
fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut plain = String::with_capacity(text.len());
    // Where a comma is that nothing but blanks followed so far.
    let mut comma = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('"', _) => {
                comma = None;
                plain.push(c);
                string(&mut rest, &mut plain);
            }
            ('/', Some('/')) => {
                rest.by_ref().find(|c| *c == '\n');
                plain.push('\n');
            }
            ('/', Some('*')) => {
                rest.next();
                let mut last = ' ';
                rest.by_ref()
                    .find(|c| core::mem::replace(&mut last, *c) == '*' && *c == '/');
                plain.push(' ');
            }
            (']' | '}', _) => {
                if let Some(at) = comma.take() {
                    plain.truncate(at);
                }
                plain.push(c);
            }
            (',', _) => {
                comma = Some(plain.len());
                plain.push(c);
            }
            _ => {
                if !c.is_whitespace() {
                    comma = None;
                }
                plain.push(c);
            }
        }
    }
    plain
}

/// Takes the rest of a string over as it is.
fn string(rest: &mut impl Iterator<Item = char>, plain: &mut String) {
    while let Some(c) = rest.next() {
        plain.push(c);
        match c {
            '"' => return,
            '\\' => plain.extend(rest.next()),
            _ => {}
        }
    }
}

fn one(object: &Map<String, Value>) -> Scheme {
    let text = |name: &str| {
        let value = object.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Scheme {
        name: text("name"),
        background: text("background"),
        foreground: text("foreground"),
        cursor: text("cursorColor"),
        selection: text("selectionBackground"),
        ansi: ANSI.map(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::scheme;

    /// A scheme as the settings of Windows Terminal hold it.
    fn campbell() -> String {
        let mut object = Map::new();
        for (place, name) in ANSI.iter().enumerate() {
            object.insert((*name).to_owned(), format!("#0C0C{place:02X}").into());
        }
        for (name, value) in [
            ("name", "Campbell"),
            ("background", "#0C0C0C"),
            ("foreground", "#CCCCCC"),
            ("cursorColor", "#FFFFFF"),
            ("selectionBackground", "#FFFFFF"),
        ] {
            object.insert(name.to_owned(), value.into());
        }
        Value::Object(object).to_string()
    }

    #[test]
    fn one_several_or_whole_settings_are_read() {
        let one = campbell();
        for text in [
            one.clone(),
            format!("[{one}]"),
            format!("{{\"profiles\":{{}},\"schemes\":[{one}]}}"),
        ] {
            let schemes = scheme::read("x.json", &text);
            assert_eq!(schemes.len(), 1, "{text}");
            assert_eq!(schemes[0].name, "Campbell");
            assert_eq!(schemes[0].ansi[13], "#0C0C0D");
        }
    }

    #[test]
    fn settings_have_comments_and_commas_too_many() {
        let one = campbell().replace("Campbell", r#"A // \"b\" /* c */, ]"#);
        let text = format!(
            "\u{feff}// Settings, see https://aka.ms/terminal-documentation\r\n{{\n\
             /* \"schemes\": [], **/ \"schemes\": [\n{one}, // the \"only\" one\n],\n}}// end"
        );
        let schemes = scheme::read("settings.json", &text);
        assert_eq!(schemes.len(), 1, "{text}");
        assert_eq!(schemes[0].name, "A // \"b\" /* c */, ]");
        // What ends in a comment or a string is none.
        for text in ["{/*", "{\"a", "{\"a\\", "//", "/"] {
            assert!(scheme::read("x.json", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_no_scheme_is_none() {
        for text in [
            "",
            "[",
            "7",
            "{}",
            "[7]",
            "{\"schemes\":[{\"name\":\"x\"}]}",
        ] {
            assert!(scheme::read("x.json", text).is_empty(), "{text}");
        }
    }
}
