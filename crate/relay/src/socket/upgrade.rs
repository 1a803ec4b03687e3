//! From a request to a WebSocket ([RFC 6455 §4.2]).
//!
//! [RFC 6455 §4.2]: https://www.rfc-editor.org/rfc/rfc6455#section-4.2

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{
    ALLOW, CONNECTION, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;
use sha1::{Digest, Sha1};

use super::Socket;

/// What the answer is computed with ([RFC 6455 §1.3]).
///
/// [RFC 6455 §1.3]: https://www.rfc-editor.org/rfc/rfc6455#section-1.3
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Bytes of a client's key.
const KEY_BYTES: usize = 16;

/// A request that asks for a WebSocket.
pub(crate) struct Upgrade {
    accept: HeaderValue,
    protocols: Vec<String>,
    way: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        if parts.method != Method::GET || parts.version != Version::HTTP_11 {
            let get = [(ALLOW, "GET")];
            return Err((StatusCode::METHOD_NOT_ALLOWED, get).into_response());
        }
        let headers = &parts.headers;
        let asked = names(headers, CONNECTION).any(|name| name.eq_ignore_ascii_case("upgrade"))
            && names(headers, UPGRADE).any(|name| name.eq_ignore_ascii_case("websocket"));
        if !asked {
            let text = "this address speaks WebSocket only\n";
            let upgrade = [(UPGRADE, "websocket"), (CONNECTION, "upgrade")];
            return Err((StatusCode::UPGRADE_REQUIRED, upgrade, text).into_response());
        }
        if !is_exactly(headers, SEC_WEBSOCKET_VERSION, b"13") {
            let version = [(SEC_WEBSOCKET_VERSION, "13")];
            return Err((StatusCode::UPGRADE_REQUIRED, version).into_response());
        }
        let bad = |text: &'static str| (StatusCode::BAD_REQUEST, text).into_response();
        let key = headers.get(SEC_WEBSOCKET_KEY);
        let key = key.ok_or_else(|| bad("there is no Sec-WebSocket-Key\n"))?;
        let decoded = STANDARD.decode(key).unwrap_or_default();
        if decoded.len() != KEY_BYTES {
            return Err(bad("the Sec-WebSocket-Key is none\n"));
        }
        let hash = Sha1::new().chain_update(key).chain_update(GUID).finalize();
        let accept = HeaderValue::from_str(&STANDARD.encode(hash));
        let protocols = names(headers, SEC_WEBSOCKET_PROTOCOL).map(str::to_owned);
        let protocols = protocols.collect();
        match (accept, parts.extensions.remove::<OnUpgrade>()) {
            (Ok(accept), Some(way)) => Ok(Self {
                accept,
                protocols,
                way,
            }),
            _ => Err(bad("the connection cannot be upgraded\n")),
        }
    }
}

impl Upgrade {
    /// Whether the client offers the subprotocol `name`.
    pub(crate) fn offers(&self, name: &str) -> bool {
        self.protocols.iter().any(|offered| offered == name)
    }

    /// Agrees, with the subprotocol `name` where the client offers it, and runs `serve` on a task
    /// of its own.
    ///
    /// - `max_bytes`: of a message; what is longer is a violation.
    pub(crate) fn accept<F>(
        self,
        name: &'static str,
        max_bytes: usize,
        serve: impl FnOnce(Socket) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let offered = self.offers(name);
        let way = self.way;
        tokio::spawn(async move {
            // A client that does not wait for the answer is gone.
            let upgraded = way.await.ok();
            if let Some(socket) = upgraded.and_then(|way| Socket::new(way, max_bytes)) {
                serve(socket).await;
            }
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        if offered {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
        }
        response
    }
}

/// The names of a list, which may be spread over several headers.
fn names(headers: &HeaderMap, header: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header).into_iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim)
}

fn is_exactly(headers: &HeaderMap, header: HeaderName, value: &[u8]) -> bool {
    headers
        .get(header)
        .is_some_and(|found| found.as_bytes() == value)
}
