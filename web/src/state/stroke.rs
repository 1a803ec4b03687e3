//! A key with its modifiers, as settings name it: `Ctrl+Shift+KeyF`.

use core::fmt;
use core::str::FromStr;

use crate::state::key_press::KeyPress;
use crate::state::message::{Message, keyboard as words};

/// Longest name of a key in a setting, in bytes; the longest in [UI Events code] has 18.
///
/// [UI Events code]: https://www.w3.org/TR/uievents-code/
const MAX_CODE_BYTES: usize = 24;

/// Names of keys and what stands on them, where that is not the end of the name.
const SIGNS: [(&str, &str); 16] = [
    ("ArrowLeft", "←"),
    ("ArrowRight", "→"),
    ("ArrowUp", "↑"),
    ("ArrowDown", "↓"),
    ("Equal", "="),
    ("Minus", "-"),
    ("BracketLeft", "["),
    ("BracketRight", "]"),
    ("Backslash", "\\"),
    ("Semicolon", ";"),
    ("Quote", "'"),
    ("Backquote", "`"),
    ("Comma", ","),
    ("Period", "."),
    ("Slash", "/"),
    ("Escape", "Esc"),
];

/// Keys whose names are words.
const NAMES: [(&str, Message); 5] = [
    ("Space", words::SPACE),
    ("Delete", words::DELETE),
    ("Insert", words::INSERT),
    ("PageUp", words::PAGE_UP),
    ("PageDown", words::PAGE_DOWN),
];

/// A key by its place on the keyboard, and the modifiers that are held.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "a keyboard event has them")]
pub(crate) struct Stroke {
    pub(crate) ctrl: bool,
    pub(crate) alt: bool,
    pub(crate) shift: bool,
    pub(crate) meta: bool,
    /// `KeyboardEvent.code`
    pub(crate) code: String,
}

impl Stroke {
    /// What was pressed. Keyboards on a screen name no place; then the key itself counts, which
    /// has the same name where it is no character.
    pub(crate) fn of(press: &KeyPress) -> Self {
        let code = match press.code.as_str() {
            "" => &press.key,
            // There are two of it, and people see one.
            "NumpadEnter" => "Enter",
            code => code,
        };
        Self {
            ctrl: press.ctrl,
            alt: press.alt,
            shift: press.shift,
            meta: press.meta,
            code: code.to_owned(),
        }
    }

    /// Whether it is a modifier alone.
    pub(crate) fn is_modifier(&self) -> bool {
        ["Control", "Shift", "Alt", "Meta", "OS", "CapsLock", "Fn"]
            .iter()
            .any(|name| self.code.starts_with(name))
    }

    /// Whether it is a function key, F1 to F24.
    pub(crate) fn is_function(&self) -> bool {
        let number = self.code.strip_prefix('F').map(str::parse::<u8>);
        matches!(number, Some(Ok(1..=24)))
    }

    /// Whether it is a digit over the letters.
    pub(crate) fn is_digit(&self) -> bool {
        self.code.starts_with("Digit")
    }

    /// Whether it types a character.
    pub(crate) fn is_character(&self) -> bool {
        const SYMBOLS: &str = " Equal Minus BracketLeft BracketRight Backslash Semicolon Quote \
            Backquote Comma Period Slash Space IntlBackslash IntlRo IntlYen ";
        let named = ["Key", "Digit", "Numpad"];
        named.iter().any(|name| self.code.starts_with(name))
            || SYMBOLS.contains(&format!(" {} ", self.code))
    }

    /// As people write it, with the names on their keys: `Ctrl+Shift+F`, and with signs on a keyboard of Apple's.
    pub(crate) fn shown(&self, apple: bool) -> String {
        let (names, between) = if apple {
            (["⌃", "⌥", "⇧", "⌘"], "")
        } else {
            ([words::CTRL.say(), "Alt", words::SHIFT.say(), "Meta"], "+")
        };
        let held = [self.ctrl, self.alt, self.shift, self.meta];
        let held = names.into_iter().zip(held).filter(|(_, held)| *held);
        let mut parts: Vec<&str> = held.map(|(name, _)| name).collect();
        parts.push(self.sign());
        parts.join(between)
    }

    fn sign(&self) -> &str {
        let sign = SIGNS.iter().find(|(code, _)| *code == self.code);
        let name = NAMES.iter().find(|(code, _)| *code == self.code);
        let bare = ["Key", "Digit"];
        sign.map(|(_, sign)| *sign)
            .or_else(|| name.map(|(_, name)| name.say()))
            .or_else(|| bare.iter().find_map(|it| self.code.strip_prefix(it)))
            .unwrap_or(&self.code)
    }
}

impl fmt::Display for Stroke {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = [
            (self.ctrl, "Ctrl+"),
            (self.alt, "Alt+"),
            (self.shift, "Shift+"),
            (self.meta, "Meta+"),
        ];
        for (_, name) in held.into_iter().filter(|(held, _)| *held) {
            formatter.write_str(name)?;
        }
        formatter.write_str(&self.code)
    }
}

/// A text that names no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoStroke;

impl FromStr for Stroke {
    type Err = NoStroke;

    fn from_str(text: &str) -> Result<Self, NoStroke> {
        let mut stroke = Self::default();
        let mut rest = text;
        while let Some((name, after)) = rest.split_once('+') {
            let held = match name {
                "Ctrl" => &mut stroke.ctrl,
                "Alt" => &mut stroke.alt,
                "Shift" => &mut stroke.shift,
                "Meta" => &mut stroke.meta,
                _ => return Err(NoStroke),
            };
            *held = true;
            rest = after;
        }
        let good = rest.len() <= MAX_CODE_BYTES && rest.chars().all(|c| c.is_ascii_alphanumeric());
        if rest.is_empty() || !good {
            return Err(NoStroke);
        }
        rest.clone_into(&mut stroke.code);
        Ok(stroke)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_survives_being_written() {
        for text in ["F1", "Ctrl+Shift+KeyF", "Ctrl+Alt+Shift+Meta+ArrowUp"] {
            let stroke: Stroke = text.parse().unwrap();
            assert_eq!(stroke.to_string(), text);
        }
        for text in ["", "Ctrl+", "Hyper+KeyA", "Ctrl+<b>", "+"] {
            assert!(text.parse::<Stroke>().is_err(), "{text}");
        }
    }

    #[test]
    fn people_read_what_stands_on_the_keys() {
        let stroke: Stroke = "Ctrl+Shift+KeyF".parse().unwrap();
        assert_eq!(stroke.shown(false), "Ctrl+Shift+F");
        let stroke: Stroke = "Shift+Meta+Equal".parse().unwrap();
        assert_eq!(stroke.shown(true), "⇧⌘=");
        let stroke: Stroke = "Ctrl+Shift+ArrowRight".parse().unwrap();
        assert_eq!(stroke.shown(false), "Ctrl+Shift+→");
        let stroke: Stroke = "Alt+Shift+PageUp".parse().unwrap();
        assert_eq!(stroke.shown(false), "Alt+Shift+Page ↑");
    }
}
