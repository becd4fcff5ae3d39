//! The wire shapes of roles and permissions.

use schemars::JsonSchema;
use serde::Serialize;

/// A role: a bundle of permissions.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleView {
    pub(crate) name: String,
    /// What it is for, in the reader's language.
    pub(crate) description: String,
    /// It came with the server.
    pub(crate) is_built_in: bool,
    /// It holds every permission there is and will be.
    pub(crate) holds_everything: bool,
    /// The names of its permissions.
    pub(crate) permissions: Vec<String>,
}

/// A permission: what is checked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PermissionView {
    pub(crate) name: String,
    /// What its holder may do, in the reader's language.
    pub(crate) description: String,
    /// The names of the roles that hold it.
    pub(crate) roles: Vec<String>,
}
