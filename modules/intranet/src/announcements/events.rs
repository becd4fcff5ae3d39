//! The letters announcements write.

use socle_kit::contracts::intranet::AnnouncementNote;
use socle_kit::events::Audience;
use socle_kit::prelude::*;

use super::model::{Announcement, Phase};
use super::permissions::MANAGE_ANNOUNCEMENTS;

impl Announcement {
    /// What a letter about it says, and to whom: its readers while it is out, else its managers and author.
    pub(crate) fn note(&self, now: Timestamp) -> AnnouncementNote {
        AnnouncementNote {
            id: self.id.to_string(),
            title: self.title.to_string(),
            kind: self.kind.to_string(),
            author_id: self.author_id,
            author_name: self.author_name.clone(),
            is_important: self.is_important,
            is_pinned: self.is_pinned,
            published_at: self.published_at,
            version: self.version,
            audience: self.letter_audience(now),
        }
    }

    fn letter_audience(&self, now: Timestamp) -> Audience {
        let out = self.phase_at(now) == Phase::Published;
        if out && self.for_everyone {
            return Audience::Everyone;
        }
        let listed = |names: &[String]| if out { names.to_vec() } else { Vec::new() };
        Audience::Match {
            roles: listed(&self.audience_roles),
            departments: listed(&self.audience_departments),
            users: vec![self.author_id],
            permission: Some(MANAGE_ANNOUNCEMENTS.name.to_owned()),
        }
    }
}
