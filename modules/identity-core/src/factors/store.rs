//! All the SQL of second factors.

use socle_kit::crypto::TokenHash;
use socle_kit::db::{Conn, Tx};
use socle_kit::kernel::{Id, Result, Timestamp, UserId};

use super::model::{
    Challenge, ChallengeKind, Factor, FactorKind, MOST_CHALLENGES, MOST_OPEN_CHALLENGES, MailedCode, Passkey,
    RecoveryCode,
};

/// The factors of an account, the oldest first; those not yet verified too.
pub fn factors(conn: &mut Conn, user: UserId) -> Result<Vec<Factor>> {
    conn.all("SELECT * FROM identity_factor WHERE user_id = ?1 ORDER BY created_at, id", &[&user])
}

/// The verified factors of this sort.
pub fn confirmed(conn: &mut Conn, user: UserId, kind: FactorKind) -> Result<Vec<Factor>> {
    conn.all(
        "SELECT * FROM identity_factor
         WHERE user_id = ?1 AND kind = ?2 AND confirmed_at IS NOT NULL ORDER BY created_at, id",
        &[&user, &kind],
    )
}

/// This factor, if it is this account's.
pub fn factor_of(conn: &mut Conn, user: UserId, id: Id<Factor>) -> Result<Option<Factor>> {
    conn.opt("SELECT * FROM identity_factor WHERE id = ?1 AND user_id = ?2", &[&id, &user])
}

/// A new factor.
pub fn insert_factor(tx: &mut Tx, factor: &Factor) -> Result<()> {
    tx.insert("identity_factor", factor)
}

/// The factor as it is now.
pub fn update_factor(tx: &mut Tx, factor: &Factor) -> Result<()> {
    tx.update("identity_factor", factor)
}

/// Removes a factor.
pub fn delete_factor(tx: &mut Tx, id: Id<Factor>) -> Result<bool> {
    tx.delete_by_id("identity_factor", id)
}

/// Removes the factors of this sort that were never verified.
pub fn delete_unconfirmed(tx: &mut Tx, user: UserId, kind: FactorKind) -> Result<()> {
    tx.exec(
        "DELETE FROM identity_factor WHERE user_id = ?1 AND kind = ?2 AND confirmed_at IS NULL",
        &[&user, &kind],
    )?;
    Ok(())
}

/// Has the account anything besides its password: a verified factor, a passkey?
pub fn is_protected(conn: &mut Conn, user: UserId) -> Result<bool> {
    conn.scalar(
        "SELECT EXISTS (SELECT 1 FROM identity_factor WHERE user_id = ?1 AND confirmed_at IS NOT NULL)
             OR EXISTS (SELECT 1 FROM identity_passkey WHERE user_id = ?1)",
        &[&user],
    )
}

/// The passkeys of an account, the oldest first.
pub fn passkeys(conn: &mut Conn, user: UserId) -> Result<Vec<Passkey>> {
    conn.all("SELECT * FROM identity_passkey WHERE user_id = ?1 ORDER BY created_at, id", &[&user])
}

/// This passkey, if it is this account's.
pub fn passkey_of(conn: &mut Conn, user: UserId, id: Id<Passkey>) -> Result<Option<Passkey>> {
    conn.opt("SELECT * FROM identity_passkey WHERE id = ?1 AND user_id = ?2", &[&id, &user])
}

/// The passkey that an authenticator calls so.
pub fn passkey_called(conn: &mut Conn, credential_id: &str) -> Result<Option<Passkey>> {
    conn.opt("SELECT * FROM identity_passkey WHERE credential_id = ?1", &[&credential_id])
}

/// A new passkey.
pub fn insert_passkey(tx: &mut Tx, passkey: &Passkey) -> Result<()> {
    tx.insert("identity_passkey", passkey)
}

/// The passkey as it is now.
pub fn update_passkey(tx: &mut Tx, passkey: &Passkey) -> Result<()> {
    tx.update("identity_passkey", passkey)
}

/// Removes a passkey.
pub fn delete_passkey(tx: &mut Tx, id: Id<Passkey>) -> Result<bool> {
    tx.delete_by_id("identity_passkey", id)
}

/// How many recovery codes are left.
pub fn recovery_codes_left(conn: &mut Conn, user: UserId) -> Result<i64> {
    conn.scalar(
        "SELECT COUNT(*) FROM identity_recovery_code WHERE user_id = ?1 AND used_at IS NULL",
        &[&user],
    )
}

/// Takes a recovery code, if it is one that is left.
pub fn take_recovery_code(tx: &mut Tx, user: UserId, hash: &TokenHash, now: Timestamp) -> Result<bool> {
    let taken = tx.exec(
        "UPDATE identity_recovery_code SET used_at = ?3
         WHERE user_id = ?1 AND code_hash = ?2 AND used_at IS NULL",
        &[&user, hash, &now],
    )?;
    Ok(taken > 0)
}

/// Replaces the recovery codes of an account by these.
pub fn replace_recovery_codes(tx: &mut Tx, user: UserId, codes: &[RecoveryCode]) -> Result<()> {
    tx.exec("DELETE FROM identity_recovery_code WHERE user_id = ?1", &[&user])?;
    codes.iter().try_for_each(|code| tx.insert("identity_recovery_code", code))
}

/// The code last mailed to an account.
pub fn mailed(conn: &mut Conn, user: UserId) -> Result<Option<MailedCode>> {
    conn.opt("SELECT * FROM identity_mailed_code WHERE user_id = ?1", &[&user])
}

/// Puts this one in the place of the one before.
pub fn save_mailed(tx: &mut Tx, code: &MailedCode) -> Result<()> {
    delete_mailed(tx, code.user_id)?;
    tx.insert("identity_mailed_code", code)
}

/// Removes the code last mailed.
pub fn delete_mailed(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM identity_mailed_code WHERE user_id = ?1", &[&user])?;
    Ok(())
}

/// The challenge of this hash and kind, live or not.
pub fn challenge(conn: &mut Conn, hash: &TokenHash, kind: ChallengeKind) -> Result<Option<Challenge>> {
    conn.opt("SELECT * FROM identity_challenge WHERE token_hash = ?1 AND kind = ?2", &[hash, &kind])
}

/// A new challenge. The oldest of its sort make room: those of its account, or those of nobody in particular.
pub fn insert_challenge(tx: &mut Tx, challenge: &Challenge) -> Result<()> {
    match challenge.user_id {
        Some(user) => tx.exec(
            "DELETE FROM identity_challenge WHERE id IN (SELECT id FROM identity_challenge
             WHERE user_id = ?1 AND kind = ?2 ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET ?3)",
            &[&user, &challenge.kind, &(MOST_CHALLENGES - 1)],
        )?,
        None => tx.exec(
            "DELETE FROM identity_challenge WHERE id IN (SELECT id FROM identity_challenge
             WHERE user_id IS NULL ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET ?1)",
            &[&(MOST_OPEN_CHALLENGES - 1)],
        )?,
    };
    tx.insert("identity_challenge", challenge)
}

/// The challenge as it is now.
pub fn update_challenge(tx: &mut Tx, challenge: &Challenge) -> Result<()> {
    tx.update("identity_challenge", challenge)
}

/// Removes a challenge; was it still there?
pub fn delete_challenge(tx: &mut Tx, id: Id<Challenge>) -> Result<bool> {
    tx.delete_by_id("identity_challenge", id)
}

/// Until when an account may be without a factor; none when it has one, or was never told to.
pub fn due(conn: &mut Conn, user: UserId) -> Result<Option<Timestamp>> {
    conn.opt_scalar("SELECT due_at FROM identity_factor_duty WHERE user_id = ?1 AND NOT met", &[&user])
}

/// Tells an account to have a factor by then, unless it was told before.
pub fn begin_duty(tx: &mut Tx, user: UserId, due_at: Timestamp) -> Result<()> {
    tx.exec(
        "INSERT INTO identity_factor_duty (user_id, due_at, met) VALUES (?1, ?2, FALSE)
         ON CONFLICT (user_id) DO NOTHING",
        &[&user, &due_at],
    )?;
    Ok(())
}

/// Writes down whether the account has a factor now.
pub fn note_protection(tx: &mut Tx, user: UserId) -> Result<()> {
    let met = is_protected(tx, user)?;
    tx.exec("UPDATE identity_factor_duty SET met = ?2 WHERE user_id = ?1", &[&user, &met])?;
    Ok(())
}

/// Removes what is over: challenges, mailed codes, and factors nobody ever verified.
pub fn purge(tx: &mut Tx, now: Timestamp, unverified_before: Timestamp) -> Result<u64> {
    let challenges = tx.exec("DELETE FROM identity_challenge WHERE expires_at < ?1", &[&now])?;
    let codes = tx.exec("DELETE FROM identity_mailed_code WHERE expires_at < ?1", &[&now])?;
    let factors = tx.exec(
        "DELETE FROM identity_factor WHERE confirmed_at IS NULL AND created_at < ?1",
        &[&unverified_before],
    )?;
    Ok(challenges + codes + factors)
}

/// Forgets every factor of an account, and what was under way with them.
pub fn forget(tx: &mut Tx, user: UserId) -> Result<()> {
    const TABLES: &[&str] = &[
        "DELETE FROM identity_factor WHERE user_id = ?1",
        "DELETE FROM identity_passkey WHERE user_id = ?1",
        "DELETE FROM identity_recovery_code WHERE user_id = ?1",
        "DELETE FROM identity_mailed_code WHERE user_id = ?1",
        "DELETE FROM identity_challenge WHERE user_id = ?1",
        "DELETE FROM identity_factor_duty WHERE user_id = ?1",
    ];
    TABLES.iter().try_for_each(|sql| tx.exec(sql, &[&user]).map(drop))
}
