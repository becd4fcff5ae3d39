//! The outbox's SQL.

use socle_db::{Conn, Row, Tx};
use socle_kernel::{Result, Timestamp, UserId};

use crate::recorded::{Recorded, Unnumbered};

/// The row of `outbox_position` that holds the last number given on PostgreSQL; no listener is called that.
const SEQUENCER: &str = "#sequencer";

pub(crate) fn insert(tx: &mut Tx, event: &Unnumbered) -> Result<()> {
    tx.insert("outbox_event", event)
}

/// The events after `sequence`, in order.
pub(crate) fn after(conn: &mut Conn, sequence: i64, limit: i64) -> Result<Vec<Recorded>> {
    conn.all(
        "SELECT sequence, id, kind, subject, actor_id, actor_name, address, audience, payload, created_at
         FROM outbox_event WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
        &[&sequence, &limit],
    )
}

/// The events that an account caused, after `sequence`, in order: all of them are looked through.
pub(crate) fn by(conn: &mut Conn, actor: UserId, sequence: i64, limit: i64) -> Result<Vec<Recorded>> {
    conn.all(
        "SELECT sequence, id, kind, subject, actor_id, actor_name, address, audience, payload, created_at
         FROM outbox_event WHERE sequence > ?1 AND actor_id = ?2 ORDER BY sequence LIMIT ?3",
        &[&sequence, &actor, &limit],
    )
}

/// The last place taken; 0 when there is none.
pub(crate) fn latest(conn: &mut Conn) -> Result<i64> {
    conn.scalar("SELECT COALESCE(MAX(sequence), 0) FROM outbox_event WHERE sequence IS NOT NULL", &[])
}

/// How far a listener has come; 0 for one that never ran.
pub(crate) fn position(conn: &mut Conn, name: &str) -> Result<i64> {
    conn.scalar("SELECT COALESCE(MAX(sequence), 0) FROM outbox_position WHERE name = ?1", &[&name])
}

/// Remembers how far a listener has come. Never backwards: a node that lost the lead while it worked must not
/// undo what its successor did.
pub(crate) fn save_position(tx: &mut Tx, name: &str, sequence: i64) -> Result<()> {
    tx.exec(
        "INSERT INTO outbox_position (name, sequence) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence
         WHERE outbox_position.sequence < excluded.sequence",
        &[&name, &sequence],
    )?;
    Ok(())
}

/// Are there committed events without a number? (PostgreSQL)
pub(crate) fn are_waiting(conn: &mut Conn) -> Result<bool> {
    conn.scalar("SELECT EXISTS (SELECT 1 FROM outbox_event WHERE sequence IS NULL)", &[])
}

/// Gives the next numbers to at most `limit` committed events, oldest identifier first; how many. (PostgreSQL)
///
/// The lock on the row of the last number is what makes numbering one at a time: a second sequencer waits for
/// it and then sees what the first one did, since in READ COMMITTED each statement looks afresh. Under the
/// default isolation it would be turned away instead, and would entangle writers in its conflicts.
pub(crate) fn number(tx: &mut Tx, limit: i64) -> Result<u64> {
    tx.exec("SET TRANSACTION ISOLATION LEVEL READ COMMITTED", &[])?;
    let last: i64 = match lock_last(tx)? {
        Some(last) => last,
        None => {
            tx.exec(
                "INSERT INTO outbox_position (name, sequence)
                 SELECT CAST(?1 AS TEXT), COALESCE(MAX(sequence), 0) FROM outbox_event WHERE sequence IS NOT NULL
                 ON CONFLICT (name) DO NOTHING",
                &[&SEQUENCER],
            )?;
            lock_last(tx)?.unwrap_or(0)
        }
    };
    let numbered = tx.exec(
        "WITH waiting AS (
             SELECT id, row_number() OVER (ORDER BY id) AS place
             FROM (SELECT id FROM outbox_event WHERE sequence IS NULL ORDER BY id LIMIT ?2) AS oldest
         )
         UPDATE outbox_event SET sequence = CAST(?1 AS BIGINT) + waiting.place
         FROM waiting WHERE outbox_event.id = waiting.id AND outbox_event.sequence IS NULL",
        &[&last, &limit],
    )?;
    if numbered > 0 {
        let next = last.saturating_add_unsigned(numbered);
        tx.exec("UPDATE outbox_position SET sequence = ?2 WHERE name = ?1", &[&SEQUENCER, &next])?;
    }
    Ok(numbered)
}

fn lock_last(tx: &mut Tx) -> Result<Option<i64>> {
    tx.opt_scalar("SELECT sequence FROM outbox_position WHERE name = ?1 FOR UPDATE", &[&SEQUENCER])
}

/// When the last event was written.
pub(crate) fn latest_time(conn: &mut Conn) -> Result<Option<Timestamp>> {
    conn.scalar("SELECT MAX(created_at) FROM outbox_event", &[])
}

/// Takes the name and the addresses of an account out of the events it caused, after the first place up to the last.
pub(crate) fn forget_actor(
    tx: &mut Tx,
    user: UserId,
    (after, last): (i64, i64),
    former: &str,
) -> Result<u64> {
    tx.exec(
        "UPDATE outbox_event SET actor_name = ?4, address = NULL
         WHERE sequence > ?1 AND sequence <= ?2 AND actor_id = ?3 AND (actor_name <> ?4 OR address IS NOT NULL)",
        &[&after, &last, &user, &former],
    )
}

/// An event in which an account is mentioned.
#[derive(Row)]
pub(crate) struct Mention {
    pub(crate) sequence: i64,
    pub(crate) payload: String,
}

/// The events that mention an account, after the first place up to the last.
pub(crate) fn mentions(conn: &mut Conn, user: UserId, (after, last): (i64, i64)) -> Result<Vec<Mention>> {
    conn.all(
        "SELECT sequence, payload FROM outbox_event
         WHERE sequence > ?1 AND sequence <= ?2 AND strpos(payload, ?3) > 0",
        &[&after, &last, &user],
    )
}

/// Replaces what an event says.
pub(crate) fn rewrite(tx: &mut Tx, sequence: i64, payload: &str) -> Result<()> {
    tx.exec_one("UPDATE outbox_event SET payload = ?2 WHERE sequence = ?1", &[&sequence, &payload])
}
