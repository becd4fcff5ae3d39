//! An announcement as the table holds it and as the wire shows it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The columns, in the order of [`Announcement`]'s fields.
pub(crate) const COLUMNS: &str = "id, title, content, kind, author_id, author_name, image_url, icon, is_important, is_pinned, \
     must_acknowledge, for_everyone, audience_roles, audience_departments, published_at, expires_at, phase, search_text, \
     version, created_at, updated_at";

/// A row.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Announcement {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) content: String,
    pub(crate) kind: String,
    pub(crate) author_id: String,
    pub(crate) author_name: String,
    pub(crate) image_url: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) is_important: bool,
    pub(crate) is_pinned: bool,
    pub(crate) must_acknowledge: bool,
    pub(crate) for_everyone: bool,
    pub(crate) audience_roles: String,
    pub(crate) audience_departments: String,
    pub(crate) published_at: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) phase: String,
    #[serde(skip)]
    pub(crate) search_text: String,
    pub(crate) version: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// What is written.
#[derive(Deserialize)]
pub(crate) struct NewAnnouncement {
    title: String,
    content: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Announcement {
    /// A new one.
    pub(crate) fn write(new: NewAnnouncement) -> Self {
        let now = micros();
        Self {
            id: next_id(now),
            search_text: format!("{} {}", new.title, new.content).to_lowercase(),
            title: new.title,
            content: new.content,
            kind: new.kind,
            author_id: "01900000-0000-7000-8000-00000000ba5e".to_owned(),
            author_name: "Bench".to_owned(),
            image_url: None,
            icon: None,
            is_important: false,
            is_pinned: false,
            must_acknowledge: false,
            for_everyone: true,
            audience_roles: "[]".to_owned(),
            audience_departments: "[]".to_owned(),
            published_at: now,
            expires_at: None,
            phase: "published".to_owned(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this server is built of vendors alone and has no kernel to take a clock from"
)]
fn micros() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}

/// A UUIDv7 whose random part is a counter: unique within a run, which is all that is asked of it here.
fn next_id(micros: i64) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut rest = [0_u8; 10];
    let count = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    rest.iter_mut().skip(2).zip(count).for_each(|(to, from)| *to = from);
    let millis = u64::try_from(micros / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_follow_the_clock() {
        let ids: Vec<String> = (0..100).map(|n| next_id(1_700_000_000_000_000 + n * 1_000)).collect();
        assert!(ids.is_sorted());
        assert_ne!(next_id(1), next_id(1));
    }
}
