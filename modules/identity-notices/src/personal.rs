//! What known devices hold about a person: when each was seen. What tells them apart are hashes.

use serde_json::json;
use socle_kit::db::Conn;
use socle_kit::kernel::{Result, UserId};
use socle_kit::{PersonalData, Portion};

use crate::store;

/// All of it.
pub(crate) const ALL: &[PersonalData] = &[PersonalData {
    name: "devices",
    export: devices,
    erase: |tx, erasure| store::remove_all(tx, erasure.user),
}];

/// As many as are remembered, which is few.
fn devices(conn: &mut Conn, user: UserId, _: Option<&str>) -> Result<Portion> {
    let entries = store::of_user(conn, user)?
        .into_iter()
        .map(|device| json!({"firstSeenAt": device.first_seen_at, "lastSeenAt": device.last_seen_at}));
    Ok(Portion { entries: entries.collect(), next: None })
}
