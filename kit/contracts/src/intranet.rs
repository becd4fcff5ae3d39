//! What the intranet tells the others.

use serde::{Deserialize, Serialize};
use socle_events::{Audience, Letter};
use socle_kernel::{Timestamp, UserId};

/// Who may see an announcement's letters: those it is for once it is out, before that its managers and author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementNote {
    /// The announcement.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its sort, under the name it has in the API. Letters that were written before said `kind`.
    #[serde(rename = "type", alias = "kind")]
    pub kind: String,
    /// Its author.
    pub author_id: UserId,
    /// The author's name.
    pub author_name: String,
    /// Is it marked as important?
    pub is_important: bool,
    /// Is it pinned?
    pub is_pinned: bool,
    /// When it is out.
    pub published_at: Timestamp,
    /// The version of the row.
    pub version: i64,
    /// Who the letter is for.
    #[serde(skip)]
    pub audience: Audience,
}

macro_rules! about_announcement {
    ($($(#[$meta:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub AnnouncementNote);

        impl Letter for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String {
                self.0.id.clone()
            }
            fn audience(&self) -> Audience {
                self.0.audience.clone()
            }
        }
    )+};
}

about_announcement! {
    /// An announcement was written.
    AnnouncementCreated = "announcement.created";
    /// An announcement was changed.
    AnnouncementUpdated = "announcement.updated";
    /// The moment of an announcement has come: its readers may see it from now on.
    AnnouncementPublished = "announcement.published";
    /// The time of an announcement is over.
    AnnouncementExpired = "announcement.expired";
    /// An announcement was removed.
    AnnouncementDeleted = "announcement.deleted";
}

/// A reader has confirmed having read an announcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementRead {
    /// The announcement.
    pub id: String,
    /// The reader.
    pub reader: UserId,
    /// When.
    pub read_at: Timestamp,
    /// Who sees the confirmations: the author, besides the managers.
    #[serde(skip)]
    pub author: Option<UserId>,
}

impl Letter for AnnouncementRead {
    const KIND: &'static str = "announcement.read";
    fn subject(&self) -> String {
        self.id.clone()
    }
    fn audience(&self) -> Audience {
        Audience::Match {
            roles: Vec::new(),
            departments: Vec::new(),
            users: self.author.into_iter().chain([self.reader]).collect(),
            permission: Some("manage_announcements".to_owned()),
        }
    }
}
