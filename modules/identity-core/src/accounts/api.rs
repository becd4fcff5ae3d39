//! The wire shapes of accounts that several wings answer with.

use schemars::JsonSchema;
use serde::Serialize;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Error, Result, Timestamp, UserId, codes};

use super::model::Account;

/// Fields that people do not see and robots fill (R2-56…58).
pub trait Honeypots {
    /// What was found in them.
    fn honeypots(&self) -> [Option<&str>; 3];

    /// Refuses what only a robot sends, without saying what gave it away.
    fn refuse_robots(&self) -> Result<()> {
        if self.honeypots().iter().flatten().any(|found| !found.is_empty()) {
            return Err(Error::new(codes::BAD_REQUEST));
        }
        Ok(())
    }
}

/// An account as its owner sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    id: UserId,
    username: String,
    email: Option<String>,
    /// The name shown to others.
    name: String,
    first_name: Option<String>,
    last_name: Option<String>,
    role: String,
    avatar: Option<String>,
    /// The same as `avatar`, under its older name.
    profile_picture: Option<String>,
    employee_id: Option<String>,
    department: Option<String>,
    position: Option<String>,
    phone: Option<String>,
    language: Option<Language>,
    is_active: bool,
    email_verified: bool,
    /// The password was chosen by somebody else, and is to be changed.
    must_change_password: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            username: account.username,
            email: account.email,
            name: account.name,
            first_name: account.first_name,
            last_name: account.last_name,
            role: account.role,
            profile_picture: account.avatar.clone(),
            avatar: account.avatar,
            employee_id: account.employee_id,
            department: account.department,
            position: account.position,
            phone: account.phone,
            language: account.language,
            is_active: account.is_active,
            email_verified: account.email_verified_at.is_some(),
            must_change_password: account.password_one_time,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}
