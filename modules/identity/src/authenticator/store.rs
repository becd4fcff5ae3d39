//! All that is asked of the database about a caller.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, Row};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Id, Result, Timestamp, UserId};

use socle_identity_core::api_keys::model::ApiKey;
use socle_identity_core::sessions::model::Session;

/// An account that may be used, and what it holds.
#[derive(Debug, Clone, Row)]
pub(super) struct Person {
    pub(super) user_id: UserId,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) department: Option<String>,
    pub(super) language: Option<Language>,
    /// Names joined by commas, those of a scope as `scoped` writes them; none when there are none.
    pub(super) permissions: Option<String>,
    /// When the first of its grants ends.
    pub(super) grant_ends_at: Option<Timestamp>,
    /// Until when the account may be without a second factor; none when it has one, or was never told to.
    pub(super) factor_due: Option<Timestamp>,
}

/// The account behind a live session.
#[derive(Debug, Clone, Row)]
pub(super) struct Presence {
    #[row(flatten)]
    pub(super) person: Person,
    pub(super) session_id: Id<Session>,
    pub(super) last_seen_at: Timestamp,
    pub(super) proved_at: Timestamp,
    pub(super) ends_at: Timestamp,
}

/// The account behind an API key, and the key.
#[derive(Debug, Clone, Row)]
pub(super) struct KeyPresence {
    #[row(flatten)]
    pub(super) person: Person,
    pub(super) key_id: Id<ApiKey>,
    pub(super) previous_until: Option<Timestamp>,
    pub(super) is_previous: bool,
    pub(super) scopes: Vec<String>,
    pub(super) networks: Vec<String>,
    pub(super) rotated_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

/// One question for everything: the account, what it holds at `?2`, and what the credential says of itself.
macro_rules! presence {
    ($credential:literal, $from:literal) => {
        concat!(
            "SELECT u.id AS user_id, u.name, u.role, u.department, u.language,
                (SELECT string_agg(held.permission, ',') FROM (
                    SELECT r.permission FROM identity_role_permission r WHERE r.role = u.role
                    UNION
                    SELECT CASE WHEN g.scope IS NULL THEN g.permission ELSE g.permission || '@' || g.scope END
                    FROM identity_user_permission g
                    WHERE g.user_id = u.id AND (g.expires_at IS NULL OR g.expires_at > ?2)
                ) held) AS permissions,
                (SELECT MIN(g.expires_at) FROM identity_user_permission g
                    WHERE g.user_id = u.id AND g.expires_at > ?2) AS grant_ends_at,
                (SELECT d.due_at FROM identity_factor_duty d WHERE d.user_id = u.id AND NOT d.met) AS factor_due, ",
            $credential,
            " FROM ",
            $from,
            " AND u.is_active AND u.deleted_at IS NULL"
        )
    };
}

/// Who is behind a session by tokens; none when it or the account is over. A session by cookie is not found by what a
/// token says, nor the other way round.
pub(super) fn presence(conn: &mut Conn, session: Id<Session>, now: Timestamp) -> Result<Option<Presence>> {
    conn.opt(
        presence!(
            "s.id AS session_id, s.last_seen_at, s.proved_at, s.ends_at",
            "identity_session s JOIN identity_user u ON u.id = s.user_id
             WHERE s.id = ?1 AND s.cookie_hash IS NULL AND s.revoked_at IS NULL AND s.expires_at > ?2"
        ),
        &[&session, &now],
    )
}

/// Who is behind a session by cookie; none when it or the account is over.
pub(super) fn presence_by_cookie(
    conn: &mut Conn,
    cookie: &TokenHash,
    now: Timestamp,
) -> Result<Option<Presence>> {
    conn.opt(
        presence!(
            "s.id AS session_id, s.last_seen_at, s.proved_at, s.ends_at",
            "identity_session s JOIN identity_user u ON u.id = s.user_id
             WHERE s.cookie_hash = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2"
        ),
        &[cookie, &now],
    )
}

/// Who is behind an API key, by its hash or by the one before its last rotation; none when the account is over.
pub(super) fn key_presence(conn: &mut Conn, hash: &TokenHash, now: Timestamp) -> Result<Option<KeyPresence>> {
    conn.opt(
        presence!(
            "k.id AS key_id, k.previous_until, k.secret_hash <> ?1 AS is_previous, k.scopes, k.networks,
             k.rotated_at, k.expires_at, k.last_used_at",
            "identity_api_key k JOIN identity_user u ON u.id = k.user_id
             WHERE (k.secret_hash = ?1 OR k.previous_hash = ?1) AND k.retired_at IS NULL"
        ),
        &[&hash, &now],
    )
}
