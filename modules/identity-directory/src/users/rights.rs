//! Nobody acts on who may do more than they, nor gives what they do not hold: otherwise a permission to manage
//! accounts would be every permission.

use socle_identity_core::accounts::model::Account;
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::{LAST_ADMINISTRATOR, UNKNOWN_ROLE};
use socle_identity_core::roles::store::{ADMIN, role_exists};
use socle_kit::prelude::*;

use super::store;
use crate::errors::{BEYOND_OWN_RIGHTS, OWN_ACCOUNT};

/// Refuses to act on an account that may do more than the actor.
pub(crate) fn require_over(conn: &mut Conn, actor: &Actor, account: &Account) -> Result<()> {
    if actor.permissions.is_all() {
        return Ok(());
    }
    let held = store::permissions_of_user(conn, account.id, &account.role)?;
    within(actor, &account.role, &held)
}

/// Refuses a role that does not exist, and one that may do more than the actor.
pub(crate) fn require_role(conn: &mut Conn, actor: &Actor, role: &str) -> Result<()> {
    if !role_exists(conn, role)? {
        return Err(Error::invalid_field("role", UNKNOWN_ROLE));
    }
    if actor.permissions.is_all() {
        return Ok(());
    }
    let held = store::permissions_of_role(conn, role)?;
    within(actor, role, &held)
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
