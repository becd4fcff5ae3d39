//! One request and its answer in plain values: how tests and commands talk to the edge without a socket.

use std::net::IpAddr;

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use http_body_util::BodyExt;

use super::Edge;

/// A request in plain values.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The path and query.
    pub target: String,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: ExchangeBody,
    /// The address of the socket's other end.
    pub peer: IpAddr,
}

/// A body and its content type.
#[derive(Debug, Clone, Default)]
pub struct ExchangeBody {
    media: Option<String>,
    bytes: Vec<u8>,
}

impl ExchangeBody {
    /// These bytes, of this type.
    pub fn of(media: &str, bytes: Vec<u8>) -> Self {
        Self { media: Some(media.to_owned()), bytes }
    }
}

impl Exchange {
    /// A request without headers or body, from a documentation address (RFC 5737).
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: ExchangeBody::default(),
            peer: IpAddr::from([192, 0, 2, 1]),
        }
    }
}

impl Edge {
    /// Answers one request, to `localhost` when it does not say to whom; what is no HTTP (a header with a line end) is answered 0.
    pub async fn exchange(&self, exchange: Exchange) -> (u16, Vec<(String, String)>, Vec<u8>) {
        let mut request = Request::new(Body::from(exchange.body.bytes));
        let (Ok(method), Ok(uri)) = (exchange.method.parse::<Method>(), exchange.target.parse::<Uri>())
        else {
            return (0, Vec::new(), Vec::new());
        };
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        for (name, value) in exchange.headers {
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value)) else {
                return (0, Vec::new(), Vec::new());
            };
            request.headers_mut().append(name, value);
        }
        request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("localhost"));
        if let Some(media) = exchange.body.media.and_then(|media| HeaderValue::try_from(media).ok()) {
            request.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        let response = self.handle(request, exchange.peer).await;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body =
            response.into_body().collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
        (status, headers, body)
    }
}
