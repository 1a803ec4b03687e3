//! Plain mode.

use core::fmt;
use core::str::FromStr;

use crate::Target;

/// Whether `/plain` answers, and where its target comes from. The policy applies in any case.
///
/// Its text is `off`, `query` or `host:port`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Plain {
    /// There is no plain mode.
    #[default]
    Off,
    /// The client names it: `/plain?target=host:port`.
    Query,
    /// Always this one.
    Fixed(Target),
}

impl FromStr for Plain {
    type Err = PlainError;

    fn from_str(text: &str) -> Result<Self, PlainError> {
        match text {
            "off" => Ok(Self::Off),
            "query" => Ok(Self::Query),
            target => match target.parse() {
                Ok(target) => Ok(Self::Fixed(target)),
                Err(_) => Err(PlainError(text.to_owned())),
            },
        }
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => formatter.write_str("off"),
            Self::Query => formatter.write_str("query"),
            Self::Fixed(target) => target.fmt(formatter),
        }
    }
}

/// Text that names no plain mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainError(String);

impl core::error::Error for PlainError {}

impl fmt::Display for PlainError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            formatter,
            "'{text}' is no plain mode; write off, query or the target as host:port"
        )
    }
}
