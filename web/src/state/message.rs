//! What the page says, by name.
//!
//! A text may hold places, written `{host}`.

/// Declares the messages of an area, each as a constant.
macro_rules! catalogue {
    ($area:literal: $($name:ident = $text:literal;)*) => {
        $(pub(crate) const $name: $crate::state::message::Message =
            $crate::state::message::Message {
                id: concat!($area, ".", stringify!($name)),
                text: $text,
            };)*
    };
}

pub(crate) mod action;
pub(crate) mod key_bar;
pub(crate) mod keyboard;
pub(crate) mod rail;
pub(crate) mod update;

/// One thing that the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its name: `area.NAME`.
    pub(crate) id: &'static str,
    /// In English.
    pub(crate) text: &'static str,
}

impl Message {
    /// Says it.
    pub(crate) const fn say(&self) -> &'static str {
        self.text
    }

    /// Says it with its places filled.
    ///
    /// - `parts`: what stands in the place of each name.
    pub(crate) fn with(&self, parts: &[(&str, &str)]) -> String {
        fill(self.say(), parts)
    }
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
    use super::*;

    #[test]
    fn what_fills_a_place_is_never_read_for_places_itself() {
        let parts = [("host", "web-{n}"), ("n", "2")];
        assert_eq!(fill("{n} on {host}", &parts), "2 on web-{n}");
        assert_eq!(fill("{what} is open {", &parts), "what is open ");
    }
}
