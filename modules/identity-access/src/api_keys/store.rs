//! The SQL of looking after API keys.

use socle_kit::PORTION;
use socle_kit::db::{Conn, List, Row, SortColumn, Tx};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Direction, Id, Page, Result, Slice, Timestamp, UserId};

use socle_identity_core::api_keys::model::ApiKey;

const TABLE: &str = "identity_api_key";
const SORTS: &[SortColumn] = &[SortColumn::new("createdAt", "created_at"), SortColumn::new("name", "name")];

/// One key.
pub(crate) fn find(conn: &mut Conn, id: Id<ApiKey>) -> Result<Option<ApiKey>> {
    conn.opt("SELECT * FROM identity_api_key WHERE id = ?1", &[&id])
}

/// A page of keys, of one account or of all.
pub(crate) fn page(conn: &mut Conn, user: Option<UserId>, page: &Page) -> Result<Slice<ApiKey>> {
    let list = List::from(TABLE).and_opt("user_id =", user);
    list.order_by("created_at", Direction::Descending).slice(conn, SORTS, page)
}

/// A new key.
pub(crate) fn insert(tx: &mut Tx, key: &ApiKey) -> Result<()> {
    tx.insert(TABLE, key)
}

/// The key as it is now.
pub(crate) fn update(tx: &mut Tx, key: &ApiKey) -> Result<()> {
    tx.update(TABLE, key)
}

/// Removes a key.
pub(crate) fn delete(tx: &mut Tx, id: Id<ApiKey>) -> Result<()> {
    tx.delete_by_id(TABLE, id)?;
    Ok(())
}

/// Keys that end before one of these moments and whose owner was not told: `made` is when a secret was made that is too
/// old at the end of the notice.
pub(crate) fn ending(conn: &mut Conn, end: Timestamp, made: Timestamp) -> Result<Vec<ApiKey>> {
    conn.all(
        "SELECT * FROM identity_api_key
         WHERE warned_at IS NULL AND retired_at IS NULL AND (expires_at <= ?1 OR rotated_at <= ?2)
         ORDER BY rotated_at LIMIT 200",
        &[&end, &made],
    )
}

/// Keys that have ended, and of which nobody was told.
pub(crate) fn ended(conn: &mut Conn, now: Timestamp, made: Timestamp) -> Result<Vec<ApiKey>> {
    conn.all(
        "SELECT * FROM identity_api_key
         WHERE retired_at IS NULL AND (expires_at <= ?1 OR rotated_at <= ?2)
         ORDER BY rotated_at LIMIT 200",
        &[&now, &made],
    )
}

/// Forgets keys that ended before this.
pub(crate) fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM identity_api_key WHERE retired_at < ?1", &[&before])
}

/// Are there keys to be forgotten?
pub(crate) fn is_any_forgotten(conn: &mut Conn, before: Timestamp) -> Result<bool> {
    conn.scalar("SELECT EXISTS (SELECT 1 FROM identity_api_key WHERE retired_at < ?1)", &[&before])
}

/// To whom a mail about a key is written.
#[derive(Debug, Clone, Row)]
pub(crate) struct Addressee {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) language: Option<Language>,
}

/// The owner of keys, where mail reaches one.
pub(crate) fn addressee(conn: &mut Conn, user: UserId) -> Result<Option<Addressee>> {
    conn.opt(
        "SELECT email, name, language FROM identity_user
         WHERE id = ?1 AND email IS NOT NULL AND is_active AND deleted_at IS NULL",
        &[&user],
    )
}

/// Some of the keys of an account, after this identifier.
pub(crate) fn of_person(conn: &mut Conn, user: UserId, after: &str) -> Result<Vec<ApiKey>> {
    conn.all(
        "SELECT * FROM identity_api_key WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        &[&user, &after, &PORTION],
    )
}

/// Removes the keys of an account.
pub(crate) fn remove_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_api_key WHERE user_id = ?1", &[&user])?;
    Ok(())
}
