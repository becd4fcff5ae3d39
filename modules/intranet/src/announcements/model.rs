//! The row of an announcement and its rules: no database, no clock, no request.

use socle_kit::db::Row;
use socle_kit::kernel::{fold, text_enum};
use socle_kit::prelude::*;

use super::permissions::MANAGE_ANNOUNCEMENTS;

text_enum! {
    /// The sort of news.
    pub(crate) enum Sort {
        /// For information.
        Info = "info",
        /// Important.
        Important = "important",
        /// About an event.
        Event = "event",
        /// A rule of the house.
        Policy = "policy",
        /// About a training.
        Training = "training",
    }
}

impl Sort {
    /// What an announcement is when nothing is said.
    pub(crate) const fn info() -> Self {
        Self::Info
    }
}

text_enum! {
    /// Where an announcement is in its life.
    pub(crate) enum Phase {
        /// Not out yet.
        Scheduled = "scheduled",
        /// Out.
        Published = "published",
        /// Over.
        Expired = "expired",
    }
}

/// An announcement.
#[derive(Debug, Clone, PartialEq, Row)]
pub(crate) struct Announcement {
    pub(crate) id: Id<Announcement>,
    pub(crate) title: Line,
    pub(crate) content: Text,
    pub(crate) kind: Sort,
    pub(crate) author_id: UserId,
    pub(crate) author_name: String,
    pub(crate) image_url: Option<String>,
    pub(crate) icon: Option<Line>,
    pub(crate) is_important: bool,
    pub(crate) is_pinned: bool,
    pub(crate) must_acknowledge: bool,
    /// Are both audience lists empty? Kept apart because the list filters on it.
    pub(crate) for_everyone: bool,
    pub(crate) audience_roles: Vec<String>,
    pub(crate) audience_departments: Vec<String>,
    pub(crate) published_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    /// The phase that has been announced to its readers; `phase_at` is the one it is in.
    pub(crate) phase: Phase,
    pub(crate) search_text: String,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Announcement {
    /// An empty announcement by `author`, out now, for everybody: what an input is written to.
    pub(crate) fn blank(id: Id<Announcement>, author: &Actor, now: Timestamp) -> Result<Self> {
        Ok(Self {
            id,
            title: Line::default(),
            content: Text::default(),
            kind: Sort::Info,
            author_id: author.user()?,
            author_name: author.name.to_string(),
            image_url: None,
            icon: None,
            is_important: false,
            is_pinned: false,
            must_acknowledge: false,
            for_everyone: true,
            audience_roles: Vec::new(),
            audience_departments: Vec::new(),
            published_at: now,
            expires_at: None,
            phase: Phase::Scheduled,
            search_text: String::new(),
            version: 0,
            created_at: now,
            updated_at: now,
        })
    }

    /// Checks what `actor` has written over `before` and derives the rest; the version goes up.
    pub(crate) fn settle(&mut self, before: &Self, actor: &Actor, now: Timestamp) -> Result<()> {
        check_period(self.published_at, self.expires_at)?;
        let raises = (self.is_important && !before.is_important)
            || (self.is_pinned && !before.is_pinned)
            || (self.must_acknowledge && !before.must_acknowledge);
        if raises {
            actor.require(&MANAGE_ANNOUNCEMENTS)?;
        }
        self.search_text = fold(&format!("{} {}", self.title.as_str(), self.content.as_str()));
        for names in [&mut self.audience_roles, &mut self.audience_departments] {
            names.sort();
            names.dedup();
        }
        self.for_everyone = self.audience_roles.is_empty() && self.audience_departments.is_empty();
        self.phase = self.phase_at(now);
        self.touch(now);
        Ok(())
    }

    /// Brings it out now, if it is not out.
    pub(crate) fn publish(&mut self, now: Timestamp) -> Result<()> {
        check_period(now, self.expires_at)?;
        if self.published_at > now {
            self.published_at = now;
        }
        self.phase = self.phase_at(now);
        self.touch(now);
        Ok(())
    }

    fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }

    /// The phase it is in at `now`.
    pub(crate) fn phase_at(&self, now: Timestamp) -> Phase {
        if self.published_at > now {
            Phase::Scheduled
        } else if self.expires_at.is_some_and(|end| end <= now) {
            Phase::Expired
        } else {
            Phase::Published
        }
    }

    /// May `actor` see it at `now`? The same rule as the list's filter in `store.rs`.
    pub(crate) fn is_visible_to(&self, actor: &Actor, now: Timestamp) -> bool {
        actor.may(&MANAGE_ANNOUNCEMENTS)
            || actor.is(self.author_id)
            || (self.phase_at(now) == Phase::Published && self.is_for(actor))
    }

    /// Is `actor` one of those it is for?
    pub(crate) fn is_for(&self, actor: &Actor) -> bool {
        self.for_everyone
            || self.audience_roles.iter().any(|role| **role == *actor.role)
            || actor
                .department
                .as_ref()
                .is_some_and(|own| self.audience_departments.iter().any(|name| **name == **own))
    }
}

fn check_period(published_at: Timestamp, expires_at: Option<Timestamp>) -> Result<()> {
    if expires_at.is_some_and(|end| end <= published_at) {
        let field = FieldError::new("expiresAt", codes::MUST_BE_AFTER).arg("other", "publishedAt");
        return Err(Error::invalid(vec![field]));
    }
    Ok(())
}
