//! What must hold of roles whatever is changed.

use socle_kit::db::Conn;
use socle_kit::kernel::{Error, Result, UserId};

use super::store::ADMIN;
use crate::accounts::store as accounts;
use crate::errors::LAST_ADMINISTRATOR;

/// Refuses (`LAST_ADMINISTRATOR`, 409) to take from this account what makes it an administrator when it is the last
/// that is active: for a change of role, a deactivation, a removal. To be asked in the transaction of the change, before
/// it is written; an account that is no active administrator may always be changed.
///
/// Two administrators who depose each other at once do not both succeed: on PostgreSQL the transactions are
/// serializable, on SQLite there is one writer.
pub fn ensure_an_administrator_remains(conn: &mut Conn, besides: UserId) -> Result<()> {
    let account = accounts::find(conn, besides)?;
    let is_one = account.is_some_and(|account| account.role == ADMIN && account.is_active);
    if is_one && accounts::other_administrators(conn, Some(besides))? == 0 {
        return Err(Error::new(LAST_ADMINISTRATOR));
    }
    Ok(())
}
