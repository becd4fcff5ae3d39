//! Typed identifiers: UUID version 7 (RFC 9562), so that order of creation is order of key.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Clock, FromValue, Random, ToValue, Value, ValueError};

/// The identifier of a `T`. On the wire and in the database it is the hyphenated lower-case form.
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

/// A text that is not a hyphenated UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a UUID")
    }
}
impl std::error::Error for InvalidId {}

impl<T> Id<T> {
    /// The identifier with these bits.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// The identifier with these 128 bits (fixed identifiers of demo data and tests).
    pub const fn from_u128(bits: u128) -> Self {
        Self::from_uuid(Uuid::from_u128(bits))
    }

    /// The bits.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }

    /// The same bits as the identifier of another type: for tables that share a key.
    pub const fn cast<U>(self) -> Id<U> {
        Id::from_uuid(self.uuid)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.uuid.as_hyphenated(), f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = InvalidId;

    /// Only the 36-character hyphenated form is accepted: one identifier, one spelling.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.len() != 36 {
            return Err(InvalidId);
        }
        Uuid::try_parse(text).map(Self::from_uuid).map_err(|_| InvalidId)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = Uuid::encode_buffer();
        serializer.serialize_str(self.uuid.as_hyphenated().encode_lower(&mut buffer))
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
impl<T> JsonSchema for Id<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "uuid"})
    }
}
impl<T> ToValue for Id<T> {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl<T> FromValue for Id<T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        String::from_value(value)?.parse().map_err(|_| ValueError::new("a UUID"))
    }
}

/// The maker of new identifiers: strictly increasing within a process, so that rows made in the
/// same millisecond keep their order.
#[derive(Clone)]
pub struct Ids {
    clock: Clock,
    random: Random,
    last: Arc<AtomicU64>,
}

impl Ids {
    /// Identifiers whose time comes from `clock` and whose random bits come from `random`.
    pub fn new(clock: Clock, random: Random) -> Self {
        Self { clock, random, last: Arc::new(AtomicU64::new(0)) }
    }

    /// A new identifier.
    ///
    /// The 48-bit millisecond field is followed by 12 bits of sub-millisecond counter (RFC 9562,
    /// section 6.2, method 3) and 62 random bits.
    pub fn next<T>(&self) -> Id<T> {
        let micros = u64::try_from(self.clock.now().micros()).unwrap_or(0);
        let candidate = ((micros / 1000) << 12) | ((micros % 1000) * 4096 / 1000);
        let previous = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(candidate.max(last + 1)))
            .unwrap_or(candidate);
        let stamp = candidate.max(previous + 1);
        let mut tail = [0_u8; 8];
        self.random.fill(&mut tail);
        let high = (u128::from(stamp >> 12) << 80) | (0x7_u128 << 76) | (u128::from(stamp & 0xfff) << 64);
        let low = u128::from((u64::from_be_bytes(tail) & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000);
        Id::from_u128(high | low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    struct Thing;

    #[test]
    fn new_ids_are_version_7_and_strictly_increasing_within_one_instant() {
        let clock = Clock::manual(Timestamp::from_micros(1_700_000_000_123_456));
        let ids = Ids::new(clock, Random::seeded(1));
        let made: Vec<Id<Thing>> = (0..10_000).map(|_| ids.next()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.uuid().get_version_num() == 7));
        assert!(made.iter().all(|id| id.uuid().get_variant() == uuid::Variant::RFC4122));
    }

    #[test]
    fn the_time_of_an_id_is_the_clocks() {
        let clock = Clock::manual(Timestamp::from_micros(1_700_000_000_123_000));
        let id: Id<Thing> = Ids::new(clock, Random::seeded(1)).next();
        assert_eq!((id.uuid().as_u128() >> 80) as u64, 1_700_000_000_123);
    }

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        let text = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
        assert_eq!(text.parse::<Id<Thing>>().unwrap().to_string(), text);
        for bad in ["", "0190a1b2c3d47e5f8a9b0c1d2e3f4a5b", "{0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b}", "zz"] {
            assert!(bad.parse::<Id<Thing>>().is_err(), "{bad}");
        }
    }
}
