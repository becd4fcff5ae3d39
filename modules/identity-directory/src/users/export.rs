//! The accounts as a table, part by part.

use futures_util::Stream;
use futures_util::stream::try_unfold;
use socle_identity_core::accounts::model::Account;
use socle_kit::kernel::{MAX_LIMIT, Position};
use socle_kit::prelude::*;

use super::api::UserFilter;
use super::columns::harmless;
use super::service::Users;

const HEADER: [&str; 15] = [
    "id",
    "username",
    "email",
    "name",
    "firstName",
    "lastName",
    "role",
    "department",
    "position",
    "employeeId",
    "phone",
    "language",
    "isActive",
    "emailVerified",
    "createdAt",
];

/// The accounts that pass the filter, by user name: the header first, then a hundred lines at a time, each read when
/// the client has taken those before.
pub(crate) fn table(users: Users, filter: UserFilter) -> impl Stream<Item = Result<String>> + Send + 'static {
    let first = Page { position: Position::After(None), limit: MAX_LIMIT, sort: Vec::new() };
    try_unfold(Some((first, true)), move |place| {
        let (users, filter) = (users.clone(), filter.clone());
        async move {
            let Some((page, is_first)) = place else { return Ok(None) };
            let slice = users.list(filter, page).await?;
            let mut lines = csv::Writer::from_writer(Vec::new());
            if is_first {
                lines.write_record(HEADER).map_err(Error::internal)?;
            }
            for account in &slice.items {
                lines.write_record(cells(account)).map_err(Error::internal)?;
            }
            let bytes = lines.into_inner().map_err(|error| Error::internal(error.to_string()))?;
            let text = String::from_utf8(bytes).map_err(Error::internal)?;
            let next = slice.next_cursor.map(|cursor| {
                (Page { position: Position::After(Some(cursor)), limit: MAX_LIMIT, sort: Vec::new() }, false)
            });
            Ok(Some((text, next)))
        }
    })
}

fn cells(account: &Account) -> [String; 15] {
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    [
        account.id.to_string(),
        harmless(&account.username),
        text(&account.email),
        harmless(&account.name),
        text(&account.first_name),
        text(&account.last_name),
        harmless(&account.role),
        text(&account.department),
        text(&account.position),
        text(&account.employee_id),
        text(&account.phone),
        account.language.map(|language| language.as_str().to_owned()).unwrap_or_default(),
        account.is_active.to_string(),
        account.email_verified_at.is_some().to_string(),
        account.created_at.to_string(),
    ]
}
