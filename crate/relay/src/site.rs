//! The page: files of a folder under strict headers.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing but the page's own files, and WebAssembly among them. Output of a server that got
/// into the document could neither run nor load anything.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// What the page needs: the clipboard, and passkeys. Everything else is off.
const PERMISSIONS: &str = "clipboard-read=(self), clipboard-write=(self), \
    publickey-credentials-get=(self), publickey-credentials-create=(self), \
    camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), \
    payment=(), display-capture=()";

/// For a file whose name changes with its content: a year, the longest that caches honour.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Hexadecimal digits of the content hash in a file name.
const HASH_DIGITS: usize = 16;

/// Adds the security headers to every answer, and says how long it may be kept.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let lasting = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let cache = if lasting && response.status().is_success() {
        FOREVER
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    add(headers, CACHE_CONTROL, cache);
    add(headers, CONTENT_SECURITY_POLICY, POLICY);
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
