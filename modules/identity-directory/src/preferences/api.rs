//! The wire shapes of preferences.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_identity_core::accounts::model::{Account, Preference};
use socle_kit::i18n::Language;

/// What one prefers: the body of `PUT`, and what a `PATCH` is applied to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = serde_json::json!({"language": "fr", "notifications": true, "darkMode": false, "learningGoal": 10}))]
pub(crate) struct PreferenceInput {
    /// The language of what one reads; the browser's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<Language>,
    /// One wants to be notified.
    pub(crate) notifications: bool,
    /// One wants light letters on dark.
    pub(crate) dark_mode: bool,
    /// The minutes a day that one wants to learn.
    #[schemars(range(min = 1, max = 1_440))]
    pub(crate) learning_goal: i64,
}

impl PreferenceInput {
    /// What is preferred so far.
    pub(crate) fn of(account: &Account, preference: &Preference) -> Self {
        Self {
            language: account.language,
            notifications: preference.notifications,
            dark_mode: preference.dark_mode,
            learning_goal: preference.learning_goal,
        }
    }
}

/// What one prefers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreferenceView {
    /// The language of what one reads; null for the browser's.
    pub(crate) language: Option<Language>,
    /// One wants to be notified.
    pub(crate) notifications: bool,
    /// One wants light letters on dark.
    pub(crate) dark_mode: bool,
    /// The minutes a day that one wants to learn.
    pub(crate) learning_goal: i64,
}

impl From<PreferenceInput> for PreferenceView {
    fn from(input: PreferenceInput) -> Self {
        let PreferenceInput { language, notifications, dark_mode, learning_goal } = input;
        Self { language, notifications, dark_mode, learning_goal }
    }
}
