//! JavaScript exceptions, turned into a Rust error in one place.

use wasm_bindgen::{JsCast, JsValue};

/// What a browser API threw.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct JsFailure {
    /// The exception's name, such as `QuotaExceededError`.
    pub name: String,
    /// The browser's own words; for logs, not for people.
    pub message: String,
}

impl JsFailure {
    /// Builds one for an API that this browser does not have.
    pub(crate) fn missing(api: &str) -> Self {
        Self {
            name: "NotSupportedError".to_owned(),
            message: api.to_owned(),
        }
    }
}

impl From<JsValue> for JsFailure {
    fn from(thrown: JsValue) -> Self {
        match thrown.dyn_ref::<js_sys::Error>() {
            Some(error) => Self {
                name: error.name().into(),
                message: error.message().into(),
            },
            None => Self {
                name: "Error".to_owned(),
                message: thrown.as_string().unwrap_or_default(),
            },
        }
    }
}
