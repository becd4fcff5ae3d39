//! One key takes the place of another.

use std::time::Duration;

use socle_kit::contracts::identity::SigningKeyRotated;
use socle_kit::db::Tx;
use socle_kit::events::Emit;
use socle_kit::kernel::{Actor, Id, Result, Timestamp};

use super::model::{ANNOUNCED, SigningKey};
use super::store;

/// The new key is announced; the others sign until it does, and are believed until their tokens are over.
pub fn announce(tx: &mut Tx, key: &SigningKey, replaced: &[Id<SigningKey>], life: Duration) -> Result<()> {
    for mut old in store::all(tx)? {
        if replaced.contains(&old.id) {
            old.give_way(key.signs_from, life);
            store::update(tx, &old)?;
        }
    }
    store::insert(tx, key)?;
    tell(tx, key, false)
}

/// The new key signs at once and the others are gone, and with them every token they signed: for a key that others
/// may have.
pub fn replace_at_once(tx: &mut Tx, key: &SigningKey) -> Result<()> {
    store::insert(tx, key)?;
    store::remove_others(tx, key.id)?;
    tell(tx, key, true)
}

/// When a key made now begins to sign: at once if it is the first.
pub fn begins(now: Timestamp, is_first: bool) -> Timestamp {
    if is_first { now } else { now.plus(ANNOUNCED) }
}

fn tell(tx: &mut Tx, key: &SigningKey, at_once: bool) -> Result<()> {
    tx.emit(&Actor::system(), SigningKeyRotated { key: key.id.to_string(), at_once })
}
