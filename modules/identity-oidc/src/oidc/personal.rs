//! What links to accounts of elsewhere hold about a person.

use serde_json::json;
use socle_kit::db::Conn;
use socle_kit::kernel::{Result, UserId};
use socle_kit::{PersonalData, Portion};

use super::store;

/// All of it.
pub(crate) const ALL: &[PersonalData] = &[PersonalData {
    name: "linkedAccounts",
    export: links,
    erase: |tx, erasure| store::forget(tx, erasure.user),
}];

/// There is one for each provider.
fn links(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let entries = store::of_user(conn, user)?.into_iter().map(|link| {
        json!({
            "issuer": link.issuer, "subject": link.subject, "email": link.email, "createdAt": link.created_at,
            "lastUsedAt": link.last_used_at,
        })
    });
    Ok(Portion { entries: entries.collect(), next: None })
}
