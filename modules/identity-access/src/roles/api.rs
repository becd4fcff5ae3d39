//! The wire shapes of roles and permissions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::kernel::Line;

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
    #[serde(skip)]
    pub(crate) version: i64,
}

/// A role to be made.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRole {
    /// The name, for good: letters without accents, digits and `_`, in any case.
    #[schemars(regex(pattern = r"^[A-Za-z][A-Za-z0-9_]{1,49}$"))]
    pub(crate) name: String,
    /// What it is for.
    #[schemars(length(max = 300))]
    pub(crate) description: Line,
    /// The names of its permissions.
    #[serde(default)]
    #[schemars(length(max = 200), inner(length(min = 1, max = 100)))]
    pub(crate) permissions: Vec<String>,
}

/// What may be changed of a role: the body of `PUT`, and what a `PATCH` is applied to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RoleInput {
    /// What it is for.
    #[schemars(length(max = 300))]
    pub(crate) description: Line,
    /// The names of its permissions.
    #[schemars(length(max = 200), inner(length(min = 1, max = 100)))]
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
