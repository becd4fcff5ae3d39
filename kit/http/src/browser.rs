//! What only browsers bring and take: cookies, and being sent elsewhere and back.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use socle_kernel::Error;

use crate::openapi::ParameterPlace;
use crate::problem::Refused;
use crate::{DescribeInput, DescribeReply, Operation};

/// The cookies of a request.
#[derive(Debug, Clone)]
pub struct RequestCookies(Vec<(String, String)>);

impl RequestCookies {
    /// The value of the cookie of this name; none when there are several, of which one is somebody else's.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(known, _)| known == name);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for RequestCookies {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let texts = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        Ok(Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }
}
impl DescribeInput for RequestCookies {
    fn describe(_: &mut Operation<'_>) {}
}

/// The parameters with which another server has sent a browser back: whatever there are, since each server adds some
/// of its own. One that stands twice is refused.
#[derive(Debug, Clone)]
pub struct Returned(Vec<(String, String)>);

impl Returned {
    /// The parameter of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Sync> FromRequestParts<S> for Returned {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let mut fields = Vec::new();
        let pairs = crate::extract::pairs(parts.uri.query().unwrap_or_default(), &mut fields);
        if fields.is_empty() { Ok(Self(pairs)) } else { Err(Refused(Error::invalid(fields))) }
    }
}
impl DescribeInput for Returned {
    fn describe(operation: &mut Operation<'_>) {
        operation.takes_query = true;
        for (name, about) in [
            ("code", "The code that the other server gives."),
            ("state", "What the other server was sent."),
            ("iss", "Which server it is."),
            ("error", "Why there is no code."),
        ] {
            operation.parameter(ParameterPlace::Query, name, false, about, json!({"type": "string"}));
        }
        operation.refusal(400);
    }
}

/// Sends a browser elsewhere (303).
#[derive(Debug, Clone)]
pub struct SeeOther(pub String);

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let Ok(location) = HeaderValue::try_from(self.0) else {
            return Refused(Error::internal("an address that is no header")).into_response();
        };
        let headers = [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        ];
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}
impl DescribeReply for SeeOther {
    fn describe(operation: &mut Operation<'_>) {
        operation.response(303, "Elsewhere.");
        operation.response_header(303, "Location", "Where.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn cookies(lines: &[&str]) -> RequestCookies {
        let mut request = http::Request::new(());
        for line in lines {
            request.headers_mut().append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        }
        let (mut parts, ()) = request.into_parts();
        match RequestCookies::from_request_parts(&mut parts, &()).await {
            Ok(cookies) => cookies,
            Err(_) => unreachable!(),
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_name_and_one_that_comes_twice_is_nobodys() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(cookies(&["a=1; b=2=3", "c=4; a=5"]));
        assert_eq!((found.get("a"), found.get("b"), found.get("c")), (None, Some("2=3"), Some("4")));
        assert_eq!(found.get("d"), None);
    }

    #[test]
    fn a_browser_is_sent_elsewhere_by_an_address_that_is_a_header() {
        let response = SeeOther("https://example.org/#t".into()).into_response();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "https://example.org/#t");
        let broken = SeeOther("https://example.org/\r\nx: y".into()).into_response();
        assert_ne!(broken.status(), StatusCode::SEE_OTHER);
    }
}
