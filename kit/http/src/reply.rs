//! What handlers answer. A reply carries its data to the edge, which dresses it in the dialect of the path.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::{HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use socle_kernel::{Error, Slice};

use crate::problem::Refused;
use crate::{DescribeReply, Operation};

/// What stands before the data in an envelope.
const OPENING: &[u8] = br#"{"success":true,"data":"#;

/// The data of a reply, serialised once, waiting for its envelope.
#[derive(Clone)]
pub(crate) struct Payload {
    /// The data, with the opening of the envelope before it: so that whichever dialect is asked for, nothing is
    /// copied.
    json: Vec<u8>,
    /// The version of the row: the first part of the entity tag.
    pub(crate) version: Option<i64>,
    pub(crate) pagination: Option<Pagination>,
    /// Where the created thing is, below the API's prefix.
    pub(crate) location: Option<String>,
}

impl Payload {
    /// The data alone.
    pub(crate) fn data(&self) -> &[u8] {
        self.json.get(OPENING.len()..).unwrap_or_default()
    }

    /// The data alone, as a body.
    pub(crate) fn into_data(self) -> Bytes {
        Bytes::from(self.json).slice(OPENING.len()..)
    }

    /// The envelope up to the end of the data, to be closed by the caller.
    pub(crate) fn into_opened(self) -> Vec<u8> {
        self.json
    }
}

/// Where a page stands in its list.
#[derive(Debug, Clone)]
pub(crate) struct Pagination {
    pub(crate) page: Option<i64>,
    pub(crate) limit: i64,
    pub(crate) total: Option<i64>,
    pub(crate) has_next: bool,
    pub(crate) next_cursor: Option<String>,
}

/// The reply of these data, which take about so much room.
fn reply<T: Serialize>(
    status: StatusCode,
    data: &T,
    room: usize,
    fill: impl FnOnce(&mut Payload),
) -> Response {
    let mut json = Vec::with_capacity(OPENING.len() + room + CLOSING);
    json.extend_from_slice(OPENING);
    match serde_json::to_writer(&mut json, data) {
        Ok(()) => {
            let mut payload = Payload { json, version: None, pagination: None, location: None };
            fill(&mut payload);
            let mut response = status.into_response();
            response.extensions_mut().insert(payload);
            response
        }
        Err(error) => Refused(Error::internal(error)).into_response(),
    }
}

/// The room for one row, and for what closes an envelope: guesses that save most answers from growing.
const ROW: usize = 1_024;
const CLOSING: usize = 384;

/// One thing (200).
#[derive(Debug, Clone)]
pub struct One<T> {
    data: T,
    version: Option<i64>,
}

impl<T> One<T> {
    /// The thing.
    pub const fn new(data: T) -> Self {
        Self { data, version: None }
    }

    /// With the version of its row, so that `If-Match` may name it.
    #[must_use]
    pub const fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }
}
impl<T: Serialize> IntoResponse for One<T> {
    fn into_response(self) -> Response {
        reply(StatusCode::OK, &self.data, ROW, |payload| payload.version = self.version)
    }
}
impl<T: JsonSchema> DescribeReply for One<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.output::<T>();
        operation.enveloped(200, "Done.", &schema, false);
        if !operation.is_action {
            operation.response_header(200, "ETag", "The version and content of what was answered.");
        }
    }
}

/// A new thing (201), and where it is.
#[derive(Debug, Clone)]
pub struct Created<T> {
    data: T,
    path: String,
    version: Option<i64>,
}

impl<T> Created<T> {
    /// The thing, at this path below the API's prefix (`/announcements/…`).
    pub fn at(path: impl Into<String>, data: T) -> Self {
        Self { data, path: path.into(), version: None }
    }

    /// With the version of its row.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }
}
impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        reply(StatusCode::CREATED, &self.data, ROW, |payload| {
            payload.version = self.version;
            payload.location = Some(self.path);
        })
    }
}
impl<T: JsonSchema> DescribeReply for Created<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.output::<T>();
        operation.enveloped(201, "Created.", &schema, false);
        operation.response_header(201, "Location", "Where the new thing is.");
    }
}

/// Taken up, and done aside (202).
#[derive(Debug, Clone)]
pub struct Accepted<T>(pub T);

impl<T: Serialize> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        reply(StatusCode::ACCEPTED, &self.0, ROW, |_| {})
    }
}
impl<T: JsonSchema> DescribeReply for Accepted<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.output::<T>();
        operation.enveloped(202, "Taken up; it is done aside.", &schema, false);
    }
}

/// One reply or the other, each with its own status.
#[derive(Debug, Clone)]
pub enum Either<A, B> {
    /// The one.
    First(A),
    /// The other.
    Second(B),
}

impl<A: IntoResponse, B: IntoResponse> IntoResponse for Either<A, B> {
    fn into_response(self) -> Response {
        match self {
            Self::First(reply) => reply.into_response(),
            Self::Second(reply) => reply.into_response(),
        }
    }
}
impl<A: DescribeReply, B: DescribeReply> DescribeReply for Either<A, B> {
    fn describe(operation: &mut Operation<'_>) {
        A::describe(operation);
        B::describe(operation);
    }
}

/// A page of a list (200).
#[derive(Debug, Clone)]
pub struct Many<T>(pub Slice<T>);

impl<T: Serialize> IntoResponse for Many<T> {
    fn into_response(self) -> Response {
        let Slice { items, limit, page, total, next_cursor, has_next } = self.0;
        reply(StatusCode::OK, &items, items.len() * ROW, |payload| {
            payload.pagination = Some(Pagination { page, limit, total, has_next, next_cursor });
        })
    }
}
impl<T: JsonSchema> DescribeReply for Many<T> {
    fn describe(operation: &mut Operation<'_>) {
        let items = operation.output::<T>();
        operation.enveloped(200, "A page of the list.", &json!({"type": "array", "items": items}), true);
        operation.response_header(200, "Link", "The pages around this one (RFC 8288).");
    }
}

/// Done, nothing to say (204).
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}
impl DescribeReply for NoContent {
    fn describe(operation: &mut Operation<'_>) {
        operation.response(204, "Done; there is nothing to say.");
    }
}

/// One entry of a live stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamItem {
    /// The sequence: what the client sends back as `Last-Event-ID`. None for entries that are not resumable.
    pub id: Option<i64>,
    /// The kind of the entry: `announcement.published`.
    pub event: String,
    /// Its JSON.
    pub data: String,
}

/// A live stream (Server-Sent Events), with a comment every 15 seconds so that proxies keep it open.
pub struct EventStream(Response);

impl EventStream {
    /// The stream of these items.
    pub fn new(items: impl Stream<Item = StreamItem> + Send + 'static) -> Self {
        let events = items.enumerate().map(|(number, item)| {
            let event = Event::default().event(item.event).data(item.data);
            // Streams end from time to time on purpose: whoever listens comes back at once.
            let event = if number == 0 { event.retry(Duration::from_secs(1)) } else { event };
            Ok::<_, Infallible>(match item.id {
                Some(id) => event.id(id.to_string()),
                None => event,
            })
        });
        let mut response =
            Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Self(response)
    }
}
impl IntoResponse for EventStream {
    fn into_response(self) -> Response {
        self.0
    }
}
impl DescribeReply for EventStream {
    fn describe(operation: &mut Operation<'_>) {
        operation.responses.insert(
            "200".into(),
            json!({
                "description": "A stream of events (Server-Sent Events), each with its sequence as `id`.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }),
        );
    }
}

/// What a [`Download`] is made of.
pub trait DownloadMedia: Send {
    /// The content type.
    const MEDIA: &'static str;
}

/// A table for spreadsheets.
#[derive(Debug, Clone, Copy)]
pub struct CsvMedia;
impl DownloadMedia for CsvMedia {
    const MEDIA: &'static str = "text/csv; charset=utf-8";
}

/// A JSON document.
#[derive(Debug, Clone, Copy)]
pub struct JsonMedia;
impl DownloadMedia for JsonMedia {
    const MEDIA: &'static str = "application/json";
}

/// A file to be kept, written part by part as the client takes it: it may be larger than memory. What fails on the
/// way breaks the connection off, so that nobody takes a part for the whole.
pub struct Download<M> {
    name: String,
    body: Body,
    media: std::marker::PhantomData<M>,
}

impl<M: DownloadMedia> Download<M> {
    /// A file of this name (letters, digits, `.`, `-` and `_`; others are left out), made of these parts.
    pub fn new(name: &str, parts: impl Stream<Item = Result<String, Error>> + Send + 'static) -> Self {
        let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).collect();
        let parts = parts.map(|part| {
            part.inspect_err(|error| tracing::error!("a download broke off: {error}"))
                .map(Bytes::from)
                .map_err(|error| std::io::Error::other(error.to_string()))
        });
        Self { name, body: Body::from_stream(parts), media: std::marker::PhantomData }
    }
}
impl<M: DownloadMedia> IntoResponse for Download<M> {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(M::MEDIA));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{}\"", self.name)) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}
impl<M: DownloadMedia> DescribeReply for Download<M> {
    fn describe(operation: &mut Operation<'_>) {
        let media = M::MEDIA.split(';').next().unwrap_or_default();
        let schema =
            if media == "application/json" { json!({"type": "object"}) } else { json!({"type": "string"}) };
        operation.responses.insert(
            "200".into(),
            json!({"description": "A file to be kept.", "content": {media: {"schema": schema}}}),
        );
        operation.response_header(200, "Content-Disposition", "The name of the file.");
    }
}

/// A bare JSON body with a status of its own: the health routes, whose form is a contract with probes.
#[derive(Debug, Clone)]
pub struct Plain {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
}

impl IntoResponse for Plain {
    fn into_response(self) -> Response {
        Raw { status: self.status, media: "application/json", body: self.body.to_string() }.into_response()
    }
}

/// A bare body of any type, for root paths.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The status.
    pub status: StatusCode,
    /// The content type.
    pub media: &'static str,
    /// The body.
    pub body: String,
}

impl IntoResponse for Raw {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, HeaderValue::from_static(self.media))], self.body)
            .into_response()
    }
}
