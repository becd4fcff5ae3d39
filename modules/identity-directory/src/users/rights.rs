//! Nobody acts on who may do more than they, nor gives what they do not hold: otherwise a permission to manage
//! accounts would be every permission.

use socle_identity_core::accounts::model::Account;
use socle_identity_core::errors::UNKNOWN_ROLE;
use socle_identity_core::roles::rules::within;
use socle_identity_core::roles::store::{permissions_of, role_exists};
use socle_kit::prelude::*;

use crate::errors::OWN_ACCOUNT;

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

/// Refuses what nobody does to their own account.
pub(crate) fn refuse_own(actor: &Actor, account: &Account) -> Result<()> {
    if actor.is(account.id) { Err(Error::new(OWN_ACCOUNT)) } else { Ok(()) }
}
