//! The queue as an operator sees it.

use socle_db::{Conn, Tx};
use socle_kernel::{Id, Result, Timestamp};

use crate::store::{self, Message};

/// A mail of the queue as an operator sees it: without its receiver and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its identifier, which is also in its `Message-ID`.
    pub id: String,
    /// Which sentences it is made of.
    pub template: String,
    /// When it was handed in.
    pub created_at: Timestamp,
    /// When it is tried next; for one that was given up, none.
    pub due_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

impl Queued {
    /// The first of the queue, at most `limit`: those that were given up, then the others in the order of their turns.
    pub fn first(conn: &mut Conn, limit: i64) -> Result<Vec<Self>> {
        Ok(store::list(conn, limit)?.into_iter().map(Self::of).collect())
    }

    /// How many were given up.
    pub fn given_up(conn: &mut Conn) -> Result<i64> {
        Ok(store::counts(conn)?.1)
    }

    /// Makes the mail of this identifier due at once, with its attempts counted anew: one that waits for its turn or
    /// was given up. Is there one?
    pub fn retry(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool> {
        let Ok(id) = id.parse::<Id<Message>>() else { return Ok(false) };
        Ok(store::retry(tx, id, now)? > 0)
    }

    /// The same for every mail that failed before; how many.
    pub fn retry_all(tx: &mut Tx, now: Timestamp) -> Result<u64> {
        store::retry_all(tx, now)
    }

    fn of(message: Message) -> Self {
        Self {
            id: message.id.to_string(),
            template: message.template,
            created_at: message.created_at,
            due_at: message.dead_at.is_none().then_some(message.due_at),
            attempts: message.attempts,
            last_error: message.last_error,
            dead_at: message.dead_at,
        }
    }
}
