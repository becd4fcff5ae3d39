//! Cookies that an answer sets: always for this host alone, over TLS alone, and not sent along by other sites' writes.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use socle_kernel::Error;

use crate::problem::Refused;
use crate::{DescribeReply, Operation};

/// A cookie to be set. Its name begins with `__Host-`, so that no neighbouring domain can set it too.
#[derive(Clone)]
pub struct Cookie {
    name: &'static str,
    value: String,
    life: Duration,
    hidden: bool,
}

impl Cookie {
    /// A cookie that scripts cannot read.
    pub const fn hidden(name: &'static str, value: String, life: Duration) -> Self {
        Self { name, value, life, hidden: true }
    }

    /// A cookie that scripts of this host read.
    pub const fn readable(name: &'static str, value: String, life: Duration) -> Self {
        Self { name, value, life, hidden: false }
    }

    /// Takes the cookie of this name away.
    pub const fn cleared(name: &'static str) -> Self {
        Self { name, value: String::new(), life: Duration::ZERO, hidden: true }
    }

    /// What the browser is told (RFC 6265).
    fn header(&self) -> Option<HeaderValue> {
        let hidden = if self.hidden { "; HttpOnly" } else { "" };
        let text = format!(
            "{}={}; Path=/; Max-Age={}; Secure; SameSite=Lax{hidden}",
            self.name,
            self.value,
            self.life.as_secs()
        );
        let mut header = HeaderValue::try_from(text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cookie({})", self.name)
    }
}

/// The value of the cookie of this name, as the client sent it.
pub fn cookie_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // HTTP/2 may send each in a header of its own (RFC 9113, section 8.2.3).
    let pairs = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// A reply that also sets cookies.
#[derive(Debug, Clone)]
pub struct WithCookies<R> {
    reply: R,
    cookies: Vec<Cookie>,
}

impl<R> WithCookies<R> {
    /// The reply, and what it sets; nothing is set when there are none.
    pub const fn new(reply: R, cookies: Vec<Cookie>) -> Self {
        Self { reply, cookies }
    }
}

impl<R: IntoResponse> IntoResponse for WithCookies<R> {
    fn into_response(self) -> Response {
        let mut response = self.reply.into_response();
        for cookie in &self.cookies {
            let Some(header) = cookie.header() else {
                return Refused(Error::internal(format!("the cookie {} cannot be written", cookie.name)))
                    .into_response();
            };
            response.headers_mut().append(header::SET_COOKIE, header);
        }
        response
    }
}
impl<R: DescribeReply> DescribeReply for WithCookies<R> {
    fn describe(operation: &mut Operation<'_>) {
        R::describe(operation);
        for status in [200, 201, 204, 303] {
            operation.response_header(status, "Set-Cookie", "The cookies of a session by cookie.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_this_host_over_tls_and_not_for_other_sites_writes() {
        let cookie = Cookie::hidden("__Host-a", "b".into(), Duration::from_secs(60));
        assert_eq!(
            cookie.header().unwrap().to_str().unwrap(),
            "__Host-a=b; Path=/; Max-Age=60; Secure; SameSite=Lax; HttpOnly"
        );
        assert_eq!(format!("{cookie:?}"), "Cookie(__Host-a)", "its value is not printed");
        let readable = Cookie::readable("__Host-a", "b".into(), Duration::from_secs(60)).header().unwrap();
        assert!(!readable.to_str().unwrap().contains("HttpOnly"));
        assert!(Cookie::cleared("__Host-a").header().unwrap().to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn a_cookie_is_found_among_others_in_one_header_or_several() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("xa=0; a=1;b=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("c=3=4"));
        let found = ["a", "b", "c", "d"].map(|name| cookie_of(&headers, name));
        assert_eq!(found, [Some("1"), Some("2"), Some("3=4"), None]);
    }
}
