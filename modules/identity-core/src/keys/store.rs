//! All the SQL of signing keys.

use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::{Id, Result, Timestamp};

use super::model::SigningKey;

/// Every key, the newest first.
pub fn all(conn: &mut Conn) -> Result<Vec<SigningKey>> {
    conn.all("SELECT * FROM identity_signing_key ORDER BY signs_from DESC, id DESC", &[])
}

/// A new key.
pub fn insert(tx: &mut Tx, key: &SigningKey) -> Result<()> {
    tx.insert("identity_signing_key", key)
}

/// The key as it is now.
pub fn update(tx: &mut Tx, key: &SigningKey) -> Result<()> {
    tx.update("identity_signing_key", key)
}

/// Removes every key but this one.
pub fn remove_others(tx: &mut Tx, kept: Id<SigningKey>) -> Result<()> {
    tx.exec("DELETE FROM identity_signing_key WHERE id <> ?1", &[&kept])?;
    Ok(())
}

/// Removes the keys whose tokens are over.
pub fn remove_over(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM identity_signing_key WHERE verifies_until <= ?1", &[&now])
}
