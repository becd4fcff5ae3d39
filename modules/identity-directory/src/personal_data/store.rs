//! The SQL of what identity holds about a person.

use socle_identity_core::accounts::model::Account;
use socle_identity_core::sessions::model::Session;
use socle_kit::PORTION;
use socle_kit::prelude::*;

/// The account, removed or not.
pub(crate) fn find_any(conn: &mut Conn, id: UserId) -> Result<Option<Account>> {
    conn.find("identity_user", id)
}

/// Some of the sessions of an account, after this identifier.
pub(crate) fn sessions(conn: &mut Conn, user: UserId, after: &str) -> Result<Vec<Session>> {
    conn.all(
        "SELECT * FROM identity_session WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        &[&user, &after, &PORTION],
    )
}

/// A permission that was granted to an account.
#[derive(Row)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) permission: String,
    pub(crate) scope: Option<String>,
    pub(crate) granted_by: Option<UserId>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
}

/// Some of the permissions granted to an account, after this identifier.
pub(crate) fn grants(conn: &mut Conn, user: UserId, after: &str) -> Result<Vec<Grant>> {
    conn.all(
        "SELECT id, permission, scope, granted_by, expires_at, created_at FROM identity_user_permission
         WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        &[&user, &after, &PORTION],
    )
}

/// Removes the sessions of an account, and with them their tokens.
pub(crate) fn remove_sessions(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_session WHERE user_id = ?1", &[&user])?;
    Ok(())
}

/// Removes the permissions granted to an account; those it granted to others stand.
pub(crate) fn remove_grants(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_user_permission WHERE user_id = ?1", &[&user])?;
    Ok(())
}

/// Removes the preferences of an account.
pub(crate) fn remove_preferences(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_preference WHERE user_id = ?1", &[&user])?;
    Ok(())
}
