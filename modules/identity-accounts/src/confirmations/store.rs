//! All the SQL of registrations that wait.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::{Id, Result, Timestamp};

use super::model::PendingRegistration;

const TABLE: &str = "identity_pending_registration";

pub(crate) fn insert(tx: &mut Tx, pending: &PendingRegistration) -> Result<()> {
    tx.insert(TABLE, pending)
}

pub(crate) fn update(tx: &mut Tx, pending: &PendingRegistration) -> Result<()> {
    tx.update(TABLE, pending)
}

/// This one, if it still waits.
pub(crate) fn find_waiting(
    conn: &mut Conn,
    id: Id<PendingRegistration>,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    conn.opt("SELECT * FROM identity_pending_registration WHERE id = ?1 AND expires_at > ?2", &[&id, &now])
}

/// Those that were made under this folded address and still wait, the last ones first.
pub(crate) fn find_of(
    conn: &mut Conn,
    email: &str,
    most: i64,
    now: Timestamp,
) -> Result<Vec<PendingRegistration>> {
    conn.all(
        "SELECT * FROM identity_pending_registration WHERE email_folded = ?1 AND expires_at > ?2
         ORDER BY created_at DESC, id DESC LIMIT ?3",
        &[&email, &now, &most],
    )
}

/// The one with the token of this hash, if it still waits.
pub(crate) fn find(conn: &mut Conn, hash: &TokenHash, now: Timestamp) -> Result<Option<PendingRegistration>> {
    conn.opt(
        "SELECT * FROM identity_pending_registration WHERE token_hash = ?1 AND expires_at > ?2",
        &[hash, &now],
    )
}

/// Removes all that were made under this folded address: it has an account.
pub(crate) fn remove(tx: &mut Tx, email: &str) -> Result<()> {
    tx.exec("DELETE FROM identity_pending_registration WHERE email_folded = ?1", &[&email])?;
    Ok(())
}

/// Removes those that nobody confirmed in time.
pub(crate) fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM identity_pending_registration WHERE expires_at <= ?1", &[&now])
}
