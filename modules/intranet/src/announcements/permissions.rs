//! What it takes to manage announcements.

use socle_kit::http::permission;
use socle_kit::prelude::*;

/// Change and remove any announcement, see those to come, pin, mark as important, ask for confirmation (R4-200).
pub(crate) const MANAGE_ANNOUNCEMENTS: Permission = Permission {
    name: "manage_announcements",
    description: "Change, schedule, pin and remove announcements, and see who has read them.",
    default_roles: &["moderator", "manager"],
};

permission!(
    /// `Require<ManageAnnouncements>`.
    pub(crate) ManageAnnouncements = MANAGE_ANNOUNCEMENTS
);
