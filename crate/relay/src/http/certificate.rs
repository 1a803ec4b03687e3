//! Certificates of persons' keys: who may ask the issuer, and what goes back.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use tokio::time::timeout;
use transom_wire::{IssuerAnswer, MAX_KEY_LINE_BYTES};

use super::Shared;
use crate::access::Access;
use crate::listen::Arrival;

/// Says whether there is an issuer.
pub(super) async fn offered(State(shared): State<Arc<Shared>>) -> Response {
    show(&match shared.issuer {
        Some(_) => IssuerAnswer::Offered,
        None => IssuerAnswer::NotOffered,
    })
}

/// Asks the issuer. Whatever it says is an answer: a browser would report another status than 200
/// as an error of the page.
pub(super) async fn ask(
    State(shared): State<Arc<Shared>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let caller = match shared.caller(arrival, &headers) {
        Ok(caller) => caller,
        Err(refused) => return refused.into_response(),
    };
    let user = match shared.access.identify(&caller) {
        Ok(user) => user,
        Err(text) => return (StatusCode::FORBIDDEN, format!("{text}\n")).into_response(),
    };
    let Some(issuer) = &shared.issuer else {
        return show(&IssuerAnswer::NotOffered);
    };
    let body = Limited::new(body, MAX_KEY_LINE_BYTES).collect();
    let line = match timeout(shared.first_frame, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let answer = issuer.certify(user.as_ref(), line).await;
    Access::asked_issuer(&caller, &answer);
    show(&answer)
}

fn show(answer: &IssuerAnswer) -> Response {
    match serde_json::to_string(answer) {
        Ok(text) => ([(CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
