//! All that is asked of the database about a caller.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, Row};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Id, Result, Timestamp, UserId};

use socle_identity_core::sessions::model::Session;

/// The account behind a live session, and what it may do.
#[derive(Debug, Clone, Row)]
pub(super) struct Presence {
    pub(super) session_id: Id<Session>,
    pub(super) user_id: UserId,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) department: Option<String>,
    pub(super) language: Option<Language>,
    pub(super) last_seen_at: Timestamp,
    pub(super) proved_at: Timestamp,
    pub(super) ends_at: Timestamp,
    /// Names joined by commas; none when there are none.
    pub(super) permissions: Option<String>,
}

/// One question for everything. A session by cookie is not found by what a token says, nor the other way round.
macro_rules! presence {
    ($found:literal) => {
        concat!(
            "SELECT s.id AS session_id, u.id AS user_id, u.name, u.role, u.department, u.language, s.last_seen_at,
                s.proved_at, s.ends_at,
                (SELECT string_agg(held.permission, ',') FROM (
                    SELECT r.permission FROM identity_role_permission r WHERE r.role = u.role
                    UNION
                    SELECT g.permission FROM identity_user_permission g
                    WHERE g.user_id = u.id AND (g.expires_at IS NULL OR g.expires_at > ?2)
                ) held) AS permissions
             FROM identity_session s JOIN identity_user u ON u.id = s.user_id
             WHERE ",
            $found,
            " AND s.revoked_at IS NULL AND s.expires_at > ?2 AND u.is_active AND u.deleted_at IS NULL"
        )
    };
}

/// Who is behind a session by tokens; none when it or the account is over.
pub(super) fn presence(conn: &mut Conn, session: Id<Session>, now: Timestamp) -> Result<Option<Presence>> {
    conn.opt(presence!("s.id = ?1 AND s.cookie_hash IS NULL"), &[&session, &now])
}

/// Who is behind a session by cookie; none when it or the account is over.
pub(super) fn presence_by_cookie(
    conn: &mut Conn,
    cookie: &TokenHash,
    now: Timestamp,
) -> Result<Option<Presence>> {
    conn.opt(presence!("s.cookie_hash = ?1"), &[cookie, &now])
}
