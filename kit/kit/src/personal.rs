//! What a room holds about a person: handed out on demand, and forgotten on demand.

use std::sync::Arc;

use serde_json::Value;
use socle_db::{Conn, Tx};
use socle_kernel::{Result, Timestamp, UserId};

/// One sort of thing that a room holds about a person: announcements written, sessions, keys.
///
/// A room declares one for each of its tables with an account in it. Secrets and their hashes are not handed out: they
/// are no news to their owner, and a file lies about.
#[derive(Clone, Copy)]
pub struct PersonalData {
    /// Its name in the document that its owner receives, in camel case: `announcements`.
    pub name: &'static str,
    /// A page of it, after the place where the page before ended. Read on a thread that may take its time.
    pub export: fn(&mut Conn, UserId, Option<&str>) -> Result<Portion>,
    /// Forgets it: removes what is the person's alone, and takes the person out of what others need. Within one
    /// transaction for all rooms, which may run again.
    pub erase: fn(&mut Tx<'_>, &Erasure) -> Result<()>,
}

/// How many entries a page holds at most.
pub const PORTION: i64 = 100;

/// A page of what is held.
#[derive(Debug, Clone, Default)]
pub struct Portion {
    /// The entries.
    pub entries: Vec<Value>,
    /// Where the next page begins; none when this was the last.
    pub next: Option<String>,
}

impl Portion {
    /// Of entries that were asked for with a limit of [`PORTION`]; `place` tells where one of them stands.
    pub fn of<T>(rows: Vec<T>, place: impl Fn(&T) -> String, entry: impl Fn(T) -> Value) -> Self {
        let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= PORTION);
        let next = rows.last().filter(|_| is_full).map(place);
        Self { entries: rows.into_iter().map(entry).collect(), next }
    }
}

/// Who is to be forgotten.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// The account.
    pub user: UserId,
    /// What stands where the name stood.
    pub former: String,
    /// When.
    pub now: Timestamp,
}

/// What all rooms hold about a person. Cheap to clone.
#[derive(Clone, Default)]
pub struct Personal(Arc<[PersonalData]>);

impl Personal {
    /// These, in this order.
    pub fn new(data: impl IntoIterator<Item = PersonalData>) -> Self {
        Self(data.into_iter().collect())
    }

    /// Each sort of thing.
    pub fn all(&self) -> &[PersonalData] {
        &self.0
    }

    /// Forgets everything about a person, in this transaction.
    pub fn erase(&self, tx: &mut Tx<'_>, erasure: &Erasure) -> Result<()> {
        self.0.iter().try_for_each(|data| (data.erase)(tx, erasure))
    }
}
