//! The page that the program holds, with its compressed forms.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::tag;

/// A file of the page.
struct File {
    /// Its address.
    path: &'static str,
    /// Changes with its content.
    tag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The page, in the order of the paths.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Answers a request for a file.
pub(super) async fn answer(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let path = match request.uri().path() {
        "/" => "/index.html",
        super::DEMO_NOTE => return StatusCode::NO_CONTENT.into_response(),
        path => path,
    };
    let found = FILES.binary_search_by(|file| file.path.cmp(path));
    match found.ok().and_then(|place| FILES.get(place)) {
        Some(file) => tag::unless_known(
            show(file, request.headers()),
            request.headers().get(IF_NONE_MATCH),
        ),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn show(file: &File, headers: &HeaderMap) -> Response {
    let (bytes, encoding) = match (file.brotli, file.gzip) {
        (Some(bytes), _) if takes(headers, "br") => (bytes, "br"),
        (_, Some(bytes)) if takes(headers, "gzip") => (bytes, "gzip"),
        _ => (file.plain, ""),
    };
    let mut response = Response::new(Body::from(Bytes::from_static(bytes)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind(file.path)));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if !encoding.is_empty() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}{encoding}\"", file.tag)) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Whether the browser takes `encoding`; a quality of zero says that it does not.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).into_iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|part| {
        let mut words = part.split(';').map(str::trim);
        let quality = |word: &str| word.strip_prefix("q=").and_then(|text| text.parse().ok());
        words.next() == Some(encoding) && words.find_map(quality).unwrap_or(1.0) > 0.0
    })
}

/// The type of a file; browsers insist on those of modules and of WebAssembly.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
