//! Asks the relay that serves the page for certificates of keys, from the issuer that its operator names.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use transom_wire::{CERTIFICATE_PATH, IssuerAnswer};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, RequestRedirect, Response};

use crate::JsFailure;

// A page and a worker have it, each in a type of its own.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    async fn fetch(path: &str, options: &RequestInit) -> Result<JsValue, JsValue>;
}

/// Time for the question whether there is an issuer: the relay answers it by itself.
const OFFER_PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no certificate. Each is something else to do for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuerProblem {
    /// The relay did not answer, or no longer knows the person. Wait, or reload the page.
    Relay,
    /// The relay's operator names no issuer any more.
    NotOffered,
    /// The relay asks for too many certificates at the moment.
    Busy,
    /// The relay does not reach the issuer.
    Unreachable,
    /// The issuer did not answer in time.
    Slow,
    /// The issuer's answer is too long or none.
    Broken,
    /// The issuer gives none.
    Refused {
        /// Status of its answer.
        status: u16,
        /// Its words, untrusted; may be empty.
        words: String,
    },
    /// It sent something else.
    NotACertificate,
    /// It sent a certificate for hosts.
    ForHosts,
    /// It sent a certificate whose signature is wrong.
    Forged,
    /// It sent a certificate of another key.
    OtherKey,
    /// It sent a certificate that has ended already.
    Ended,
}

/// Whether the relay of this page has an issuer.
pub async fn certificates_offered() -> bool {
    let answer = ask("GET", None, OFFER_PATIENCE).await;
    matches!(answer, Ok(IssuerAnswer::Offered))
}

/// Asks for a certificate of `public`, the line of a public key. What comes is not looked at.
///
/// # Errors
///
/// [`IssuerProblem`].
///
/// # Cancel safety
///
/// A dropped call lets the issuer answer to nobody.
pub(crate) async fn request(public: &str, patience: Duration) -> Result<String, IssuerProblem> {
    let answer = ask("POST", Some(public), patience).await;
    let answer = answer.map_err(|failure| match failure.name.as_str() {
        "TimeoutError" => IssuerProblem::Slow,
        _ => IssuerProblem::Relay,
    });
    match answer? {
        IssuerAnswer::Issued { certificate } => Ok(certificate),
        IssuerAnswer::Refused { status, words } => Err(IssuerProblem::Refused { status, words }),
        IssuerAnswer::NotOffered => Err(IssuerProblem::NotOffered),
        IssuerAnswer::Busy => Err(IssuerProblem::Busy),
        IssuerAnswer::Unreachable => Err(IssuerProblem::Unreachable),
        IssuerAnswer::Slow => Err(IssuerProblem::Slow),
        IssuerAnswer::Broken => Err(IssuerProblem::Broken),
        IssuerAnswer::Offered => Err(IssuerProblem::Relay),
    }
}

async fn ask(
    method: &str,
    body: Option<&str>,
    patience: Duration,
) -> Result<IssuerAnswer, JsFailure> {
    let options = RequestInit::new();
    options.set_method(method);
    // A proxy that wants people to sign in again would lead to a page that is no answer.
    options.set_redirect(RequestRedirect::Error);
    if let Some(body) = body {
        options.set_body(&JsValue::from_str(body));
    }
    let milliseconds = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(milliseconds)));
    let response: Response = fetch(CERTIFICATE_PATH, &options).await?.dyn_into()?;
    let answer = JsFuture::from(response.json()?).await?;
    serde_wasm_bindgen::from_value(answer).map_err(|error| JsFailure::from(JsValue::from(error)))
}
