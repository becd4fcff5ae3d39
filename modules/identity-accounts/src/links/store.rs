//! All the SQL of tokens in mails.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::{Result, Timestamp, UserId};

use super::model::{LinkKind, MailedToken};

const TABLE: &str = "identity_mailed_token";

pub(crate) fn insert(tx: &mut Tx, token: &MailedToken) -> Result<()> {
    tx.insert(TABLE, token)
}

/// The token of this hash, whatever it is worth by now.
pub(crate) fn find(conn: &mut Conn, hash: &TokenHash) -> Result<Option<MailedToken>> {
    conn.opt("SELECT * FROM identity_mailed_token WHERE token_hash = ?1", &[hash])
}

/// Removes the tokens of one kind of an account: one was used.
pub(crate) fn remove(tx: &mut Tx, user: UserId, kind: LinkKind) -> Result<()> {
    tx.exec("DELETE FROM identity_mailed_token WHERE user_id = ?1 AND kind = ?2", &[&user, &kind])?;
    Ok(())
}

/// Removes all tokens of an account.
pub(crate) fn remove_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_mailed_token WHERE user_id = ?1", &[&user])?;
    Ok(())
}

/// The tokens of an account.
pub(crate) fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<MailedToken>> {
    conn.all(
        "SELECT * FROM identity_mailed_token WHERE user_id = ?1 ORDER BY created_at, id LIMIT 100",
        &[&user],
    )
}

/// Removes tokens that are over.
pub(crate) fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM identity_mailed_token WHERE expires_at <= ?1", &[&now])
}
