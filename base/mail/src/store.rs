//! The SQL of the queue.

use socle_db::{Conn, Row, Tx};
use socle_kernel::{Id, Result, Timestamp};

/// A mail that waits to be sent, or was given up.
#[derive(Debug, Clone, Row)]
pub(crate) struct Message {
    pub(crate) id: Id<Message>,
    pub(crate) template: String,
    pub(crate) sealed: String,
    pub(crate) created_at: Timestamp,
    /// When it is tried next. While a node sends it: when another may take it, since the first must have died.
    pub(crate) due_at: Timestamp,
    /// How often a node has taken it. Also tells a node whether it is still the one that has it.
    pub(crate) attempts: i64,
    pub(crate) last_error: Option<String>,
    pub(crate) dead_at: Option<Timestamp>,
}

impl Message {
    /// One that was handed in now.
    pub(crate) fn new(id: Id<Self>, template: String, sealed: String, now: Timestamp) -> Self {
        Self {
            id,
            template,
            sealed,
            created_at: now,
            due_at: now,
            attempts: 0,
            last_error: None,
            dead_at: None,
        }
    }
}

pub(crate) fn insert(tx: &mut Tx, message: &Message) -> Result<()> {
    tx.insert("mail_message", message)
}

/// Notes the key of what is told only once; was it new?
pub(crate) fn note_once(tx: &mut Tx, key: &str, now: Timestamp) -> Result<bool> {
    let noted = tx.exec(
        "INSERT INTO mail_once (key, created_at) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
        &[&key, &now],
    )?;
    Ok(noted > 0)
}

/// The first that wait, oldest first.
pub(crate) fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<Message>> {
    conn.all("SELECT * FROM mail_message WHERE dead_at IS NULL ORDER BY created_at, id LIMIT ?1", &[&limit])
}

/// What is in the queue, those that were given up first.
pub(crate) fn list(conn: &mut Conn, limit: i64) -> Result<Vec<Message>> {
    conn.all(
        "SELECT * FROM mail_message
         ORDER BY CASE WHEN dead_at IS NULL THEN 1 ELSE 0 END, due_at, created_at, id LIMIT ?1",
        &[&limit],
    )
}

/// Takes at most `limit` that are due, until `lease`: nobody else takes them before. Of two nodes that take the same
/// at once, one is turned away by the database and looks again.
pub(crate) fn claim(tx: &mut Tx, now: Timestamp, lease: Timestamp, limit: i64) -> Result<Vec<Message>> {
    tx.all(
        "UPDATE mail_message SET due_at = ?2, attempts = attempts + 1 WHERE id IN
            (SELECT id FROM mail_message WHERE due_at <= ?1 AND dead_at IS NULL
             ORDER BY due_at, id LIMIT ?3)
         RETURNING id, template, sealed, created_at, due_at, attempts, last_error, dead_at",
        &[&now, &lease, &limit],
    )
}

/// It is sent, whoever has it by now.
pub(crate) fn delivered(tx: &mut Tx, id: Id<Message>) -> Result<()> {
    tx.exec("DELETE FROM mail_message WHERE id = ?1", &[&id])?;
    Ok(())
}

/// The attempt failed: the next is due then, unless another node has it by now.
pub(crate) fn failed(tx: &mut Tx, id: Id<Message>, attempt: i64, due: Timestamp, why: &str) -> Result<()> {
    tx.exec(
        "UPDATE mail_message SET due_at = ?3, last_error = ?4
         WHERE id = ?1 AND attempts = ?2 AND dead_at IS NULL",
        &[&id, &attempt, &due, &why],
    )?;
    Ok(())
}

/// It is given up, unless another node has it by now.
pub(crate) fn give_up(tx: &mut Tx, id: Id<Message>, attempt: i64, now: Timestamp, why: &str) -> Result<()> {
    tx.exec(
        "UPDATE mail_message SET dead_at = ?3, due_at = ?4, last_error = ?5
         WHERE id = ?1 AND attempts = ?2 AND dead_at IS NULL",
        &[&id, &attempt, &now, &Timestamp::MAX, &why],
    )?;
    Ok(())
}

/// Makes one due now, with its attempts counted anew.
pub(crate) fn retry(tx: &mut Tx, id: Id<Message>, now: Timestamp) -> Result<u64> {
    tx.exec("UPDATE mail_message SET due_at = ?2, attempts = 0, dead_at = NULL WHERE id = ?1", &[&id, &now])
}

/// Makes all that failed due now, with their attempts counted anew.
pub(crate) fn retry_all(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.exec(
        "UPDATE mail_message SET due_at = ?1, attempts = 0, dead_at = NULL WHERE last_error IS NOT NULL",
        &[&now],
    )
}

/// When the next is due; none when nothing waits.
pub(crate) fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>> {
    conn.scalar("SELECT MIN(due_at) FROM mail_message WHERE dead_at IS NULL", &[])
}

/// How many wait, and how many were given up.
pub(crate) fn counts(conn: &mut Conn) -> Result<(i64, i64)> {
    let waiting = conn.scalar("SELECT COUNT(*) FROM mail_message WHERE dead_at IS NULL", &[])?;
    let dead = conn.scalar("SELECT COUNT(*) FROM mail_message WHERE dead_at IS NOT NULL", &[])?;
    Ok((waiting, dead))
}

/// Removes those given up before `before`, and keys noted before `forgotten`.
pub(crate) fn purge(tx: &mut Tx, before: Timestamp, forgotten: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM mail_once WHERE created_at < ?1", &[&forgotten])?;
    tx.exec("DELETE FROM mail_message WHERE dead_at < ?1", &[&before])
}
