//! The SQL of the list of accounts; that of single ones stands in the core.

use socle_identity_core::accounts::model::{Account, folded};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::{EMAIL_TAKEN, USERNAME_TAKEN};
use socle_kit::db::{List, SortColumn};
use socle_kit::kernel::Direction;
use socle_kit::prelude::*;

use super::api::UserFilter;
use crate::errors::EMPLOYEE_ID_TAKEN;

/// What the list can be sorted by.
const SORTS: &[SortColumn] = &[
    SortColumn::new("username", "username_folded"),
    SortColumn::new("name", "name"),
    SortColumn::new("role", "role"),
    SortColumn::new("createdAt", "created_at"),
    SortColumn::new("updatedAt", "updated_at"),
];

/// A page of the accounts, but for those removed.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &UserFilter,
    page: &Page,
    now: Timestamp,
) -> Result<Slice<Account>> {
    let mut list = List::from("identity_user")
        .and_raw("deleted_at IS NULL", &[])
        .and_opt("username_folded =", filter.username.as_deref().map(folded))
        .and_opt("email_folded =", filter.email.as_deref().map(folded))
        .and_opt("employee_id =", filter.employee_id.as_deref().map(str::to_owned))
        .and_opt("role =", filter.role.as_deref().map(str::to_lowercase))
        .and_opt("department =", filter.department.as_deref().map(str::to_owned))
        .and_opt("is_active =", filter.is_active)
        .and_opt("created_at >=", filter.created_after)
        .and_opt("created_at <", filter.created_before)
        .search("search_text", filter.search.as_deref())
        .order_by("username_folded", Direction::Ascending);
    list = match filter.locked {
        None => list,
        Some(true) => list.and("locked_until >", now),
        Some(false) => list.and_raw("(locked_until IS NULL OR locked_until <= ?)", &[&now]),
    };
    list = match filter.email_verified {
        None => list,
        Some(true) => list.and_raw("email_verified_at IS NOT NULL", &[]),
        Some(false) => list.and_raw("email_verified_at IS NULL", &[]),
    };
    list.slice(conn, SORTS, page)
}

/// A new account; `EMAIL_TAKEN`, `USERNAME_TAKEN` or `EMPLOYEE_ID_TAKEN` when another has what must be its own.
pub(crate) fn insert(tx: &mut Tx, account: &Account) -> Result<()> {
    accounts::insert(tx, account).on_unique("identity_user_employee_id_key", || Error::new(EMPLOYEE_ID_TAKEN))
}

/// The account as it is now, with the same refusals.
pub(crate) fn update(tx: &mut Tx, account: &Account) -> Result<()> {
    accounts::update(tx, account)
        .on_unique("identity_user_email_folded_key", || Error::new(EMAIL_TAKEN))
        .on_unique("identity_user_username_folded_key", || Error::new(USERNAME_TAKEN))
        .on_unique("identity_user_employee_id_key", || Error::new(EMPLOYEE_ID_TAKEN))
}

/// A text that only one account may have.
#[derive(Row)]
struct Taken {
    text: String,
}

fn texts(rows: Vec<Taken>) -> Vec<String> {
    rows.into_iter().map(|row| row.text).collect()
}

/// Which of these folded user names have an account.
pub(crate) fn taken_usernames(conn: &mut Conn, names: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT username_folded AS text FROM identity_user WHERE username_folded IN";
    conn.by_ids(sql, &[], names).map(texts)
}

/// Which of these folded addresses have an account.
pub(crate) fn taken_emails(conn: &mut Conn, emails: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT email_folded AS text FROM identity_user WHERE email_folded IN";
    conn.by_ids(sql, &[], emails).map(texts)
}

/// Which of these numbers at the company have an account.
pub(crate) fn taken_employee_ids(conn: &mut Conn, numbers: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT employee_id AS text FROM identity_user WHERE employee_id IN";
    conn.by_ids(sql, &[], numbers).map(texts)
}
