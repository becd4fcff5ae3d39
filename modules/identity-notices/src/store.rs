//! The SQL of known devices.

use socle_kit::db::{Conn, Row, Tx};
use socle_kit::kernel::{Result, Timestamp, UserId};

/// How many devices of an account are remembered; beyond, those not seen for longest are forgotten.
pub(crate) const MOST: i64 = 50;

/// Notes that a device of an account was seen. Is it another than those seen before? The first ever is not.
pub(crate) fn is_new(tx: &mut Tx, user: UserId, device: &str, now: Timestamp) -> Result<bool> {
    let seen = tx.exec(
        "UPDATE identity_known_device SET last_seen_at = ?3 WHERE user_id = ?1 AND device_hash = ?2",
        &[&user, &device, &now],
    )?;
    if seen > 0 {
        return Ok(false);
    }
    let others: i64 = tx.scalar("SELECT COUNT(*) FROM identity_known_device WHERE user_id = ?1", &[&user])?;
    tx.exec(
        "INSERT INTO identity_known_device (user_id, device_hash, first_seen_at, last_seen_at)
         VALUES (?1, ?2, ?3, ?3)",
        &[&user, &device, &now],
    )?;
    if others >= MOST {
        tx.exec(
            "DELETE FROM identity_known_device WHERE user_id = ?1 AND device_hash IN
                (SELECT device_hash FROM identity_known_device WHERE user_id = ?1
                 ORDER BY last_seen_at DESC, device_hash LIMIT 1000 OFFSET ?2)",
            &[&user, &MOST],
        )?;
    }
    Ok(others > 0)
}

/// Forgets devices not seen since `before`; how many.
pub(crate) fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM identity_known_device WHERE last_seen_at < ?1", &[&before])
}

/// When a device was seen.
#[derive(Row)]
pub(crate) struct Seen {
    pub(crate) first_seen_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
}

/// The devices of an account.
pub(crate) fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Seen>> {
    conn.all(
        "SELECT first_seen_at, last_seen_at FROM identity_known_device
         WHERE user_id = ?1 ORDER BY first_seen_at LIMIT ?2",
        &[&user, &MOST],
    )
}

/// Forgets the devices of an account.
pub(crate) fn remove_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_known_device WHERE user_id = ?1", &[&user])?;
    Ok(())
}
