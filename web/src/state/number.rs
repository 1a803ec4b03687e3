//! Numbers as the language of the page writes them.

use crate::state::message::number as words;

/// Digits from which on a number is written in groups of three: four are read at a glance.
const GROUPED_DIGITS: usize = 5;

/// A whole number: `9999`, `100,000`.
pub(crate) fn whole(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < GROUPED_DIGITS {
        return digits;
    }
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push_str(words::GROUP.say());
        }
        text.push(digit);
    }
    text
}

/// How many there are.
pub(crate) fn count(count: usize) -> String {
    whole(u64::try_from(count).unwrap_or(u64::MAX))
}

/// A number with one digit after the mark.
///
/// - `tenths`: ten times the number.
pub(crate) fn with_tenth(tenths: u64) -> String {
    format!("{}{}{}", tenths / 10, words::DECIMAL.say(), tenths % 10)
}

/// A share of a hundred.
pub(crate) fn percent(percent: u8) -> String {
    words::PERCENT.with(&[("n", &percent.to_string())])
}

/// A day.
pub(crate) fn date(year: u32, month: u32, day: u32) -> String {
    words::DATE.with(&[
        ("year", &year.to_string()),
        ("month", &format!("{month:02}")),
        ("day", &format!("{day:02}")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::message::speak;

    #[test]
    fn numbers_and_days_are_written_as_the_language_does() {
        let all = || {
            [
                whole(9999),
                whole(10_000),
                whole(1_234_567),
                with_tenth(42),
                date(2026, 3, 9),
                percent(7),
            ]
        };
        let english = ["9999", "10,000", "1,234,567", "4.2", "2026-03-09", "7%"];
        assert_eq!(all(), english);
        speak(include_str!("../../words/de.json"));
        let german = ["9999", "10.000", "1.234.567", "4,2", "09.03.2026", "7 %"];
        assert_eq!(all(), german);
        speak("{}");
        assert_eq!(all(), english);
    }
}
