//! The wire shapes of the directory: what comes in, what goes out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_identity_core::accounts::api::AccountView;
use socle_identity_core::accounts::model::Account;
use socle_kit::i18n::Language;
use socle_kit::kernel::Secret;
use socle_kit::prelude::*;

/// The filters of the list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct UserFilter {
    /// Words that a name, the address, the department, the position or the number must hold, whatever their case and accents.
    #[schemars(length(max = 200))]
    pub(crate) search: Option<Line>,
    /// Only the account of this user name.
    #[schemars(length(max = 100))]
    pub(crate) username: Option<Line>,
    /// Only the account of this address.
    #[schemars(length(max = 254))]
    pub(crate) email: Option<Line>,
    /// Only the account of this number at the company.
    #[schemars(length(max = 100))]
    pub(crate) employee_id: Option<Line>,
    /// Only this role.
    #[schemars(length(max = 100))]
    pub(crate) role: Option<Line>,
    /// Only this department.
    #[schemars(length(max = 100))]
    pub(crate) department: Option<Line>,
    /// Only those that may sign in, or only others.
    pub(crate) is_active: Option<bool>,
    /// Only those locked after too many attempts, or only others.
    pub(crate) locked: Option<bool>,
    /// Only those whose address is proved, or only others.
    pub(crate) email_verified: Option<bool>,
    /// Only those made at this moment or later.
    pub(crate) created_after: Option<Timestamp>,
    /// Only those made before this moment.
    pub(crate) created_before: Option<Timestamp>,
}

/// What an administrator writes about an account: the body of `PUT`, and what a `PATCH` is applied to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "username": "ada", "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "department": "Research",
}))]
pub(crate) struct UserInput {
    /// The user name; nobody else's.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) username: Line,
    /// The address of the account; nobody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 254))]
    pub(crate) email: Option<Line>,
    /// The name shown to others; the first and last name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub(crate) name: Option<Line>,
    /// The first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) first_name: Option<Line>,
    /// The last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) last_name: Option<Line>,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2_048), url, regex(pattern = r"^https?://"))]
    pub(crate) avatar: Option<String>,
    /// The number at the company; nobody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) employee_id: Option<Line>,
    /// The department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) department: Option<Line>,
    /// What one does here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub(crate) position: Option<Line>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32))]
    pub(crate) phone: Option<Line>,
    /// The language of what one reads; the browser's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<Language>,
}

/// A new account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"username": "ada", "email": "ada@example.com", "role": "employee"}))]
pub(crate) struct NewUserInput {
    /// The user name; nobody else's.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) username: Line,
    /// The address of the account; nobody else's.
    #[serde(default)]
    #[schemars(length(min = 1, max = 254))]
    pub(crate) email: Option<Line>,
    /// The first password, to be changed by the owner; one is made when it is left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) password: Option<Secret<String>>,
    /// The role; the one of those who register when left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub(crate) role: Option<Line>,
    /// The name shown to others; the first and last name when left out.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub(crate) name: Option<Line>,
    /// The first name.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) first_name: Option<Line>,
    /// The last name.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) last_name: Option<Line>,
    /// A picture.
    #[serde(default)]
    #[schemars(length(max = 2_048), url, regex(pattern = r"^https?://"))]
    pub(crate) avatar: Option<String>,
    /// The number at the company; nobody else's.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) employee_id: Option<Line>,
    /// The department.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) department: Option<Line>,
    /// What one does here.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(crate) position: Option<Line>,
    /// A telephone number.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub(crate) phone: Option<Line>,
    /// The language of what one reads; the browser's when left out.
    #[serde(default)]
    pub(crate) language: Option<Language>,
}

/// The body of a change of role.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"role": "manager"}))]
pub(crate) struct RoleInput {
    /// The name of the role.
    #[schemars(length(min = 1, max = 100))]
    pub(crate) role: Line,
}

/// What a first password is set by.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasswordInput {
    /// The password, to be changed by the owner; one is made when it is left out.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1024))]
    pub(crate) password: Option<Secret<String>>,
}

/// An account as those see it who administer accounts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserView {
    #[serde(skip)]
    id: UserId,
    #[serde(flatten)]
    account: AccountView,
    /// Refused sign-ins in a row.
    failed_attempts: i64,
    /// Until when no sign-in is tried.
    locked_until: Option<Timestamp>,
    /// When the password was last changed; null for an account that has none.
    password_changed_at: Option<Timestamp>,
}

impl UserView {
    /// Whose it is.
    pub(crate) fn id(&self) -> UserId {
        self.id
    }
}

impl From<Account> for UserView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            failed_attempts: account.failed_attempts,
            locked_until: account.locked_until,
            password_changed_at: account.password_changed_at,
            account: account.into(),
        }
    }
}

/// A new account, and the password that was made for it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewUserView {
    #[serde(flatten)]
    pub(crate) user: UserView,
    /// The password that was made; shown this once.
    pub(crate) one_time_password: Option<String>,
}

/// The password that was set.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasswordView {
    /// The password that was made; shown this once.
    pub(crate) one_time_password: Option<String>,
    /// How many sessions ended by it.
    pub(crate) sessions_ended: u64,
}

/// What others see of somebody.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicProfileView {
    id: UserId,
    username: String,
    /// The name shown to others.
    name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    avatar: Option<String>,
    /// The same as `avatar`, under its older name.
    profile_picture: Option<String>,
    role: String,
    department: Option<String>,
    position: Option<String>,
    created_at: Timestamp,
}

impl From<Account> for PublicProfileView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            username: account.username,
            name: account.name,
            first_name: account.first_name,
            last_name: account.last_name,
            profile_picture: account.avatar.clone(),
            avatar: account.avatar,
            role: account.role,
            department: account.department,
            position: account.position,
            created_at: account.created_at,
        }
    }
}

/// An account: all of it to its owner and to those who administer accounts, what is public to others.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum ShownView {
    /// All of it.
    Full(Box<UserView>),
    /// What is public.
    Public(Box<PublicProfileView>),
}

/// How a table is taken in.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ImportOptions {
    /// Only say what would happen.
    pub(crate) dry_run: bool,
}

/// What came of an import.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportView {
    /// Nothing was written.
    pub(crate) is_dry_run: bool,
    /// How many accounts were made, or would be.
    pub(crate) created: usize,
    /// Each of them.
    pub(crate) users: Vec<ImportedView>,
}

/// A line of an import.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportedView {
    /// The number of the line in the file, from 1.
    pub(crate) line: u64,
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    pub(crate) role: String,
    /// Without one, the owner sets it by resetting the password.
    pub(crate) has_password: bool,
}
