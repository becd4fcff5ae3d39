//! What second factors hold about a person. Seeds, keys and codes are secrets, and are not handed out.

use serde_json::json;
use socle_kit::db::Conn;
use socle_kit::kernel::{Result, UserId};
use socle_kit::{PersonalData, Portion};

use super::store;

/// All of it. There are few of each: a page holds them.
pub const ALL: &[PersonalData] = &[
    PersonalData { name: "factors", export: factors, erase: |tx, erasure| store::forget(tx, erasure.user) },
    PersonalData {
        name: "passkeys",
        export: passkeys,
        // Forgotten with the factors.
        erase: |_, _| Ok(()),
    },
];

fn factors(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let entries = store::factors(conn, user)?.into_iter().map(|factor| {
        json!({
            "id": factor.id, "kind": factor.kind.as_str(), "name": factor.name, "createdAt": factor.created_at,
            "confirmedAt": factor.confirmed_at, "lastUsedAt": factor.last_used_at,
        })
    });
    Ok(Portion { entries: entries.collect(), next: None })
}

fn passkeys(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let entries = store::passkeys(conn, user)?.into_iter().map(|passkey| {
        json!({
            "id": passkey.id, "name": passkey.name, "createdAt": passkey.created_at,
            "lastUsedAt": passkey.last_used_at,
        })
    });
    Ok(Portion { entries: entries.collect(), next: None })
}
