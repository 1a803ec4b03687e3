//! The page: files of a folder, or those inside of the program, under strict headers.

#[cfg(feature = "page")]
mod inside;
mod tag;

use core::fmt;
use core::iter;
use core::str::FromStr;
use std::path::PathBuf;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use tower_http::services::ServeDir;

/// Where the page asks whether a demo server runs. `cargo xtask up` puts the answer there.
const DEMO_NOTE: &str = "/demo.json";

/// What the page needs: the clipboard, and passkeys. Everything else is off.
const PERMISSIONS: &str = "clipboard-read=(self), clipboard-write=(self), \
    publickey-credentials-get=(self), publickey-credentials-create=(self), \
    camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), \
    payment=(), display-capture=()";

/// For a file whose name changes with its content: a year, the longest that caches honour.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Hexadecimal digits of the content hash in a file name.
const HASH_DIGITS: usize = 16;

/// Another relay that the page may use: `wss://host`, or `ws://host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRelay(String);

impl FromStr for OtherRelay {
    type Err = OtherRelayError;

    fn from_str(text: &str) -> Result<Self, OtherRelayError> {
        let authority = text
            .strip_prefix("wss://")
            .or_else(|| text.strip_prefix("ws://"))
            .unwrap_or_default();
        // Nothing that could end the source, or the directive that it becomes a part of.
        let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if authority.is_empty() || !authority.chars().all(usual) {
            return Err(OtherRelayError(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for OtherRelay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Text that names no relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRelayError(String);

impl core::error::Error for OtherRelayError {}

impl fmt::Display for OtherRelayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            formatter,
            "'{text}' is no relay; write it as wss://ssh.example.org or ws://127.0.0.1:6080, \
             without a path"
        )
    }
}

/// What the page may do. Nothing but its own files, and WebAssembly among them, and WebSockets
/// to its own origin and `others`. Output of a server that got into the document could neither
/// run nor load anything. A frame of its own origin is how a download begins that the service worker
/// answers; no file of ours can be shown in one (`frame-ancestors`).
pub(crate) fn content_policy(others: &[OtherRelay]) -> HeaderValue {
    let sources: Vec<&str> = iter::once("'self'")
        .chain(others.iter().map(|relay| relay.0.as_str()))
        .collect();
    let sources = sources.join(" ");
    let text = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         font-src 'self'; img-src 'self' data: blob:; connect-src {sources}; \
         worker-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    // Cannot fail: `OtherRelay` holds visible ASCII. Were it wrong, nothing would be allowed.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Serves the files of `folder`, compressed ones where the browser takes them.
pub(crate) fn files(folder: PathBuf) -> Router {
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip();
    // That no demo server runs is an answer; a browser would call a missing file an error.
    let nothing = Router::new().route(DEMO_NOTE, get(async || StatusCode::NO_CONTENT));
    Router::new()
        .fallback_service(files.fallback(nothing))
        .layer(from_fn(tag::conditional))
}

/// Serves the page that the program was built with.
#[cfg(feature = "page")]
pub(crate) fn inside() -> Router {
    Router::new().fallback(inside::answer)
}

/// Adds the security headers to every answer, and says how long it may be kept.
pub(crate) async fn headers(
    State(policy): State<HeaderValue>,
    request: Request,
    next: Next,
) -> Response {
    let lasting = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let cache = if lasting && response.status().is_success() {
        FOREVER
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    add(headers, CACHE_CONTROL, cache);
    add(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, REFERRER_POLICY, "no-referrer");
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    add(headers, opener, "same-origin");
    let permissions = HeaderName::from_static("permissions-policy");
    add(headers, permissions, PERMISSIONS);
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

/// Whether the last part of `path` is `…-<16 hexadecimal digits>.…`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit('-').next().is_some_and(|end| {
        let (hash, rest) = end.split_once('.').unwrap_or_default();
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        name.len() > end.len()
            && hash.len() == HASH_DIGITS
            && hash.bytes().all(hex)
            && !rest.is_empty()
    })
}
