//! Conditional requests: what a browser has already is not sent again ([RFC 9110 §13]).
//!
//! [RFC 9110 §13]: https://www.rfc-editor.org/rfc/rfc9110#section-13

use core::hash::{Hash, Hasher};
use std::collections::hash_map::DefaultHasher;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// Gives files of a folder a tag, and answers who has one of them already.
pub(super) async fn conditional(mut request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    if known.is_some() {
        // It stands above the date (RFC 9110 §13.2.2).
        request.headers_mut().remove(IF_MODIFIED_SINCE);
    }
    let mut response = next.run(request).await;
    if let Some(tag) = tag_of(&response) {
        response.headers_mut().insert(ETAG, tag);
    }
    unless_known(response, known.as_ref())
}

/// Date and size together; weak, because a file may change twice in a second.
fn tag_of(response: &Response) -> Option<HeaderValue> {
    let headers = response.headers();
    if response.status() != StatusCode::OK {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    headers.get(LAST_MODIFIED)?.as_bytes().hash(&mut hasher);
    for name in [CONTENT_LENGTH, CONTENT_ENCODING] {
        headers
            .get(name)
            .map(HeaderValue::as_bytes)
            .hash(&mut hasher);
    }
    HeaderValue::from_str(&format!("W/\"{:016x}\"", hasher.finish())).ok()
}

/// Turns a whole answer into *not modified* where `known` names its tag.
pub(super) fn unless_known(mut response: Response, known: Option<&HeaderValue>) -> Response {
    let is_known = match (known, response.headers().get(ETAG)) {
        (Some(known), Some(tag)) => names(known, tag),
        _ => false,
    };
    if is_known && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        drop_content(response.headers_mut());
    }
    response
}

/// Compares weakly ([RFC 9110 §8.8.3.2]).
///
/// [RFC 9110 §8.8.3.2]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else {
        return false;
    };
    let tag = bare(tag);
    known
        .split(',')
        .any(|known| known.trim() == "*" || bare(known) == tag)
}

fn drop_content(headers: &mut HeaderMap) {
    for name in [CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_TYPE] {
        headers.remove(name);
    }
}
