//! Settings that are written as text: a list of them, or one.

use core::fmt::Display;
use core::str::FromStr;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serializer};

/// A list, or one text with commas as the environment has it.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
enum Several {
    One(String),
    List(Vec<String>),
}

/// Reads a list.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    let texts = match Several::deserialize(deserializer)? {
        Several::One(text) if text.trim().is_empty() => Vec::new(),
        Several::One(text) => text.split(',').map(|text| text.trim().to_owned()).collect(),
        Several::List(texts) => texts,
    };
    let read = |text: String| text.parse().map_err(D::Error::custom);
    texts.into_iter().map(read).collect()
}

/// Writes a list.
pub(crate) fn serialize<T: Display, S: Serializer>(
    values: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(ToString::to_string))
}

/// One text.
pub(crate) mod single {
    use super::{Deserialize, Deserializer, Display, Error, FromStr, Serializer};

    /// Reads it.
    pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }

    /// Writes it.
    pub(crate) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}
