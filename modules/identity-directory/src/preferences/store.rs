//! The SQL of preferences.

use socle_identity_core::accounts::model::Preference;
use socle_kit::prelude::*;

/// What this account prefers, where anything was ever written.
pub(crate) fn find(conn: &mut Conn, user: UserId) -> Result<Option<Preference>> {
    conn.opt("SELECT * FROM identity_preference WHERE user_id = ?1", &[&user])
}

/// Writes down what an account prefers.
pub(crate) fn save(tx: &mut Tx, preference: &Preference) -> Result<()> {
    tx.exec_one(
        "INSERT INTO identity_preference (user_id, notifications, dark_mode, learning_goal, version)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (user_id) DO UPDATE SET notifications = excluded.notifications,
             dark_mode = excluded.dark_mode, learning_goal = excluded.learning_goal, version = excluded.version",
        &[
            &preference.user_id,
            &preference.notifications,
            &preference.dark_mode,
            &preference.learning_goal,
            &preference.version,
        ],
    )
}
