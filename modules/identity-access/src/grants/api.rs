//! The wire shapes of grants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::prelude::*;

use socle_identity_core::roles::model::{Decision, Grant, Holding};
use socle_identity_core::roles::store::ADMIN;

/// A permission to be granted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GrantInput {
    /// The account that receives it.
    pub(crate) user_id: UserId,
    /// The name of the permission.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) permission: String,
    /// When it is over; never by itself when left out, or when the grant it comes from is.
    #[serde(default)]
    pub(crate) expires_at: Option<Timestamp>,
    /// The scope within which alone it holds, `department:sales`; everywhere when left out.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}$"))]
    pub(crate) scope: Option<String>,
}

/// A permission that was granted to one account.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GrantView {
    pub(crate) id: Id<Grant>,
    pub(crate) user_id: UserId,
    /// The name of the permission.
    pub(crate) permission: String,
    /// The scope within which alone it holds; null when it holds everywhere.
    pub(crate) scope: Option<String>,
    /// Who granted it.
    pub(crate) granted_by: Option<UserId>,
    /// When it is over; null when it is not by itself.
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
}

impl From<Grant> for GrantView {
    fn from(grant: Grant) -> Self {
        Self {
            id: grant.id,
            user_id: grant.user_id,
            permission: grant.permission,
            scope: grant.scope,
            granted_by: grant.granted_by,
            expires_at: grant.expires_at,
            created_at: grant.created_at,
        }
    }
}

/// The filters of the list of grants.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct GrantFilter {
    /// Only those of this account.
    pub(crate) user_id: Option<UserId>,
    /// Only those this account gave.
    pub(crate) granted_by: Option<UserId>,
    /// Only those of this permission.
    #[schemars(length(max = 100))]
    pub(crate) permission: Option<String>,
}

/// All that an account may do, and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldView {
    pub(crate) user_id: UserId,
    /// The name of the role.
    pub(crate) role: String,
    /// It holds every permission there is and will be.
    pub(crate) holds_everything: bool,
    /// May the account be used? It holds nothing while it may not.
    pub(crate) is_active: bool,
    /// The names of the permissions held; one that holds within a scope alone as `name@scope`.
    pub(crate) permissions: Vec<String>,
    /// Those of the role.
    pub(crate) role_permissions: Vec<String>,
    /// What was granted to the account alone and is not over.
    pub(crate) grants: Vec<GrantView>,
}

impl HeldView {
    /// What the account holds at `now`, where these permissions exist.
    pub(crate) fn new(user_id: UserId, holding: Holding, names: Vec<String>, now: Timestamp) -> Self {
        let held = holding.permissions(now);
        let permissions = if held.is_all() {
            names.clone()
        } else {
            held.names().iter().map(ToString::to_string).collect()
        };
        let holds_everything = holding.role == ADMIN;
        let Holding { role, is_active, bundle, grants } = holding;
        let live = grants.into_iter().filter(|grant| grant.holds_at(now));
        Self {
            user_id,
            holds_everything,
            is_active,
            permissions,
            role_permissions: if holds_everything { names } else { bundle },
            role,
            grants: live.map(GrantView::from).collect(),
        }
    }
}

/// What is asked of `GET /permissions/check`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Check {
    /// The name of the permission.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) permission: String,
    /// Whose; one's own when left out.
    #[serde(default)]
    pub(crate) user: Option<UserId>,
    /// The scope it is needed within; everywhere when left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) scope: Option<String>,
    /// Say which rule or grant decided.
    #[serde(default)]
    pub(crate) explain: Option<bool>,
}

/// Is the permission held?
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckView {
    /// Is it?
    pub(crate) allowed: bool,
    pub(crate) user_id: UserId,
    pub(crate) permission: String,
    pub(crate) scope: Option<String>,
    /// What decided; null unless asked for by `explain=true`.
    pub(crate) explanation: Option<ExplanationView>,
}

socle_kit::kernel::text_enum! {
    /// Which rule decided.
    pub(crate) enum PermissionRule {
        /// Administrators hold everything.
        Administrator = "administrator",
        /// The role holds it.
        Role = "role",
        /// It was granted to the account.
        Grant = "grant",
        /// The account may not be used: it holds nothing.
        Inactive = "inactive",
        /// Nothing gives it.
        Nothing = "none",
        /// The account holds it, the API key is not for it.
        ApiKey = "api_key",
    }
}

/// What decided whether a permission is held.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExplanationView {
    /// Which rule decided.
    pub(crate) rule: PermissionRule,
    /// The role, where it decided.
    pub(crate) role: Option<String>,
    /// The grant, where it decided.
    pub(crate) grant: Option<GrantView>,
    /// The same, as a sentence in the reader's language.
    pub(crate) text: String,
}

impl ExplanationView {
    /// The explanation of a decision, before it has its sentence.
    pub(crate) fn of(decision: Decision<'_>) -> Self {
        let (rule, role, grant) = match decision {
            Decision::Administrator => (PermissionRule::Administrator, Some(ADMIN.to_owned()), None),
            Decision::Role(role) => (PermissionRule::Role, Some(role.to_owned()), None),
            Decision::Grant(grant) => (PermissionRule::Grant, None, Some(GrantView::from(grant.clone()))),
            Decision::Inactive => (PermissionRule::Inactive, None, None),
            Decision::Nothing => (PermissionRule::Nothing, None, None),
        };
        Self { rule, role, grant, text: String::new() }
    }
}
