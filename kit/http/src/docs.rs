//! The documentation page: the document of this server, shown without anything from outside.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use socle_kernel::{Error, codes};
use utoipa_swagger_ui::{Config, serve};

use crate::problem::Refused;

/// Scripts and styles of this server only; the viewer sets styles on its elements and draws its icons from
/// `data:` addresses.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// `/docs`, its assets, and `/openapi.json`.
pub(crate) fn router(document: &crate::Document) -> Router {
    let document = Bytes::from(document.0.to_string());
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/docs") }))
        .route("/docs", get(page))
        .route("/docs/", get(page))
        .route("/docs/assets/{file}", get(asset))
        .route("/openapi.json", get(move || async move { sized("application/json", document, "no-cache") }))
}

async fn page() -> Response {
    let mut response = sized(
        "text/html; charset=utf-8",
        Bytes::from_static(include_bytes!("../assets/docs.html")),
        "no-cache",
    );
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    response
}

async fn asset(Path(file): Path<String>) -> Response {
    let own: Option<(&'static str, &'static [u8])> = match file.as_str() {
        "docs.js" => Some(("text/javascript; charset=utf-8", include_bytes!("../assets/docs.js"))),
        "docs.css" => Some(("text/css; charset=utf-8", include_bytes!("../assets/docs.css"))),
        "icon.svg" => Some(("image/svg+xml", include_bytes!("../assets/icon.svg"))),
        _ => None,
    };
    if let Some((media, bytes)) = own {
        return sized(media, Bytes::from_static(bytes), "no-cache");
    }
    let media = match file.as_str() {
        "swagger-ui.css" => "text/css; charset=utf-8",
        "swagger-ui-bundle.js" => "text/javascript; charset=utf-8",
        _ => return Refused(Error::new(codes::ROUTE_NOT_FOUND)).into_response(),
    };
    match serve(&file, Arc::new(Config::from("/openapi.json"))) {
        Ok(Some(found)) => {
            let bytes = match found.bytes {
                Cow::Borrowed(bytes) => Bytes::copy_from_slice(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            sized(media, bytes, "public, max-age=86400")
        }
        Ok(None) => Refused(Error::new(codes::ROUTE_NOT_FOUND)).into_response(),
        Err(error) => Refused(Error::internal(error.to_string())).into_response(),
    }
}

fn sized(media: &'static str, bytes: Bytes, cache: &'static str) -> Response {
    let mut response = (StatusCode::OK, Body::from(bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
