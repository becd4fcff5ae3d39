//! What API keys hold about a person. Their secrets are not handed out: only hashes of them are kept.

use serde_json::json;
use socle_kit::db::Conn;
use socle_kit::kernel::{Result, UserId};
use socle_kit::{PersonalData, Portion};

use super::store;

/// All of it.
pub(crate) const ALL: &[PersonalData] = &[PersonalData {
    name: "apiKeys",
    export: keys,
    erase: |tx, erasure| store::remove_all(tx, erasure.user),
}];

fn keys(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let rows = store::of_person(conn, user, after.unwrap_or_default())?;
    Ok(Portion::of(
        rows,
        |key| key.id.to_string(),
        |key| {
            json!({
                "id": key.id, "name": key.name, "prefix": key.prefix, "scopes": key.scopes,
                "networks": key.networks, "createdAt": key.created_at, "expiresAt": key.expires_at,
                "lastUsedAt": key.last_used_at, "lastAddress": key.last_address,
            })
        },
    ))
}
