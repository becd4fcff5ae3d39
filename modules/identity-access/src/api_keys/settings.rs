//! The settings of API keys.

use std::time::Duration;

use socle_kit::config::{Setting, SettingKind, Values};
use socle_kit::kernel::{Result, Trouble};

/// What an operator may set.
pub(crate) const ALL: &[Setting] = &[
    Setting::new(
        "api_keys.max_age",
        SettingKind::Duration,
        "90d",
        "How old the secret of an API key may be; it works no more then, unless it was rotated.",
    ),
    Setting::new(
        "api_keys.warn_before",
        SettingKind::Duration,
        "14d",
        "How long before its end the owner of an API key is told.",
    ),
    Setting::new(
        "api_keys.rotation_overlap",
        SettingKind::Duration,
        "24h",
        "How long the secret of an API key works on after it was rotated.",
    ),
    Setting::new(
        "api_keys.per_account",
        SettingKind::Integer { min: 0, max: 1_000 },
        "25",
        "The most API keys of one account.",
    ),
];

/// The lives of keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeySettings {
    pub(crate) max_age: Duration,
    pub(crate) warn_before: Duration,
    pub(crate) overlap: Duration,
    pub(crate) per_account: i64,
}

impl KeySettings {
    /// As the settings say.
    pub(crate) fn of(settings: &Values) -> Result<Self> {
        Ok(Self {
            max_age: settings.duration("api_keys.max_age")?,
            warn_before: settings.duration("api_keys.warn_before")?,
            overlap: settings.duration("api_keys.rotation_overlap")?,
            per_account: settings.integer("api_keys.per_account")?,
        })
    }
}

/// What is wrong with the settings together, by the key of the setting that is to be changed.
pub fn troubles(settings: &Values) -> Vec<(&'static str, Trouble)> {
    let Ok(settings) = KeySettings::of(settings) else { return Vec::new() };
    if settings.warn_before < settings.max_age {
        return Vec::new();
    }
    let text = "setting api_keys.warn_before is no shorter than api_keys.max_age: every key would end soon";
    vec![("api_keys.warn_before", Trouble::new("setting-not-shorter", text).arg("than", "api_keys.max_age"))]
}
