//! From a handler's reply to the octets on the wire.

use std::io::Write as _;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use socle_kernel::{Error, Kind, codes};
use xxhash_rust::xxh3::xxh3_64;

use super::headers;
use crate::problem::{self, Failure};
use crate::reply::{Pagination, Payload};
use crate::{Context, Dialect};

/// What the answer depends on, kept from the request before the handler takes it.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) uri: http::Uri,
    pub(crate) if_none_match: Option<HeaderValue>,
    pub(crate) problem: bool,
}

/// Dresses the reply in the dialect of its path and adds what every answer carries.
pub(crate) fn finish(mut response: Response, context: &Context, asked: &Asked) -> Response {
    response.headers_mut().reserve(headers::MOST);
    if let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() {
        log(&error, context);
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem::render(&error, context, asked.problem);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    } else if let Some(payload) = response.extensions_mut().remove::<Payload>() {
        dress(&mut response, payload, context, asked);
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem::render(&Error::new(codes::METHOD_NOT_ALLOWED), context, asked.problem);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if let Some(admission) = context.0.counted.get() {
        headers::limit(response.headers_mut(), admission);
    }
    headers::harden(response.headers_mut(), context.id(), context.origin().secure);
    if asked.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// An error is logged once, here: ours as an error, the callers' not at all (the access line has them).
fn log(error: &Error, context: &Context) {
    if error.kind() == Kind::Internal {
        tracing::error!(request_id = &*context.id().0, "request {} failed: {error}", context.id().0);
    } else if error.kind() == Kind::Unavailable {
        tracing::warn!(request_id = &*context.id().0, "request {} refused: {error}", context.id().0);
    }
}

fn dress(response: &mut Response, payload: Payload, context: &Context, asked: &Asked) {
    let status = response.status();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(location) = &payload.location {
        set(out, header::LOCATION, format!("{}{location}", prefix(context.dialect())));
    }
    let pagination = payload.pagination.as_ref().map(|pagination| {
        page_headers(out, pagination, asked, context.dialect());
        // Numbers and texts: this cannot fail.
        serde_json::to_vec(&Position::of(pagination)).unwrap_or_default()
    });
    // A write carries the tag of the new state where the state has a version, so that the next If-Match needs
    // no read. Other answers to writes (tokens among them) are not to be kept at all.
    let is_tagged = asked.method.is_safe() || payload.version.is_some();
    if is_tagged && (status == StatusCode::OK || status == StatusCode::CREATED) {
        let tag = entity_tag(&payload, pagination.as_deref());
        let is_known =
            asked.method.is_safe() && asked.if_none_match.as_ref().is_some_and(|given| matches(given, &tag));
        set(out, header::ETAG, tag);
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        if is_known {
            out.remove(header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return;
        }
    }
    let body = match context.dialect() {
        Dialect::Canonical => envelope(payload.into_opened(), pagination.as_deref(), context),
        Dialect::Compatible | Dialect::Root => payload.into_data(),
    };
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
}

const fn prefix(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Canonical => "/api/v1",
        Dialect::Compatible | Dialect::Root => "/api",
    }
}

/// `"<version>-<hash>"` for a row, `"<hash>"` for the rest. The envelope's time and request id are not part
/// of the representation: two answers with the same data have the same tag.
fn entity_tag(payload: &Payload, pagination: Option<&[u8]>) -> String {
    let hash = xxh3_64(payload.data()) ^ pagination.map_or(0, xxh3_64);
    let mut tag = String::with_capacity(40);
    tag.push('"');
    if let Some(version) = payload.version {
        tag.push_str(itoa::Buffer::new().format(version));
        tag.push('-');
    }
    push_hex(&mut tag, hash);
    tag.push('"');
    tag
}

/// `If-None-Match` compares weakly (RFC 9110, section 13.1.2).
fn matches(given: &HeaderValue, tag: &str) -> bool {
    given.to_str().is_ok_and(|given| {
        given.trim() == "*"
            || given.split(',').map(str::trim).any(|one| one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

/// Where a page stands in its list, as the envelope says it.
#[derive(Serialize)]
struct Position<'a> {
    page: Option<i64>,
    limit: i64,
    total: Option<i64>,
    total_pages: Option<i64>,
    has_next: bool,
    has_prev: bool,
    next_cursor: Option<&'a str>,
}

impl<'a> Position<'a> {
    fn of(pagination: &'a Pagination) -> Self {
        let Pagination { page, limit, total, has_next, ref next_cursor } = *pagination;
        Self {
            page,
            limit,
            total,
            total_pages: total.map(|total| (total + limit - 1) / limit),
            has_next,
            has_prev: page.is_some_and(|page| page > 1),
            next_cursor: next_cursor.as_deref(),
        }
    }
}

/// The canonical envelope, opened up to the end of the data. The data are already JSON: they are not parsed.
fn envelope(mut out: Vec<u8>, pagination: Option<&[u8]>, context: &Context) -> Bytes {
    if let Some(pagination) = pagination {
        out.extend_from_slice(br#","pagination":"#);
        out.extend_from_slice(pagination);
    }
    out.extend_from_slice(br#","meta":{"timestamp":""#);
    // Writing to a Vec cannot fail.
    let _written = write!(out, "{}", context.received());
    for part in [r#"","request_id":""#, &context.id().0, r#"","version":"v1"}}"#] {
        out.extend_from_slice(part.as_bytes());
    }
    out.into()
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// Sixteen digits.
pub(crate) fn push_hex(text: &mut String, number: u64) {
    for place in (0..16).rev() {
        let digit = (number >> (4 * place)) & 0xf;
        text.push(char::from_digit(digit as u32, 16).unwrap_or('0'));
    }
}

/// `Link` (RFC 8288) in both dialects; `X-Total-Count` where the body has no room for it (C07).
fn page_headers(headers: &mut HeaderMap, pagination: &Pagination, asked: &Asked, dialect: Dialect) {
    if let (Dialect::Compatible, Some(total)) = (dialect, pagination.total) {
        headers.insert("x-total-count", HeaderValue::from(total));
    }
    let mut links = String::with_capacity(512);
    let mut link = |parameter: &str, value: &str, relation: &str| {
        if !links.is_empty() {
            links.push_str(", ");
        }
        links.push('<');
        links.push_str(asked.uri.path());
        links.push('?');
        let pairs = asked.uri.query().unwrap_or_default().split('&');
        let kept = pairs
            .filter(|pair| !pair.is_empty() && !pair.starts_with("page=") && !pair.starts_with("cursor="));
        for pair in kept {
            links.push_str(pair);
            links.push('&');
        }
        for part in [parameter, "=", value, ">; rel=\"", relation, "\""] {
            links.push_str(part);
        }
    };
    let mut digits = itoa::Buffer::new();
    match (pagination.page, pagination.total) {
        (Some(page), total) => {
            link("page", "1", "first");
            if page > 1 {
                link("page", digits.format(page - 1), "prev");
            }
            if pagination.has_next {
                link("page", digits.format(page + 1), "next");
            }
            if let Some(total) = total {
                let last = ((total + pagination.limit - 1) / pagination.limit).max(1);
                link("page", digits.format(last), "last");
            }
        }
        (None, _) => {
            link("cursor", "", "first");
            if let Some(cursor) = &pagination.next_cursor {
                link("cursor", cursor, "next");
            }
        }
    }
    set(headers, header::LINK, links);
}
