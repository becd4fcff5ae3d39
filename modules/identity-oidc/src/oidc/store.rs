//! All the SQL of accounts of elsewhere.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, OnConstraint, Tx};
use socle_kit::kernel::{Error, Result, Timestamp, UserId};

use super::model::{Link, Ticket};
use crate::errors::OIDC_STATE_INVALID;

/// The link of this account of elsewhere.
pub(super) fn find(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<Link>> {
    conn.opt("SELECT * FROM identity_oidc_link WHERE issuer = ?1 AND subject = ?2", &[&issuer, &subject])
}

/// The links of an account here.
pub(super) fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Link>> {
    conn.all("SELECT * FROM identity_oidc_link WHERE user_id = ?1 ORDER BY created_at, id", &[&user])
}

/// A new link. Who comes twice at the same moment is linked once, and asked to begin again the other time.
pub(super) fn insert(tx: &mut Tx, link: &Link) -> Result<()> {
    tx.insert("identity_oidc_link", link)
        .on_unique("identity_oidc_link_issuer_subject_key", || Error::new(OIDC_STATE_INVALID))
}

/// The link as it is now.
pub(super) fn update(tx: &mut Tx, link: &Link) -> Result<()> {
    tx.update("identity_oidc_link", link)
}

/// Removes the links of an account to this issuer; how many.
pub(super) fn remove(tx: &mut Tx, user: UserId, issuer: &str) -> Result<u64> {
    tx.exec("DELETE FROM identity_oidc_link WHERE user_id = ?1 AND issuer = ?2", &[&user, &issuer])
}

/// Takes what came back; refused when it was taken before.
pub(super) fn take_return(tx: &mut Tx, state: &TokenHash, expires_at: Timestamp) -> Result<()> {
    tx.exec(
        "INSERT INTO identity_oidc_return (state_hash, expires_at) VALUES (?1, ?2)",
        &[state, &expires_at],
    )
    .on_unique("identity_oidc_return_pkey", || Error::new(OIDC_STATE_INVALID))?;
    Ok(())
}

/// A new ticket.
pub(super) fn insert_ticket(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    tx.insert("identity_oidc_ticket", ticket)
}

/// The ticket of this hash.
pub(super) fn find_ticket(conn: &mut Conn, hash: &TokenHash) -> Result<Option<Ticket>> {
    conn.opt("SELECT * FROM identity_oidc_ticket WHERE ticket_hash = ?1", &[hash])
}

/// Takes a ticket; was it still there?
pub(super) fn remove_ticket(tx: &mut Tx, hash: &TokenHash) -> Result<bool> {
    Ok(tx.exec("DELETE FROM identity_oidc_ticket WHERE ticket_hash = ?1", &[hash])? > 0)
}

/// Removes what is over.
pub(super) fn purge(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let returns = tx.exec("DELETE FROM identity_oidc_return WHERE expires_at < ?1", &[&now])?;
    let tickets = tx.exec("DELETE FROM identity_oidc_ticket WHERE expires_at < ?1", &[&now])?;
    Ok(returns + tickets)
}

/// Forgets the links of an account, and the sign-ins that are under way with them.
pub(super) fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_oidc_link WHERE user_id = ?1", &[&user])?;
    tx.exec("DELETE FROM identity_oidc_ticket WHERE user_id = ?1", &[&user])?;
    Ok(())
}
