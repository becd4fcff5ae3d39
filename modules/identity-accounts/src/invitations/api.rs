//! The wire shapes of invitations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Id, Line, Timestamp, UserId};

use super::model::{Invitation, InvitationStatus};

/// The body of an invitation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"email": "ada@example.com", "role": "employee"}))]
pub(crate) struct InvitationInput {
    /// The address that is invited.
    #[schemars(length(min = 1, max = 254))]
    pub(crate) email: Line,
    /// The role the account will have; the one of those who register when left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    pub(crate) role: Option<Line>,
    /// The language of the mail; the inviter's when left out.
    #[serde(default)]
    pub(crate) language: Option<Language>,
}

/// Which invitations.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct InvitationFilter {
    /// A part of the address.
    #[schemars(length(max = 200))]
    pub(crate) search: Option<Line>,
    /// Only those that stand so.
    pub(crate) status: Option<InvitationStatus>,
}

/// An invitation, for those who invite. Its token is in the mail alone.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationView {
    pub(crate) id: Id<Invitation>,
    /// The address that is invited.
    pub(crate) email: String,
    /// The role the account will have.
    pub(crate) role: String,
    /// Where it stands.
    pub(crate) status: InvitationStatus,
    /// Who invited.
    pub(crate) invited_by: UserId,
    pub(crate) created_at: Timestamp,
    /// Until when it can be used.
    pub(crate) expires_at: Timestamp,
    /// When it was used.
    pub(crate) accepted_at: Option<Timestamp>,
    /// The account that was made with it.
    pub(crate) accepted_by: Option<UserId>,
    /// When it was taken back.
    pub(crate) revoked_at: Option<Timestamp>,
    /// Rises with each change.
    pub(crate) version: i64,
}

impl InvitationView {
    /// The invitation as it stands now.
    pub(crate) fn of(invitation: Invitation, now: Timestamp) -> Self {
        Self {
            status: invitation.status(now),
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            invited_by: invitation.invited_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            accepted_at: invitation.accepted_at,
            accepted_by: invitation.accepted_by,
            revoked_at: invitation.revoked_at,
            version: invitation.version,
        }
    }
}
