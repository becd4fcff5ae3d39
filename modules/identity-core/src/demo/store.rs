//! The SQL of the demonstration.

use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::Result;

use super::company::ID_RANGE;
use crate::accounts::model::Account;
use crate::accounts::store;

/// Are there accounts of the demonstration that may sign in?
pub fn exist(conn: &mut Conn) -> Result<bool> {
    let [first, end] = ID_RANGE;
    conn.scalar(
        "SELECT EXISTS (SELECT 1 FROM identity_user
         WHERE id >= ?1 AND id < ?2 AND is_active AND deleted_at IS NULL)",
        &[&first, &end],
    )
}

/// The account that stands for this one: itself, or another that has its user name.
pub(super) fn present(conn: &mut Conn, account: &Account) -> Result<Option<Account>> {
    conn.opt(
        "SELECT * FROM identity_user WHERE id = ?1 OR username_folded = ?2 OR email_folded = ?3
         ORDER BY CASE WHEN id = ?1 THEN 0 ELSE 1 END LIMIT 1",
        &[&account.id, &account.username_folded, &account.email_folded],
    )
}

/// Adds the account.
pub(super) fn add(tx: &mut Tx, account: &Account) -> Result<()> {
    store::insert(tx, account)
}
