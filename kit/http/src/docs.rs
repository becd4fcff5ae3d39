//! The documentation page: the document of this server, shown without anything from outside.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use socle_i18n::Language;
use socle_kernel::{Error, Result, codes};
use utoipa_swagger_ui::{Config, serve};

use crate::problem::Refused;
use crate::{Context, Document};

/// Scripts and styles of this server only; the viewer sets styles on its elements and draws its icons from
/// `data:` addresses.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page, in which the language stands where this is.
const PAGE: &str = include_str!("../assets/docs.html");
const LANGUAGE: &str = "%language%";

/// Writes the document in a language.
pub type Write = Arc<dyn Fn(Language) -> Result<Document> + Send + Sync>;

/// The documents, each written when it is first asked for: many servers are never asked, and it takes some time
/// and memory.
#[derive(Clone)]
struct Documents {
    write: Write,
    english: Arc<OnceLock<Bytes>>,
    french: Arc<OnceLock<Bytes>>,
}

impl Documents {
    fn of(&self, language: Language) -> Result<Bytes> {
        let place = match language {
            Language::En => &self.english,
            Language::Fr => &self.french,
        };
        if let Some(written) = place.get() {
            return Ok(written.clone());
        }
        let document = (self.write)(language)?;
        Ok(place.get_or_init(|| Bytes::from(document.0.to_string())).clone())
    }
}

/// `/docs`, its assets, and `/openapi.json`, each in the language of who asks.
pub(crate) fn router(write: Write) -> Router {
    let documents = Documents { write, english: Arc::default(), french: Arc::default() };
    let show = get(|context: Context| async move {
        let language = context.language();
        let page = Bytes::from(PAGE.replace(LANGUAGE, language.as_str()));
        let mut response = spoken("text/html; charset=utf-8", page, language);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
        response
    });
    let document = get(move |context: Context| async move {
        let language = context.language();
        documents.of(language).map(|bytes| spoken("application/json", bytes, language)).map_err(Refused)
    });
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/docs") }))
        .route("/docs", show.clone())
        .route("/docs/", show)
        .route("/docs/assets/{file}", get(asset))
        .route("/openapi.json", document)
}

/// An answer in one of the languages; caches keep one for each.
fn spoken(media: &'static str, bytes: Bytes, language: Language) -> Response {
    let mut response = sized(media, bytes, "no-cache");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

async fn asset(Path(file): Path<String>) -> Response {
    let own: Option<(&'static str, &'static [u8])> = match file.as_str() {
        "docs.js" => Some(("text/javascript; charset=utf-8", include_bytes!("../assets/docs.js"))),
        "docs-words.js" => {
            Some(("text/javascript; charset=utf-8", include_bytes!("../assets/docs-words.js")))
        }
        "docs-stream.js" => {
            Some(("text/javascript; charset=utf-8", include_bytes!("../assets/docs-stream.js")))
        }
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
