//! A request of a test, and what came back.

use serde_json::Value;
use socle_kit::http::{Edge, Exchange, ExchangeBody};

use crate::SignedInActor;

/// A request under construction.
pub struct TestRequest {
    edge: Edge,
    exchange: Exchange,
}

impl TestRequest {
    /// A request to this edge.
    pub fn new(edge: Edge, method: &str, target: &str) -> Self {
        Self { edge, exchange: Exchange::new(method, target) }
    }

    /// As somebody.
    #[must_use]
    pub fn by(self, actor: &SignedInActor) -> Self {
        self.bearer(&actor.token)
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a header (added, not replaced).
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.exchange.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.exchange.body = ExchangeBody::of("application/json", body.to_string().into_bytes());
        self
    }

    /// With any body.
    #[must_use]
    pub fn body(mut self, media: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.exchange.body = ExchangeBody::of(media, bytes.into());
        self
    }

    /// From this address (default: 192.0.2.1).
    #[must_use]
    pub fn from(mut self, address: &str) -> Self {
        self.exchange.peer = address.parse().expect("an address");
        self
    }

    /// Sends it.
    pub async fn send(self) -> TestResponse {
        let (status, headers, body) = self.edge.exchange(self.exchange).await;
        TestResponse { status, headers, body }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct TestResponse {
    /// The status.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl TestResponse {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every header of this name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Every header, as it came.
    pub fn all_headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} is not JSON ({error}): {}", self.status, self.text()))
    }

    /// The `data` of the envelope.
    pub fn data(&self) -> Value {
        self.json()
            .get("data")
            .cloned()
            .unwrap_or_else(|| panic!("no data in {}: {}", self.status, self.text()))
    }

    /// The stable code of an error.
    pub fn code(&self) -> String {
        let body = self.json();
        let code = body.pointer("/error/code").or_else(|| body.get("code"));
        code.and_then(Value::as_str).unwrap_or_else(|| panic!("no error code: {body}")).to_owned()
    }

    /// The fields at fault, as (path, code), sorted.
    pub fn fields(&self) -> Vec<(String, String)> {
        let body = self.json();
        let details = body.pointer("/error/details").and_then(Value::as_array).cloned().unwrap_or_default();
        let text =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut fields: Vec<_> =
            details.iter().map(|detail| (text(detail, "field"), text(detail, "code"))).collect();
        fields.sort();
        fields
    }

    /// The sentence of an error.
    pub fn message(&self) -> String {
        let body = self.json();
        let message = body.pointer("/error/message").or_else(|| body.get("message"));
        message.and_then(Value::as_str).unwrap_or_else(|| panic!("no message: {body}")).to_owned()
    }

    /// The sentences of the fields at fault, as they come.
    pub fn sentences(&self) -> Vec<String> {
        let body = self.json();
        let details = body.pointer("/error/details").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |detail: &Value| detail.get("message").and_then(Value::as_str).map(str::to_owned);
        details.iter().filter_map(text).collect()
    }

    /// Fails the test unless this is the status; gives the response back for more.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
    /// Fails the test unless the request was refused with this status and code; gives the response back for more.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let response = self.expect(status);
        assert_eq!(response.code(), code, "{}", response.text());
        response
    }
}
