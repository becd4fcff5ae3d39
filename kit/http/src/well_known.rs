//! Documents at the root that a standard names (RFC 8615): anybody reads them, and caches keep them for a while.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use socle_kernel::{Error, Result};

use crate::BoxFuture;
use crate::problem::Refused;
use crate::reply::Raw;

/// What all of them begin with.
const PLACE: &str = "/.well-known/";

/// A document at the root, that a module serves.
#[derive(Clone)]
pub struct WellKnown {
    /// Where: `/.well-known/jwks.json`.
    pub path: &'static str,
    /// The content type.
    pub media: &'static str,
    /// How long caches may keep it.
    pub life: Duration,
    /// Writes it, each time that it is asked for.
    pub write: Arc<dyn Fn() -> BoxFuture<'static, Result<String>> + Send + Sync>,
}

/// The routes of these documents; fails when one is not where such documents are.
pub(crate) fn router(documents: Vec<WellKnown>) -> Result<Router> {
    let mut router = Router::new();
    for document in documents {
        if !document.path.starts_with(PLACE) {
            return Err(Error::internal(format!("{} is not below {PLACE}", document.path)));
        }
        router = router.route(document.path, get(move || answer(document.clone())));
    }
    Ok(router)
}

async fn answer(document: WellKnown) -> Result<Response, Refused> {
    let body = (document.write)().await?;
    let mut response = Raw { status: StatusCode::OK, media: document.media, body }.into_response();
    let life = format!("public, max-age={}", document.life.as_secs());
    if let Ok(life) = HeaderValue::try_from(life) {
        response.headers_mut().insert(header::CACHE_CONTROL, life);
    }
    Ok(response)
}
