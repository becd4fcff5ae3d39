//! The set of all settings that exist.

use std::collections::BTreeMap;

use socle_kernel::{Error, Result};

use crate::Setting;
use crate::parse::{Raw, parse};

/// All the settings there are.
#[derive(Debug, Clone)]
pub struct Specification(Vec<Setting>);

impl Specification {
    /// The base settings and each module's. A key, variable or flag that stands twice, a key that is also
    /// a section, and a default that is not of its kind are programming errors.
    pub fn new<'a>(groups: impl IntoIterator<Item = &'a [Setting]>) -> Result<Self> {
        let settings: Vec<Setting> = groups.into_iter().flatten().copied().collect();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for setting in &settings {
            let mut names = vec![setting.key.to_owned(), setting.variable(), format!("--{}", setting.flag())];
            names.extend(setting.aliases.iter().map(|&alias| alias.to_owned()));
            if setting.may_stand_in_file() {
                names.push(format!("{}_FILE", setting.variable()));
            }
            for name in names {
                if let Some(other) = taken.insert(name.clone(), setting.key) {
                    let message = format!("settings {other} and {} both claim {name}", setting.key);
                    return Err(Error::internal(message));
                }
            }
            if !setting.default.is_empty()
                && let Err(reason) = parse(setting.kind, &Raw::Text(setting.default.to_owned()))
            {
                return Err(Error::internal(format!("the default of setting {} {reason}", setting.key)));
            }
        }
        let nested = |inner: &&Setting| {
            settings
                .iter()
                .any(|outer| inner.key.strip_prefix(outer.key).is_some_and(|rest| rest.starts_with('.')))
        };
        if let Some(setting) = settings.iter().find(nested) {
            return Err(Error::internal(format!("setting {} lies inside another setting", setting.key)));
        }
        Ok(Self(settings))
    }

    /// The settings, in the order of declaration.
    pub fn settings(&self) -> &[Setting] {
        &self.0
    }

    /// The setting with this key.
    pub fn find(&self, key: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.key == key)
    }

    /// Is this the name of a section, at any depth?
    pub(crate) fn is_section(&self, key: &str) -> bool {
        self.0.iter().any(|setting| setting.key.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
    }

    /// The sections in order of first appearance, each with its settings; keys without a section first.
    pub(crate) fn sections(&self) -> Vec<(&'static str, Vec<&Setting>)> {
        let mut sections: Vec<(&'static str, Vec<&Setting>)> = vec![("", Vec::new())];
        for setting in &self.0 {
            match sections.iter_mut().find(|(name, _)| *name == setting.section()) {
                Some((_, settings)) => settings.push(setting),
                None => sections.push((setting.section(), vec![setting])),
            }
        }
        sections.retain(|(_, settings)| !settings.is_empty());
        sections
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SettingKind;

    const PORT: Setting =
        Setting::new("server.port", SettingKind::Integer { min: 0, max: 9 }, "8", "Port.").env("PORT");

    fn reason(settings: &[Setting]) -> String {
        Specification::new([settings]).unwrap_err().to_string()
    }

    #[test]
    fn two_settings_may_not_share_a_key_a_variable_or_a_flag() {
        assert!(reason(&[PORT, PORT]).contains("server.port"));
        let same_variable = Setting::new("port", SettingKind::Text, "", "Port.");
        assert!(reason(&[PORT, same_variable]).contains("both claim PORT"));
        let same_flag = Setting::new("other", SettingKind::Text, "", "Port.").env("SOCLE_PORT");
        assert!(reason(&[PORT, same_flag]).contains("both claim --port"));
        let alias = Setting::new("other", SettingKind::Text, "", "Port.").aliases(&["PORT"]);
        assert!(reason(&[PORT, alias]).contains("both claim PORT"));
    }

    #[test]
    fn a_key_may_not_be_a_section_and_a_default_must_be_of_its_kind() {
        let section = Setting::new("server", SettingKind::Text, "", "Server.");
        assert!(reason(&[section, PORT]).contains("inside another"));
        let default = Setting::new("pause", SettingKind::Duration, "long", "Pause.");
        assert!(reason(&[default]).contains("default of setting pause"));
    }
}
