//! Errors on the wire: the status of each kind, the sentence in the reader's language, three renderings.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use socle_kernel::{Arg, Error, Kind};

use crate::{Context, Dialect};

/// The one table from kinds to HTTP statuses (RFC 9110, 6585, 4918).
pub const fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::AddressTooLong => StatusCode::URI_TOO_LONG,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Locked => StatusCode::LOCKED,
        Kind::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// An error on its way to the edge, which alone knows the dialect and the language.
#[derive(Clone)]
pub(crate) struct Failure(pub(crate) std::sync::Arc<Error>);

/// A wrapper, because both the error and axum's trait are others'.
pub struct Refused(pub Error);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(error)
    }
}
impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = status_of(self.0.kind()).into_response();
        response.extensions_mut().insert(Failure(std::sync::Arc::new(self.0)));
        response
    }
}

/// Does the client ask for RFC 9457?
pub(crate) fn wants_problem(accept: Option<&HeaderValue>) -> bool {
    accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/problem+json"))
}

/// The answer to an error.
pub(crate) fn render(error: &Error, context: &Context, problem: bool) -> Response {
    let status = status_of(error.kind());
    let (body, media) = match (problem, context.dialect()) {
        (true, _) => (as_problem(error, context, status), "application/problem+json"),
        (false, Dialect::Compatible) => (as_compatible(error, context), "application/json"),
        (false, Dialect::Canonical | Dialect::Root) => (as_canonical(error, context), "application/json"),
    };
    let mut response = (status, body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(context.language().as_str()));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"socle\""));
    }
    if let Some(wait) = error.retry_wait() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    response
}

fn sentence(context: &Context, code: &str, args: &[(&'static str, Arg)]) -> String {
    context.0.catalogue.text(context.language(), &socle_i18n::error_key(code), args)
}

/// The fields at fault as (path, code, sentence).
fn details<'a>(
    error: &'a Error,
    context: &'a Context,
) -> impl Iterator<Item = (&'a str, &'static str, String)> {
    error
        .fields()
        .iter()
        .map(|field| (field.path.as_str(), field.code.name, sentence(context, field.code.name, &field.args)))
}

fn as_canonical(error: &Error, context: &Context) -> Value {
    let details: Vec<Value> = details(error, context)
        .map(|(field, code, message)| json!({"field": field, "message": message, "code": code}))
        .collect();
    json!({
        "success": false,
        "error": {
            "code": error.code().name,
            "message": sentence(context, error.code().name, error.args()),
            "details": details,
        },
        "meta": {"timestamp": context.received(), "request_id": &*context.id().0},
    })
}

fn as_compatible(error: &Error, context: &Context) -> Value {
    let errors: Vec<Value> =
        details(error, context).map(|(path, _, message)| json!({"path": path, "message": message})).collect();
    json!({
        "status": "error",
        "code": error.code().name,
        "message": sentence(context, error.code().name, error.args()),
        "errors": errors,
    })
}

fn as_problem(error: &Error, context: &Context, status: StatusCode) -> Value {
    let errors: Vec<Value> = details(error, context)
        .map(|(field, code, message)| json!({"field": field, "detail": message, "code": code}))
        .collect();
    json!({
        "type": format!("urn:socle:error:{}", error.code().name.to_ascii_lowercase().replace('_', "-")),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": sentence(context, error.code().name, error.args()),
        "instance": format!("urn:socle:request:{}", context.id().0),
        "code": error.code().name,
        "errors": errors,
    })
}
