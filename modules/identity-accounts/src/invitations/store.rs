//! All the SQL of invitations.

use socle_kit::PORTION;
use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, List, SortColumn, Tx};
use socle_kit::kernel::{Direction, Id, Page, Result, Slice, Timestamp, UserId};

use super::api::InvitationFilter;
use super::model::{Invitation, InvitationStatus};

const TABLE: &str = "identity_invitation";

const SORTS: &[SortColumn] =
    &[SortColumn::new("createdAt", "created_at"), SortColumn::new("expiresAt", "expires_at")];

/// The invitation, for those who may see it: all, or those of one inviter.
pub(crate) fn find(conn: &mut Conn, id: Id<Invitation>, of: Option<UserId>) -> Result<Option<Invitation>> {
    match of {
        Some(inviter) => {
            conn.opt("SELECT * FROM identity_invitation WHERE id = ?1 AND invited_by = ?2", &[&id, &inviter])
        }
        None => conn.find(TABLE, id),
    }
}

pub(crate) fn find_by_token(conn: &mut Conn, hash: &TokenHash) -> Result<Option<Invitation>> {
    conn.opt("SELECT * FROM identity_invitation WHERE token_hash = ?1", &[hash])
}

/// Has the folded address an invitation that is open?
pub(crate) fn is_open(conn: &mut Conn, email: &str, now: Timestamp) -> Result<bool> {
    conn.scalar(
        "SELECT EXISTS (SELECT 1 FROM identity_invitation WHERE email_folded = ?1
            AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?2)",
        &[&email, &now],
    )
}

pub(crate) fn insert(tx: &mut Tx, invitation: &Invitation) -> Result<()> {
    tx.insert(TABLE, invitation)
}

pub(crate) fn update(tx: &mut Tx, invitation: &Invitation) -> Result<()> {
    tx.update(TABLE, invitation)
}

/// The permissions of a role, the administrators' aside.
pub(crate) fn permissions_of(conn: &mut Conn, role: &str) -> Result<Vec<String>> {
    conn.scalars("SELECT permission FROM identity_role_permission WHERE role = ?1", &[&role])
}

/// A page of those that one may see.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &InvitationFilter,
    of: Option<UserId>,
    page: &Page,
    now: Timestamp,
) -> Result<Slice<Invitation>> {
    let list = List::from(TABLE).and_opt("invited_by =", of).search("search_text", filter.search.as_deref());
    let list = match filter.status {
        None => list,
        Some(InvitationStatus::Accepted) => list.and_raw("accepted_at IS NOT NULL", &[]),
        Some(InvitationStatus::Revoked) => list.and_raw("revoked_at IS NOT NULL", &[]),
        Some(InvitationStatus::Open) => {
            list.and_raw("accepted_at IS NULL AND revoked_at IS NULL", &[]).and("expires_at >", now)
        }
        Some(InvitationStatus::Expired) => {
            list.and_raw("accepted_at IS NULL AND revoked_at IS NULL", &[]).and("expires_at <=", now)
        }
    };
    list.order_by("created_at", Direction::Descending).slice(conn, SORTS, page)
}

/// Removes what has been over for long.
pub(crate) fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM identity_invitation WHERE expires_at < ?1", &[&before])
}

/// Some of the invitations that somebody sent or followed, after this identifier.
pub(crate) fn of_person(conn: &mut Conn, user: UserId, after: &str) -> Result<Vec<Invitation>> {
    conn.all(
        "SELECT * FROM identity_invitation
         WHERE (invited_by = ?1 OR accepted_by = ?1) AND id > ?2 ORDER BY id LIMIT ?3",
        &[&user, &after, &PORTION],
    )
}

/// Removes the invitations that somebody sent or followed.
pub(crate) fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_invitation WHERE invited_by = ?1 OR accepted_by = ?1", &[&user])?;
    Ok(())
}
