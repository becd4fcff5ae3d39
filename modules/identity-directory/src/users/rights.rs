//! Nobody acts on who may do more than they, nor gives what they do not hold: otherwise a permission to manage
//! accounts would be every permission.

use socle_identity_core::accounts::model::Account;
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::{LAST_ADMINISTRATOR, UNKNOWN_ROLE};
use socle_identity_core::roles::store::{ADMIN, grants_of, permissions_of, role_exists};
use socle_kit::prelude::*;

use crate::errors::{BEYOND_OWN_RIGHTS, OWN_ACCOUNT};

/// Refuses to act on an account that may do more than the actor, were it switched on again.
pub(crate) fn require_over(conn: &mut Conn, actor: &Actor, account: &Account, now: Timestamp) -> Result<()> {
    if actor.permissions.is_all() {
        return Ok(());
    }
    within(actor, &account.role, &permissions_of(conn, &account.role)?)?;
    let mut grants = grants_of(conn, account.id)?.into_iter().filter(|grant| grant.holds_at(now));
    let exceeds = |permission: &str, scope: Option<&str>| match scope {
        Some(scope) => !actor.permissions.holds_within(permission, scope),
        None => !actor.permissions.holds_name(permission),
    };
    if grants.any(|grant| exceeds(&grant.permission, grant.scope.as_deref())) {
        return Err(Error::new(BEYOND_OWN_RIGHTS));
    }
    Ok(())
}

/// Refuses a role that does not exist, and one that may do more than the actor.
pub(crate) fn require_role(conn: &mut Conn, actor: &Actor, role: &str) -> Result<()> {
    if !role_exists(conn, role)? {
        return Err(Error::invalid_field("role", UNKNOWN_ROLE));
    }
    if actor.permissions.is_all() {
        return Ok(());
    }
    within(actor, role, &permissions_of(conn, role)?)
}

fn within(actor: &Actor, role: &str, held: &[String]) -> Result<()> {
    let exceeds = role == ADMIN || held.iter().any(|name| !actor.permissions.holds_name(name));
    if exceeds { Err(Error::new(BEYOND_OWN_RIGHTS)) } else { Ok(()) }
}

/// Refuses what nobody does to their own account.
pub(crate) fn refuse_own(actor: &Actor, account: &Account) -> Result<()> {
    if actor.is(account.id) { Err(Error::new(OWN_ACCOUNT)) } else { Ok(()) }
}

/// Refuses to take the last administrator away.
pub(crate) fn keep_an_administrator(conn: &mut Conn, account: &Account) -> Result<()> {
    let is_one = account.role == ADMIN && account.is_active && account.deleted_at.is_none();
    if is_one && accounts::other_administrators(conn, Some(account.id))? == 0 {
        return Err(Error::new(LAST_ADMINISTRATOR));
    }
    Ok(())
}
