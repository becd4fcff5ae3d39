//! All that is asked of the database about a caller.

use socle_kit::db::{Conn, Row};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Id, Result, Timestamp, UserId};

use socle_identity_core::sessions::model::Session;

/// The account behind a live session, and what it may do.
#[derive(Debug, Clone, Row)]
pub(super) struct Presence {
    pub(super) user_id: UserId,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) department: Option<String>,
    pub(super) language: Option<Language>,
    pub(super) last_seen_at: Timestamp,
    pub(super) proved_at: Timestamp,
    /// Names joined by commas; none when there are none.
    pub(super) permissions: Option<String>,
}

/// One question for everything; none when the session or the account is over.
pub(super) fn presence(conn: &mut Conn, session: Id<Session>, now: Timestamp) -> Result<Option<Presence>> {
    conn.opt(
        "SELECT u.id AS user_id, u.name, u.role, u.department, u.language, s.last_seen_at, s.proved_at,
            (SELECT string_agg(held.permission, ',') FROM (
                SELECT r.permission FROM identity_role_permission r WHERE r.role = u.role
                UNION
                SELECT g.permission FROM identity_user_permission g
                WHERE g.user_id = u.id AND (g.expires_at IS NULL OR g.expires_at > ?2)
            ) held) AS permissions
         FROM identity_session s JOIN identity_user u ON u.id = s.user_id
         WHERE s.id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND u.is_active AND u.deleted_at IS NULL",
        &[&session, &now],
    )
}
