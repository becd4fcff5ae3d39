//! The first proof that the owner of an account reads at its address.
//!
//! Until then anybody may have made the account, under the address of somebody else: what they added to it would still
//! open it once the owner of the address has taken it over. So it goes.

use socle_kit::contracts::access::ApiKeyRevoked;
use socle_kit::contracts::identity::FactorRemoved;
use socle_kit::db::Tx;
use socle_kit::events::Emit;
use socle_kit::kernel::{Actor, Result, UserId};

use super::store;
use crate::api_keys::store as keys;
use crate::factors::model::Method;
use crate::factors::store as factors;

/// Forgets whatever opens the account besides its password: second factors, passkeys, API keys, accounts of elsewhere.
/// The sessions and the mailed links are for whoever calls.
pub fn forget_unproved(tx: &mut Tx, user: UserId, actor: &Actor) -> Result<()> {
    let confirmed = factors::factors(tx, user)?.into_iter().filter(|factor| factor.confirmed_at.is_some());
    let methods = confirmed.map(|factor| factor.kind.to_string());
    let passkeys = factors::passkeys(tx, user)?.into_iter().map(|_| Method::Passkey.to_string());
    for method in methods.chain(passkeys).collect::<Vec<_>>() {
        tx.emit(actor, FactorRemoved { user, method })?;
    }
    factors::forget(tx, user)?;
    for key in keys::remove_all(tx, user)? {
        tx.emit(actor, ApiKeyRevoked { key, user })?;
    }
    store::forget_links_elsewhere(tx, user)
}
