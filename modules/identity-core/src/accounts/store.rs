//! All the SQL of accounts.

use socle_kit::db::{Conn, List, OnConstraint, SortColumn, Tx};
use socle_kit::kernel::{Direction, Error, Page, Result, Slice, UserId};

use super::model::{Account, Preference, PreferenceDefaults};
use crate::errors::{EMAIL_TAKEN, USERNAME_TAKEN};

/// The account, unless it was removed.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<Account>> {
    conn.opt("SELECT * FROM identity_user WHERE id = ?1 AND deleted_at IS NULL", &[&id])
}

/// The account with this folded user name or address: a name never holds an `@`, an address always does.
pub fn find_by_identifier(conn: &mut Conn, folded: &str) -> Result<Option<Account>> {
    if folded.contains('@') {
        conn.opt("SELECT * FROM identity_user WHERE email_folded = ?1 AND deleted_at IS NULL", &[&folded])
    } else {
        conn.opt("SELECT * FROM identity_user WHERE username_folded = ?1 AND deleted_at IS NULL", &[&folded])
    }
}

/// Is the folded address another account's?
pub fn email_is_taken(conn: &mut Conn, folded: &str) -> Result<bool> {
    conn.scalar("SELECT EXISTS (SELECT 1 FROM identity_user WHERE email_folded = ?1)", &[&folded])
}

/// Is the folded user name another account's?
pub fn username_is_taken(conn: &mut Conn, folded: &str) -> Result<bool> {
    conn.scalar("SELECT EXISTS (SELECT 1 FROM identity_user WHERE username_folded = ?1)", &[&folded])
}

/// A new account and its preferences; `EMAIL_TAKEN` or `USERNAME_TAKEN` when another has its names.
pub fn insert(tx: &mut Tx, account: &Account) -> Result<()> {
    tx.insert("identity_user", account)
        .on_unique("identity_user_email_folded_key", || Error::new(EMAIL_TAKEN))
        .on_unique("identity_user_username_folded_key", || Error::new(USERNAME_TAKEN))?;
    let defaults = tx.attachment::<PreferenceDefaults>();
    let beginning = defaults.map(|defaults| Preference::beginning_with(account.id, &defaults));
    tx.insert("identity_preference", &beginning.unwrap_or_else(|| Preference::beginning(account.id)))
}

/// The account as it is now.
pub fn update(tx: &mut Tx, account: &Account) -> Result<()> {
    tx.update("identity_user", account)
}

/// The same password under a stronger hash: not a new version of the account.
pub fn rehash(tx: &mut Tx, id: UserId, hash: &str) -> Result<()> {
    tx.exec("UPDATE identity_user SET password_hash = ?2 WHERE id = ?1", &[&id, &hash])?;
    Ok(())
}

/// How many active administrators there are besides this account.
pub fn other_administrators(conn: &mut Conn, besides: Option<UserId>) -> Result<i64> {
    let besides = besides.map(|id| id.to_string()).unwrap_or_default();
    conn.scalar(
        "SELECT COUNT(*) FROM identity_user
         WHERE role = 'admin' AND is_active AND deleted_at IS NULL AND id <> ?1",
        &[&besides],
    )
}

/// Forgets the accounts of elsewhere that open this one, and the sign-ins that are under way with them.
pub fn forget_links_elsewhere(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_oidc_link WHERE user_id = ?1", &[&user])?;
    tx.exec("DELETE FROM identity_oidc_ticket WHERE user_id = ?1", &[&user])?;
    Ok(())
}

const SORTS: &[SortColumn] = &[
    SortColumn::new("username", "username_folded"),
    SortColumn::new("name", "name"),
    SortColumn::new("createdAt", "created_at"),
];

/// A page of the accounts whose names, address, department or position hold the words.
pub fn page(conn: &mut Conn, search: Option<&str>, page: &Page) -> Result<Slice<Account>> {
    let list = List::from("identity_user").and_raw("deleted_at IS NULL", &[]).search("search_text", search);
    list.order_by("username_folded", Direction::Ascending).slice(conn, SORTS, page)
}
