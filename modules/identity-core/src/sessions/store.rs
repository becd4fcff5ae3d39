//! All the SQL of sessions.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, List, SortColumn, Tx};
use socle_kit::kernel::{Direction, Id, Page, Result, Slice, Timestamp, UserId};

use super::model::{RefreshToken, Session, SignInFailure};
use crate::factors::model::ChallengeKind;

/// Of how many accounts and names refusals are remembered at most; beyond, the oldest are forgotten.
pub const MOST_FAILURES: i64 = 100_000;

/// The session, over or not.
pub fn find(conn: &mut Conn, id: Id<Session>) -> Result<Option<Session>> {
    conn.opt("SELECT * FROM identity_session WHERE id = ?1", &[&id])
}

/// A new session.
pub fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    tx.insert("identity_session", session)
}

/// The session as it is now.
pub fn update(tx: &mut Tx, session: &Session) -> Result<()> {
    tx.update("identity_session", session)
}

/// Ends a session; was it still open?
pub fn revoke(tx: &mut Tx, id: Id<Session>, now: Timestamp) -> Result<bool> {
    let revoked = tx.exec(
        "UPDATE identity_session SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        &[&id, &now],
    )?;
    Ok(revoked > 0)
}

/// Ends the sessions of an account, but for the one to be kept; how many. Sign-ins that wait for a second factor end
/// too.
pub fn revoke_all(tx: &mut Tx, user: UserId, keep: Option<Id<Session>>, now: Timestamp) -> Result<u64> {
    tx.exec(
        "DELETE FROM identity_challenge WHERE user_id = ?1 AND kind = ?2",
        &[&user, &ChallengeKind::SignIn],
    )?;
    let keep = keep.map(|id| id.to_string()).unwrap_or_default();
    tx.exec(
        "UPDATE identity_session SET revoked_at = ?3 WHERE user_id = ?1 AND id <> ?2 AND revoked_at IS NULL",
        &[&user, &keep, &now],
    )
}

/// Notes that a session is in use.
pub fn touch(tx: &mut Tx, id: Id<Session>, now: Timestamp) -> Result<()> {
    tx.exec(
        "UPDATE identity_session SET last_seen_at = ?2 WHERE id = ?1 AND last_seen_at < ?2",
        &[&id, &now],
    )?;
    Ok(())
}

/// Notes that a session by cookie is in use, and lives on by it.
pub fn prolong(tx: &mut Tx, id: Id<Session>, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    tx.exec(
        "UPDATE identity_session SET last_seen_at = ?2, expires_at = ?3
         WHERE id = ?1 AND last_seen_at < ?2 AND expires_at > ?2",
        &[&id, &now, &expires_at],
    )?;
    Ok(())
}

const SORTS: &[SortColumn] =
    &[SortColumn::new("lastSeenAt", "last_seen_at"), SortColumn::new("createdAt", "created_at")];

/// A page of the sessions of an account that stand, the last used first.
pub fn page(conn: &mut Conn, user: UserId, now: Timestamp, page: &Page) -> Result<Slice<Session>> {
    List::from("identity_session")
        .and("user_id =", user)
        .and_raw("revoked_at IS NULL", &[])
        .and("expires_at >", now)
        .order_by("last_seen_at", Direction::Descending)
        .slice(conn, SORTS, page)
}

/// Notes that the owner of a session has proved who they are.
pub fn prove(tx: &mut Tx, id: Id<Session>, now: Timestamp) -> Result<()> {
    tx.exec_one("UPDATE identity_session SET proved_at = ?2 WHERE id = ?1", &[&id, &now])
}

/// The token of this hash, used or not.
pub fn find_token(conn: &mut Conn, hash: &TokenHash) -> Result<Option<RefreshToken>> {
    conn.opt("SELECT * FROM identity_refresh_token WHERE token_hash = ?1", &[hash])
}

/// The token of this identifier.
pub fn token_by_id(conn: &mut Conn, id: Id<RefreshToken>) -> Result<Option<RefreshToken>> {
    conn.opt("SELECT * FROM identity_refresh_token WHERE id = ?1", &[&id])
}

/// A new token.
pub fn insert_token(tx: &mut Tx, token: &RefreshToken) -> Result<()> {
    tx.insert("identity_refresh_token", token)
}

/// The token as it is now.
pub fn update_token(tx: &mut Tx, token: &RefreshToken) -> Result<()> {
    tx.update("identity_refresh_token", token)
}

/// What is counted under this hash.
pub fn find_failure(conn: &mut Conn, identifier_hash: &str) -> Result<Option<SignInFailure>> {
    conn.opt("SELECT * FROM identity_sign_in_failure WHERE identifier_hash = ?1", &[&identifier_hash])
}

/// Writes down what is counted.
pub fn save_failure(tx: &mut Tx, failure: &SignInFailure) -> Result<()> {
    tx.exec(
        "INSERT INTO identity_sign_in_failure
             (identifier_hash, attempts, window_started, locked_until, pending, pending_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (identifier_hash) DO UPDATE SET attempts = excluded.attempts,
             window_started = excluded.window_started, locked_until = excluded.locked_until,
             pending = excluded.pending, pending_until = excluded.pending_until",
        &[
            &failure.identifier_hash,
            &failure.attempts,
            &failure.window_started,
            &failure.locked_until,
            &failure.pending,
            &failure.pending_until,
        ],
    )?;
    Ok(())
}

/// Forgets what is counted under this hash.
pub fn forget_failure(tx: &mut Tx, identifier_hash: &str) -> Result<()> {
    tx.exec("DELETE FROM identity_sign_in_failure WHERE identifier_hash = ?1", &[&identifier_hash])?;
    Ok(())
}

/// The account's own record of refusals, for administrators (R2-55). Not a new version of the account.
pub fn record_attempts(
    tx: &mut Tx,
    user: UserId,
    attempts: i64,
    locked_until: Option<Timestamp>,
) -> Result<()> {
    tx.exec(
        "UPDATE identity_user SET failed_attempts = ?2, locked_until = ?3 WHERE id = ?1",
        &[&user, &attempts, &locked_until],
    )?;
    Ok(())
}

/// As many statements as [`record_attempts`] and so many letters are, without effect: on a database elsewhere each is a
/// way there and back, and a refusal would tell by its time whether there is an account.
pub fn record_nothing(tx: &mut Tx, letters: usize) -> Result<()> {
    (0..=letters).try_for_each(|_| tx.scalar::<i64>("SELECT CAST(1 AS BIGINT)", &[]).map(drop))
}

/// How many sessions are removed at once: more would hold others up.
pub const PURGED_AT_ONCE: u64 = 1000;

/// Removes sessions that ended before `before` (their tokens go with them), at most [`PURGED_AT_ONCE`], and refusals that
/// no longer count: those of a window begun before `window`, and the oldest beyond [`MOST_FAILURES`].
pub fn purge(tx: &mut Tx, before: Timestamp, window: Timestamp, now: Timestamp) -> Result<u64> {
    let sessions = tx.exec(
        "DELETE FROM identity_session WHERE id IN
            (SELECT id FROM identity_session WHERE expires_at < ?1 ORDER BY expires_at LIMIT 1000)",
        &[&before],
    )?;
    let stale = tx.exec(
        "DELETE FROM identity_sign_in_failure
         WHERE window_started < ?1 AND (locked_until IS NULL OR locked_until < ?2)",
        &[&window, &now],
    )?;
    let surplus = tx.exec(
        "DELETE FROM identity_sign_in_failure WHERE identifier_hash IN
            (SELECT identifier_hash FROM identity_sign_in_failure
             ORDER BY window_started DESC, identifier_hash LIMIT 10000 OFFSET ?1)",
        &[&MOST_FAILURES],
    )?;
    Ok(sessions + stale + surplus)
}
