//! What must hold of roles whatever is changed.

use socle_kit::db::Conn;
use socle_kit::kernel::{Actor, Error, Result, Timestamp, UserId};

use super::store::{ADMIN, holding};
use crate::accounts::store as accounts;
use crate::errors::{BEYOND_OWN_RIGHTS, LAST_ADMINISTRATOR};

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

/// Refuses (`BEYOND_OWN_RIGHTS`, 403) to act on an account that may do more than the actor. One that is switched off is
/// taken for what it may do when it is switched on again; one that does not exist is over nobody.
pub fn require_over(conn: &mut Conn, actor: &Actor, user: UserId, now: Timestamp) -> Result<()> {
    if actor.permissions.is_all() || actor.is(user) {
        return Ok(());
    }
    let Some(holding) = holding(conn, user)? else { return Ok(()) };
    within(actor, &holding.role, &holding.bundle)?;
    let mut grants = holding.grants.into_iter().filter(|grant| grant.holds_at(now));
    let exceeds = |permission: &str, scope: Option<&str>| match scope {
        Some(scope) => !actor.permissions.holds_within(permission, scope),
        None => !actor.permissions.holds_name(permission),
    };
    if grants.any(|grant| exceeds(&grant.permission, grant.scope.as_deref())) {
        return Err(Error::new(BEYOND_OWN_RIGHTS));
    }
    Ok(())
}

/// Refuses a role, with what it and its holder hold, that may do more than the actor.
pub fn within(actor: &Actor, role: &str, held: &[String]) -> Result<()> {
    let exceeds = role == ADMIN || held.iter().any(|name| !actor.permissions.holds_name(name));
    if exceeds { Err(Error::new(BEYOND_OWN_RIGHTS)) } else { Ok(()) }
}
