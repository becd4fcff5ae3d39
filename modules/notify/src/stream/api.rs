//! What the stream takes and what it says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use socle_kit::events::{Event, Recorded};
use socle_kit::http::StreamItem;
use socle_kit::kernel::{Error, Id, Result, Timestamp, UserId};

/// Which events, and from where.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StreamFilter {
    /// The kinds of events wanted, separated by commas; `announcement.*` is all that begin with `announcement.`.
    /// All kinds when absent.
    #[schemars(length(max = 20), inner(length(max = 64)))]
    pub(crate) kinds: Option<Vec<String>>,
    /// The last sequence received: the stream resumes after it. The header `Last-Event-ID` says the same, and
    /// is believed first.
    #[schemars(range(min = 0))]
    pub(crate) last_event_id: Option<i64>,
}

/// An event as its reader sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView<'a> {
    sequence: i64,
    id: Id<Event>,
    kind: &'a str,
    subject: &'a str,
    actor: Option<ActorView<'a>>,
    occurred_at: Timestamp,
    data: &'a RawValue,
}

#[derive(Serialize)]
struct ActorView<'a> {
    id: UserId,
    name: &'a str,
}

/// The entry of an event.
pub(crate) fn entry(event: &Recorded) -> Result<StreamItem> {
    let view = EventView {
        sequence: event.sequence,
        id: event.id,
        kind: &event.kind,
        subject: &event.subject,
        actor: event.actor_id.map(|id| ActorView { id, name: &event.actor_name }),
        occurred_at: event.created_at,
        data: event.payload.raw(),
    };
    let data = serde_json::to_string(&view).map_err(Error::internal)?;
    Ok(StreamItem { id: Some(event.sequence), event: event.kind.clone(), data })
}

/// The first entry: the stream begins after `start`; the newest event there is has the place `newest`.
pub(crate) fn ready(start: i64, newest: i64) -> StreamItem {
    StreamItem { id: Some(start), event: "ready".to_owned(), data: format!(r#"{{"sequence":{newest}}}"#) }
}

/// Moves the client's place past events that were not for it.
pub(crate) fn cursor(place: i64) -> StreamItem {
    StreamItem { id: Some(place), event: "cursor".to_owned(), data: format!(r#"{{"sequence":{place}}}"#) }
}
