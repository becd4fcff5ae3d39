//! What identity holds about a person: the account, preferences, sessions, grants, and what they did.

use serde_json::json;
use socle_identity_core::accounts::store as accounts;
use socle_kit::events;
use socle_kit::prelude::*;
use socle_kit::{PersonalData, Portion};

use super::store;
use crate::preferences::store as preferences;

/// All of it, the account first: it is what one looks for.
pub(crate) const ALL: &[PersonalData] = &[
    PersonalData {
        name: "account",
        export: account,
        // The row remains, for what others hold to refer to.
        erase: |tx, erasure| {
            let Some(mut account) = store::find_any(tx, erasure.user)? else { return Ok(()) };
            account.forget(&erasure.former, erasure.now);
            accounts::update(tx, &account)
        },
    },
    PersonalData {
        name: "preferences",
        export: preferences,
        erase: |tx, erasure| store::remove_preferences(tx, erasure.user),
    },
    PersonalData {
        name: "sessions",
        export: sessions,
        erase: |tx, erasure| store::remove_sessions(tx, erasure.user),
    },
    PersonalData {
        name: "permissions",
        export: permissions,
        erase: |tx, erasure| store::remove_grants(tx, erasure.user),
    },
    // A listener takes the name out of the events once the erasure is committed: there may be many.
    PersonalData { name: "activity", export: activity, erase: |_, _| Ok(()) },
];

fn account(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let account = store::find_any(conn, user)?;
    let entries = account.into_iter().map(|account| {
        json!({
            "id": account.id, "username": account.username, "email": account.email, "name": account.name,
            "firstName": account.first_name, "lastName": account.last_name, "role": account.role,
            "avatar": account.avatar, "employeeId": account.employee_id, "department": account.department,
            "position": account.position, "phone": account.phone, "language": account.language,
            "isActive": account.is_active, "emailVerifiedAt": account.email_verified_at,
            "passwordChangedAt": account.password_changed_at, "failedAttempts": account.failed_attempts,
            "lockedUntil": account.locked_until, "createdAt": account.created_at,
            "updatedAt": account.updated_at,
        })
    });
    Ok(Portion { entries: entries.collect(), next: None })
}

fn preferences(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let entries = preferences::find(conn, user)?.into_iter().map(|preference| {
        json!({
            "notifications": preference.notifications, "darkMode": preference.dark_mode,
            "learningGoal": preference.learning_goal,
        })
    });
    Ok(Portion { entries: entries.collect(), next: None })
}

fn sessions(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let rows = store::sessions(conn, user, after.unwrap_or_default())?;
    Ok(Portion::of(
        rows,
        |session| session.id.to_string(),
        |session| {
            json!({
                "id": session.id, "address": session.address, "userAgent": session.user_agent,
                "byCookie": session.cookie_hash.is_some(),
                "createdAt": session.created_at, "lastSeenAt": session.last_seen_at,
                "expiresAt": session.expires_at, "revokedAt": session.revoked_at,
            })
        },
    ))
}

fn permissions(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let rows = store::grants(conn, user, after.unwrap_or_default())?;
    Ok(Portion::of(
        rows,
        |grant| grant.id.clone(),
        |grant| {
            json!({
                "permission": grant.permission, "scope": grant.scope, "grantedBy": grant.granted_by,
                "expiresAt": grant.expires_at, "createdAt": grant.created_at,
            })
        },
    ))
}

fn activity(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let after = after.and_then(|after| after.parse().ok()).unwrap_or(0);
    let rows = events::acts_of(conn, user, after, socle_kit::PORTION)?;
    Ok(Portion::of(
        rows,
        |event| event.sequence.to_string(),
        |event| {
            json!({
                "kind": event.kind, "subject": event.subject, "address": event.address,
                "at": event.created_at,
            })
        },
    ))
}
