//! The headers every answer carries.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{Admission, RequestId};

const NOSNIFF: (HeaderName, HeaderValue) =
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Nothing in an API answer is ever rendered, so nothing is allowed.
const API_CONTENT_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Sets the hardening headers (R2-66…R2-70, R3-56…R3-60). A page brings its own content policy.
pub(crate) fn harden(headers: &mut HeaderMap, id: &RequestId, secure: bool) {
    headers.insert(NOSNIFF.0, NOSNIFF.1);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::X_XSS_PROTECTION, HeaderValue::from_static("1; mode=block"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(PERMISSIONS, HeaderValue::from_static("geolocation=(), microphone=(), camera=()"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(API_CONTENT_POLICY);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, id);
    }
}

/// Room for these and for what a handler adds: a map that grows is built anew each time.
pub(crate) const MOST: usize = 24;

/// Adds the state of a limit (the IETF's RateLimit fields draft).
pub(crate) fn limit(headers: &mut HeaderMap, admission: &Admission) {
    let Admission { policy, quota, window, remaining, reset } = admission;
    let reset = u64::try_from(reset.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
    let field = |first: &str, count: u32, second: &str, seconds: u64| {
        let mut field = String::with_capacity(policy.len() + 32);
        let (mut count_digits, mut seconds_digits) = (itoa::Buffer::new(), itoa::Buffer::new());
        let (count, seconds) = (count_digits.format(count), seconds_digits.format(seconds));
        for part in ["\"", policy, "\";", first, "=", count, ";", second, "=", seconds] {
            field.push_str(part);
        }
        HeaderValue::try_from(field)
    };
    if let (Ok(policy_field), Ok(state_field)) =
        (field("q", *quota, "w", window.as_secs()), field("r", *remaining, "t", reset))
    {
        headers.append(RATE_LIMIT_POLICY, policy_field);
        headers.append(RATE_LIMIT, state_field);
    }
}
