//! Responses: envelopes, headers, refusals.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use crate::dice::unlike_before;
use crate::refusal::Refusal;

pub(super) const FIDELITY: HeaderName = HeaderName::from_static("x-workers-ai-fidelity");
pub(super) const RETIRED: HeaderName = HeaderName::from_static("x-workers-ai-retired");
pub(super) const NEURONS: HeaderName = HeaderName::from_static("cf-ai-neurons");
const REQUEST_ID: HeaderName = HeaderName::from_static("cf-ai-req-id");
const RAY: HeaderName = HeaderName::from_static("cf-ray");
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// The code of a refusal, among a response's extensions.
#[derive(Clone, Copy)]
pub(super) struct Refused(pub(super) u32);

/// Turns into a response by itself.
pub(super) trait Respond {
    /// The response.
    fn respond(&self) -> Response;
}

impl Respond for Refusal {
    fn respond(&self) -> Response {
        let request_id = unlike_before().uuid();
        let mut response = json_bytes(self.status(), self.body(&request_id));
        response.extensions_mut().insert(Refused(self.code()));
        if self.reached_model() {
            insert(response.headers_mut(), REQUEST_ID, &request_id);
        }
        response
    }
}

/// A refusal in the form that `/ai/v1/responses` alone has.
pub(super) fn refused_response(refusal: &Refusal) -> Response {
    let mut response = json_bytes(refusal.status(), refusal.responses_body());
    response.extensions_mut().insert(Refused(refusal.code()));
    if refusal.reached_model() {
        mark(&mut response);
    }
    response
}

/// How results travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// In the API's envelope.
    Enveloped,
    /// By themselves, as the binding has them.
    Bare,
}

impl Shape {
    /// A result in this shape.
    pub(super) fn json(self, result: &impl Serialize) -> Response {
        match self {
            Self::Enveloped => enveloped(result),
            Self::Bare => bare(result),
        }
    }
}

/// A refusal as the binding reads it.
pub(super) fn refused_call(refusal: &Refusal) -> Response {
    let mut response = json_bytes(refusal.status(), refusal.binding_body());
    if refusal.reached_model() {
        mark(&mut response);
    }
    response
}

/// A result in the service's envelope.
pub(super) fn enveloped(result: &impl Serialize) -> Response {
    #[derive(Serialize)]
    struct Envelope<'a, T> {
        result: &'a T,
        success: bool,
        errors: [(); 0],
        messages: [(); 0],
    }
    bare(&Envelope { result, success: true, errors: [], messages: [] })
}

/// JSON without an envelope.
pub(super) fn bare(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => json_bytes(StatusCode::OK, body),
        Err(error) => Refusal::failed(&error.to_string()).respond(),
    }
}

fn json_bytes(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = with_type("application/json", Body::from(body));
    *response.status_mut() = status;
    response
}

/// A body of some type, with the headers that every response has.
pub(super) fn with_type(content_type: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    insert(headers, header::CONTENT_TYPE, content_type);
    insert(headers, header::CACHE_CONTROL, "no-store");
    insert(headers, API_VERSION, "2026-10-01.epoch");
    insert(headers, RAY, &format!("{}-LOC", unlike_before().hex(16)));
    response
}

/// Marks a response as one of Workers AI itself.
pub(super) fn mark(response: &mut Response) {
    insert(response.headers_mut(), REQUEST_ID, &unlike_before().uuid());
}

/// Sets a header, unless its value cannot be one.
pub(super) fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
