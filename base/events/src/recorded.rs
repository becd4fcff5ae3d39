//! A letter as the outbox holds it.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::value::RawValue;
use socle_db::Row;
use socle_kernel::{Actor, Error, FromValue, Id, Result, Timestamp, ToValue, UserId, Value, ValueError};

use crate::letter::{Audience, Letter, payload_of};

/// The marker of an event's identifier.
#[derive(Debug)]
pub struct Event;

/// A letter that was committed and has its place in the order.
#[derive(Debug, Clone, Row)]
pub struct Recorded {
    /// Its place: strictly increasing in the order readers see, without a hole.
    pub sequence: i64,
    /// Its identifier: the same on every delivery, so that a consumer can tell a repetition.
    pub id: Id<Event>,
    /// The letter's kind: `announcement.published`.
    pub kind: String,
    /// The identifier of the thing it is about.
    pub subject: String,
    /// The account that acted; none for the system and the anonymous.
    pub actor_id: Option<UserId>,
    /// The actor's name at that moment; empty for the anonymous.
    pub actor_name: String,
    /// The address the request came from. Never sent to readers: it is for the audit.
    pub address: Option<String>,
    /// Who may hear it live.
    pub audience: Audience,
    /// The letter's JSON.
    pub payload: Payload,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Recorded {
    /// The letter, when it is of the kind `L`; `None` when it is of another.
    pub fn letter<L: Letter>(&self) -> Result<Option<L>> {
        if self.kind != L::KIND {
            return Ok(None);
        }
        self.payload.read().map(Some).map_err(|error| error.arg("event", self.id.to_string()))
    }
}

/// JSON kept as it was written: embedded in an answer without being parsed again.
#[derive(Debug, Clone)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// The JSON, to be embedded by a serializer.
    pub fn raw(&self) -> &RawValue {
        &self.0
    }

    /// The JSON's text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value it holds.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        serde_json::from_str(self.as_str()).map_err(Error::internal)
    }
}
impl ToValue for Payload {
    fn to_value(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}
impl FromValue for Payload {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        RawValue::from_string(String::from_value(value)?).map(Self).map_err(|_| ValueError::new("JSON"))
    }
}

/// A letter on its way into the outbox: everything but its place.
#[derive(Row)]
pub(crate) struct Unnumbered {
    pub(crate) id: Id<Event>,
    kind: String,
    subject: String,
    actor_id: Option<UserId>,
    actor_name: String,
    address: Option<String>,
    audience: Audience,
    payload: String,
    created_at: Timestamp,
}

impl Unnumbered {
    pub(crate) fn new<L: Letter>(id: Id<Event>, at: Timestamp, actor: &Actor, letter: &L) -> Result<Self> {
        Ok(Self {
            id,
            kind: L::KIND.to_owned(),
            subject: letter.subject(),
            actor_id: actor.user,
            actor_name: actor.name.to_string(),
            address: actor.address.as_ref().map(IpAddr::to_string),
            audience: letter.audience(),
            payload: payload_of(letter)?,
            created_at: at,
        })
    }
}
