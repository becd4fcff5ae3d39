//! All the SQL of requests for a mail.

use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::{Id, Result, Timestamp};

use super::model::{MailRequest, RequestKind};

const TABLE: &str = "identity_mail_request";

pub(crate) fn insert(tx: &mut Tx, request: &MailRequest) -> Result<()> {
    tx.insert(TABLE, request)
}

/// How many of this kind were put down for one address since then.
pub(crate) fn count(conn: &mut Conn, kind: RequestKind, address_hash: &str, since: Timestamp) -> Result<i64> {
    conn.scalar(
        "SELECT COUNT(*) FROM identity_mail_request
         WHERE address_hash = ?1 AND created_at > ?2 AND kind = ?3",
        &[&address_hash, &since, &kind],
    )
}

/// What was asked for, if it is still to be done; from now on it is.
pub(crate) fn take(tx: &mut Tx, id: Id<MailRequest>) -> Result<Option<String>> {
    let sealed: Option<Option<String>> =
        tx.opt_scalar("SELECT sealed FROM identity_mail_request WHERE id = ?1", &[&id])?;
    tx.exec("UPDATE identity_mail_request SET sealed = NULL WHERE id = ?1", &[&id])?;
    Ok(sealed.flatten())
}

/// Those that are still to be done, oldest first.
pub(crate) fn waiting(conn: &mut Conn) -> Result<Vec<Id<MailRequest>>> {
    conn.scalars(
        "SELECT id FROM identity_mail_request WHERE sealed IS NOT NULL ORDER BY created_at, id LIMIT 100",
        &[],
    )
}

/// Removes what is done and no longer counts, and what nobody waits for any more.
pub(crate) fn purge(tx: &mut Tx, counts_since: Timestamp, waits_since: Timestamp) -> Result<u64> {
    tx.exec(
        "DELETE FROM identity_mail_request WHERE created_at < ?1 AND (sealed IS NULL OR created_at < ?2)",
        &[&counts_since, &waits_since],
    )
}
