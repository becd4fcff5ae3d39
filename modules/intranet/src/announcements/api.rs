//! The wire shapes of announcements: what comes in, what goes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::prelude::*;

use super::model::{Announcement, Phase, Sort};

/// An announcement as it is written: the body of `POST` and `PUT`, and what a `PATCH` is applied to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "title": "The canteen is closed on Friday", "content": "It opens again on Monday at noon.", "type": "info",
    "audience": {"roles": [], "departments": []},
}))]
pub(crate) struct AnnouncementInput {
    /// The headline.
    #[schemars(length(min = 1, max = 200))]
    pub(crate) title: Line,
    /// The text; Markdown is left to the reader's client.
    #[schemars(length(min = 1, max = 20_000))]
    pub(crate) content: Text,
    /// The sort of news.
    #[serde(rename = "type", default = "Sort::info")]
    pub(crate) sort: Sort,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2_048), url, regex(pattern = r"^https?://"))]
    pub(crate) image_url: Option<String>,
    /// The name of an icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 50))]
    pub(crate) icon: Option<Line>,
    /// Shown as important. Needs the permission.
    #[serde(default)]
    pub(crate) is_important: bool,
    /// Kept at the top. Needs the permission.
    #[serde(default)]
    pub(crate) is_pinned: bool,
    /// Readers are asked to confirm. Needs the permission.
    #[serde(default)]
    pub(crate) must_acknowledge: bool,
    /// Who it is for; everybody when left out.
    #[serde(default)]
    pub(crate) audience: AudienceInput,
    /// When it is out; now when left out of a `POST`, unchanged when left out of a `PUT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) published_at: Option<Timestamp>,
    /// When it is over; never when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
}

impl AnnouncementInput {
    /// Writes itself over an announcement; what follows from it is the announcement's to settle.
    pub(crate) fn write_to(self, row: &mut Announcement) {
        row.title = self.title;
        row.content = self.content;
        row.kind = self.sort;
        row.image_url = self.image_url;
        row.icon = self.icon;
        row.is_important = self.is_important;
        row.is_pinned = self.is_pinned;
        row.must_acknowledge = self.must_acknowledge;
        row.audience_roles = self.audience.roles.iter().map(|role| role.to_lowercase()).collect();
        row.audience_departments = self.audience.departments.iter().map(ToString::to_string).collect();
        row.published_at = self.published_at.unwrap_or(row.published_at);
        row.expires_at = self.expires_at;
    }
}

/// What a `PATCH` is applied to.
impl From<&Announcement> for AnnouncementInput {
    fn from(row: &Announcement) -> Self {
        let lines = |names: &[String]| names.iter().filter_map(|name| Line::parse(name)).collect();
        Self {
            title: row.title.clone(),
            content: row.content.clone(),
            sort: row.kind,
            image_url: row.image_url.clone(),
            icon: row.icon.clone(),
            is_important: row.is_important,
            is_pinned: row.is_pinned,
            must_acknowledge: row.must_acknowledge,
            audience: AudienceInput {
                roles: lines(&row.audience_roles),
                departments: lines(&row.audience_departments),
            },
            published_at: Some(row.published_at),
            expires_at: row.expires_at,
        }
    }
}

/// Who an announcement is for: those with one of the roles or in one of the departments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AudienceInput {
    /// Names of roles.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 100)))]
    pub(crate) roles: Vec<Line>,
    /// Names of departments.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 100)))]
    pub(crate) departments: Vec<Line>,
}

/// The filters of the list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct AnnouncementFilter {
    /// Words that the title or the content must hold, whatever their case and accents.
    #[schemars(length(max = 200))]
    pub(crate) search: Option<Line>,
    /// Only this sort.
    #[serde(rename = "type")]
    pub(crate) sort: Option<Sort>,
    /// Only those in this phase.
    pub(crate) status: Option<Phase>,
    /// Only important ones, or only others.
    pub(crate) is_important: Option<bool>,
    /// Only pinned ones, or only others.
    pub(crate) is_pinned: Option<bool>,
    /// Only this author's.
    pub(crate) author_id: Option<UserId>,
    /// Only those the caller has not confirmed (or, false, has).
    pub(crate) unread: Option<bool>,
    /// Only those out at this moment or later.
    pub(crate) published_after: Option<Timestamp>,
    /// Only those out before this moment.
    pub(crate) published_before: Option<Timestamp>,
}

/// An announcement as its reader sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnnouncementView {
    pub(crate) id: Id<Announcement>,
    pub(crate) title: Line,
    pub(crate) content: Text,
    #[serde(rename = "type")]
    pub(crate) sort: Sort,
    /// The phase it is in now.
    pub(crate) status: Phase,
    pub(crate) author_id: UserId,
    /// The author's name when it was written.
    pub(crate) author_name: String,
    pub(crate) image_url: Option<String>,
    pub(crate) icon: Option<Line>,
    pub(crate) is_important: bool,
    pub(crate) is_pinned: bool,
    pub(crate) must_acknowledge: bool,
    pub(crate) audience: AudienceView,
    pub(crate) published_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    /// When the caller confirmed having read it.
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    #[serde(skip)]
    pub(crate) version: i64,
}

/// Who an announcement is for; everybody when both lists are empty.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AudienceView {
    pub(crate) roles: Vec<String>,
    pub(crate) departments: Vec<String>,
}

impl AnnouncementView {
    /// The announcement as seen at `now` by a reader who confirmed it at `read_at`.
    pub(crate) fn new(row: Announcement, now: Timestamp, read_at: Option<Timestamp>) -> Self {
        Self {
            status: row.phase_at(now),
            id: row.id,
            title: row.title,
            content: row.content,
            sort: row.kind,
            author_id: row.author_id,
            author_name: row.author_name,
            image_url: row.image_url,
            icon: row.icon,
            is_important: row.is_important,
            is_pinned: row.is_pinned,
            must_acknowledge: row.must_acknowledge,
            audience: AudienceView { roles: row.audience_roles, departments: row.audience_departments },
            published_at: row.published_at,
            expires_at: row.expires_at,
            read_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// Which readers are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ReaderFilter {
    /// Those who have confirmed, or those who have not; both when left out.
    pub(crate) state: Option<ReadState>,
    /// Words that the name must hold, whatever their case and accents.
    #[schemars(length(max = 200))]
    pub(crate) search: Option<Line>,
}

socle_kit::kernel::text_enum! {
    /// Has a reader confirmed?
    pub(crate) enum ReadState {
        /// Yes.
        Read = "read",
        /// Not yet.
        Unread = "unread",
    }
}

/// One of those an announcement is for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReaderView {
    pub(crate) user_id: UserId,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) department: Option<String>,
    /// When they confirmed; null while they have not.
    pub(crate) read_at: Option<Timestamp>,
}

/// A confirmation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadView {
    pub(crate) announcement_id: Id<Announcement>,
    pub(crate) read_at: Timestamp,
}
