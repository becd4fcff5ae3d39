//! From a handler's reply to the octets on the wire.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::json;
use socle_kernel::{Error, Kind, codes};
use xxhash_rust::xxh3::xxh3_64;

use super::headers;
use crate::problem::{self, Failure};
use crate::reply::{Counted, Pagination, Payload};
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
    let counted = response.extensions_mut().remove::<Counted>();
    if let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() {
        log(&error, context);
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem::render(&error, context, asked.problem);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    } else if let Some(payload) = response.extensions_mut().remove::<Payload>() {
        dress(&mut response, &payload, context, asked);
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = problem::render(&Error::new(codes::METHOD_NOT_ALLOWED), context, asked.problem);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    if let Some(Counted(admission)) = counted {
        headers::limit(response.headers_mut(), &admission);
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

fn dress(response: &mut Response, payload: &Payload, context: &Context, asked: &Asked) {
    let status = response.status();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(location) = &payload.location {
        set(out, header::LOCATION, &format!("{}{location}", prefix(context.dialect())));
    }
    if let Some(pagination) = &payload.pagination {
        page_headers(out, pagination, asked, context.dialect());
    }
    // A write carries the tag of the new state where the state has a version, so that the next If-Match needs
    // no read. Other answers to writes (tokens among them) are not to be kept at all.
    let is_tagged = asked.method.is_safe() || payload.version.is_some();
    if is_tagged && (status == StatusCode::OK || status == StatusCode::CREATED) {
        let tag = entity_tag(payload);
        if let Ok(value) = HeaderValue::from_str(&tag) {
            out.insert(header::ETAG, value);
        }
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        if asked.method.is_safe() && asked.if_none_match.as_ref().is_some_and(|given| matches(given, &tag)) {
            out.remove(header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return;
        }
    }
    let body = match context.dialect() {
        Dialect::Canonical => envelope(payload, context),
        Dialect::Compatible | Dialect::Root => payload.data.clone(),
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
fn entity_tag(payload: &Payload) -> String {
    let mut hash = xxh3_64(&payload.data);
    if let Some(pagination) = &payload.pagination {
        hash ^= xxh3_64(format!("{pagination:?}").as_bytes());
    }
    match payload.version {
        Some(version) => format!("\"{version}-{hash:016x}\""),
        None => format!("\"{hash:016x}\""),
    }
}

/// `If-None-Match` compares weakly (RFC 9110, section 13.1.2).
fn matches(given: &HeaderValue, tag: &str) -> bool {
    given.to_str().is_ok_and(|given| {
        given.trim() == "*"
            || given.split(',').map(str::trim).any(|one| one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

/// The canonical envelope. The data are already JSON: they are copied, not parsed.
fn envelope(payload: &Payload, context: &Context) -> Bytes {
    use std::io::Write as _;
    let mut out = Vec::with_capacity(payload.data.len() + 256);
    out.extend_from_slice(b"{\"success\":true,\"data\":");
    out.extend_from_slice(&payload.data);
    if let Some(pagination) = &payload.pagination {
        let total_pages = pagination.total.map(|total| (total + pagination.limit - 1) / pagination.limit);
        let pagination = json!({
            "page": pagination.page,
            "limit": pagination.limit,
            "total": pagination.total,
            "total_pages": total_pages,
            "has_next": pagination.has_next,
            "has_prev": pagination.page.is_some_and(|page| page > 1),
            "next_cursor": pagination.next_cursor,
        });
        out.extend_from_slice(b",\"pagination\":");
        // Writing to a Vec cannot fail.
        let _written = write!(out, "{pagination}");
    }
    let (time, id) = (context.received(), &context.id().0);
    let _written =
        write!(out, ",\"meta\":{{\"timestamp\":\"{time}\",\"request_id\":\"{id}\",\"version\":\"v1\"}}}}");
    out.into()
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// `Link` (RFC 8288) in both dialects; `X-Total-Count` where the body has no room for it (C07).
fn page_headers(headers: &mut HeaderMap, pagination: &Pagination, asked: &Asked, dialect: Dialect) {
    if let (Dialect::Compatible, Some(total)) = (dialect, pagination.total) {
        headers.insert("x-total-count", HeaderValue::from(total));
    }
    let kept: Vec<&str> = asked
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("page=") && !pair.starts_with("cursor="))
        .collect();
    let link = |parameter: String, relation: &str| {
        let mut query = kept.join("&");
        if !query.is_empty() {
            query.push('&');
        }
        format!("<{}?{query}{parameter}>; rel=\"{relation}\"", asked.uri.path())
    };
    let mut links = Vec::new();
    match (pagination.page, pagination.total) {
        (Some(page), total) => {
            links.push(link("page=1".into(), "first"));
            if page > 1 {
                links.push(link(format!("page={}", page - 1), "prev"));
            }
            if pagination.has_next {
                links.push(link(format!("page={}", page + 1), "next"));
            }
            if let Some(total) = total {
                let last = ((total + pagination.limit - 1) / pagination.limit).max(1);
                links.push(link(format!("page={last}"), "last"));
            }
        }
        (None, _) => {
            links.push(link("cursor=".into(), "first"));
            if let Some(cursor) = &pagination.next_cursor {
                links.push(link(format!("cursor={cursor}"), "next"));
            }
        }
    }
    set(headers, header::LINK, &links.join(", "));
}
