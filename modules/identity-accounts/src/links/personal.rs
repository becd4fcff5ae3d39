//! What mailed links and invitations hold about a person.

use serde_json::json;
use socle_kit::db::Conn;
use socle_kit::kernel::{Result, UserId};
use socle_kit::{PersonalData, Portion};

use super::store;
use crate::invitations::store as invitations;

/// All of it.
pub(crate) const ALL: &[PersonalData] = &[
    PersonalData {
        name: "mailedLinks",
        export: mailed_links,
        erase: |tx, erasure| store::remove_all(tx, erasure.user),
    },
    PersonalData {
        name: "invitations",
        export: sent,
        // Those that were sent and those that were followed: an address stands in each.
        erase: |tx, erasure| invitations::forget(tx, erasure.user),
    },
];

/// There are few: each is over within a day.
fn mailed_links(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let entries = store::of_user(conn, user)?.into_iter().map(|link| {
        json!({
            "kind": link.kind.as_str(), "email": link.email, "createdAt": link.created_at,
            "expiresAt": link.expires_at,
        })
    });
    Ok(Portion { entries: entries.collect(), next: None })
}

fn sent(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let rows = invitations::of_person(conn, user, after.unwrap_or_default())?;
    Ok(Portion::of(
        rows,
        |invitation| invitation.id.to_string(),
        |invitation| {
            json!({
                "id": invitation.id, "email": invitation.email, "role": invitation.role,
                "sentByMe": invitation.invited_by == user, "createdAt": invitation.created_at,
                "acceptedAt": invitation.accepted_at, "revokedAt": invitation.revoked_at,
            })
        },
    ))
}
