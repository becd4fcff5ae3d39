//! All the SQL of grants; what an account holds is asked of the core.

use socle_kit::db::{Conn, List, OnConstraint, SortColumn, Tx};
use socle_kit::kernel::{Direction, Error, Id, Page, Result, Slice, Timestamp, UserId};

use super::api::GrantFilter;
use crate::errors::ALREADY_GRANTED;
use socle_identity_core::roles::model::Grant;

const TABLE: &str = "identity_user_permission";
const SORTS: &[SortColumn] =
    &[SortColumn::new("createdAt", "created_at"), SortColumn::new("permission", "permission")];

/// One grant.
pub(crate) fn find(conn: &mut Conn, id: Id<Grant>) -> Result<Option<Grant>> {
    conn.opt("SELECT * FROM identity_user_permission WHERE id = ?1", &[&id])
}

/// A page of the grants that are not over; with a reader, of those alone that the reader holds or gave.
pub(crate) fn page(
    conn: &mut Conn,
    reader: Option<UserId>,
    filter: &GrantFilter,
    page: &Page,
    now: Timestamp,
) -> Result<Slice<Grant>> {
    let mut list = List::from(TABLE)
        .and_raw("(expires_at IS NULL OR expires_at > ?)", &[&now])
        .and_opt("user_id =", filter.user_id)
        .and_opt("granted_by =", filter.granted_by)
        .and_opt("permission =", filter.permission.as_deref());
    if let Some(reader) = reader {
        list = list.and_raw("(user_id = ?1 OR granted_by = ?1)", &[&reader]);
    }
    list.order_by("created_at", Direction::Descending).slice(conn, SORTS, page)
}

/// A new grant; `ALREADY_GRANTED` when the account holds the permission by another.
pub(crate) fn insert(tx: &mut Tx, grant: &Grant) -> Result<()> {
    tx.insert(TABLE, grant)
        .on_unique("identity_user_permission_user_id_permission_key", || Error::new(ALREADY_GRANTED))
}

/// Removes one; was it there?
pub(crate) fn delete(tx: &mut Tx, id: Id<Grant>) -> Result<bool> {
    tx.delete_by_id(TABLE, id)
}

/// What this account has passed on of this permission.
pub(crate) fn passed_on(conn: &mut Conn, grantor: UserId, permission: &str) -> Result<Vec<Grant>> {
    conn.all(
        "SELECT * FROM identity_user_permission WHERE granted_by = ?1 AND permission = ?2 ORDER BY id",
        &[&grantor, &permission],
    )
}

/// Grants that are over, the first of them.
pub(crate) fn over(conn: &mut Conn, now: Timestamp) -> Result<Vec<Grant>> {
    conn.all(
        "SELECT * FROM identity_user_permission WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 500",
        &[&now],
    )
}
