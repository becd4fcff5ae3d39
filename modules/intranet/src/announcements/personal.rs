//! What announcements hold about a person: those they wrote, and which ones they confirmed having read.

use serde_json::json;
use socle_kit::prelude::*;
use socle_kit::{PersonalData, Portion};

use super::store;

/// Both, for the document a person receives.
pub(super) const ALL: &[PersonalData] = &[
    PersonalData {
        name: "announcements",
        export: written,
        // The company keeps its news; whose they were is nobody's business any more.
        erase: |tx, erasure| store::forget_author(tx, erasure.user, &erasure.former),
    },
    PersonalData {
        name: "announcementsRead",
        export: read,
        erase: |tx, erasure| store::forget_reader(tx, erasure.user),
    },
];

fn written(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let rows = store::written_by(conn, user, after.unwrap_or_default())?;
    Ok(Portion::of(
        rows,
        |row| row.id.to_string(),
        |row| {
            json!({
                "id": row.id, "title": row.title, "content": row.content, "type": row.kind,
                "imageUrl": row.image_url, "publishedAt": row.published_at, "expiresAt": row.expires_at,
                "createdAt": row.created_at, "updatedAt": row.updated_at,
            })
        },
    ))
}

fn read(conn: &mut Conn, user: UserId, after: Option<&str>) -> Result<Portion> {
    let rows = store::read_by(conn, user, after.unwrap_or_default())?;
    Ok(Portion::of(
        rows,
        |row| row.announcement_id.to_string(),
        |row| json!({"announcementId": row.announcement_id, "readAt": row.read_at}),
    ))
}
