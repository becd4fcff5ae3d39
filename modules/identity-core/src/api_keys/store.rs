//! The SQL of API keys that every wing asks for.

use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::{Id, Result, Timestamp, UserId};

use super::model::ApiKey;

/// How many keys of an account work.
pub fn count_of(conn: &mut Conn, user: UserId) -> Result<i64> {
    conn.scalar("SELECT COUNT(*) FROM identity_api_key WHERE user_id = ?1 AND retired_at IS NULL", &[&user])
}

/// Writes down that a key was used: not a new version of the row.
pub fn note_use(tx: &mut Tx, id: Id<ApiKey>, now: Timestamp, address: &str) -> Result<()> {
    tx.exec(
        "UPDATE identity_api_key SET last_used_at = ?2, last_address = ?3
         WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)",
        &[&id, &now, &address],
    )?;
    Ok(())
}

/// Removes the keys of an account; their identifiers.
pub fn remove_all(tx: &mut Tx, user: UserId) -> Result<Vec<String>> {
    let keys = tx.scalars("SELECT id FROM identity_api_key WHERE user_id = ?1 ORDER BY id", &[&user])?;
    tx.exec("DELETE FROM identity_api_key WHERE user_id = ?1", &[&user])?;
    Ok(keys)
}
