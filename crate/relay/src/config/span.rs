//! Spans of time as operators write them: `500ms`, `90s`, `5m`, `12h`, `7d`, or `off`.

use core::fmt::{self, Display};
use core::str::FromStr;
use core::time::Duration;

/// A span of time. Its text is a whole number and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

/// A span of time, or none at all: `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OptionalSpan(pub Option<Duration>);

/// Units, the largest first, in milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The longest span. What is longer was not meant, and dates far away overflow clocks.
const MAX: Duration = Duration::from_hours(366 * 24);

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let invalid = || SpanError(text.to_owned());
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).ok_or_else(invalid)?;
        let number: u64 = number.parse().map_err(|_| invalid())?;
        let unit = UNITS.iter().find(|(name, _)| *name == unit);
        let milliseconds = unit.and_then(|(_, unit)| number.checked_mul(*unit));
        let span = Duration::from_millis(milliseconds.ok_or_else(invalid)?);
        if span > MAX {
            return Err(invalid());
        }
        Ok(Self(span))
    }
}

impl Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        let whole = |unit: &&(&str, u64)| milliseconds.is_multiple_of(unit.1);
        match UNITS.iter().find(whole) {
            Some((name, unit)) if milliseconds > 0 => {
                write!(formatter, "{}{name}", milliseconds / unit)
            }
            _ => write!(formatter, "{}s", milliseconds / 1000),
        }
    }
}

impl FromStr for OptionalSpan {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        if text == "off" {
            return Ok(Self(None));
        }
        text.parse().map(|Span(span)| Self(Some(span)))
    }
}

impl Display for OptionalSpan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(span) => Span(span).fmt(formatter),
            None => formatter.write_str("off"),
        }
    }
}

/// Text that is no span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanError(String);

impl core::error::Error for SpanError {}

impl Display for SpanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            formatter,
            "'{text}' is no time; write a number with ms, s, m, h or d, as 90s or 12h, up to 366d"
        )
    }
}
