//! The profiles built into the binary.

/// A profile's name and its commented text.
pub const PROFILES: &[(&str, &str)] = &[
    ("full", include_str!("../profiles/full.toml")),
    ("exchange", include_str!("../profiles/exchange.toml")),
    ("intranet", include_str!("../profiles/intranet.toml")),
    ("learning", include_str!("../profiles/learning.toml")),
    ("music", include_str!("../profiles/music.toml")),
];

/// The profile of this name.
pub fn find(name: &str) -> Option<(&'static str, &'static str)> {
    PROFILES.iter().copied().find(|(known, _)| *known == name)
}

#[cfg(test)]
mod tests {
    use socle_kit::assembly;
    use socle_kit::config::{Sources, Values};

    use super::*;
    use crate::configuration::{self, ROOF};
    use crate::modules::MODULES;

    fn values(name: &str) -> Values {
        let specification = assembly::specification(MODULES, ROOF).unwrap();
        let profile = find(name).map(|(name, text)| (name.to_owned(), text));
        Values::load(&specification, &Sources { profile, ..Sources::default() })
            .unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
    }

    #[test]
    fn every_profile_can_be_read_and_enables_what_exists() {
        for (name, _) in PROFILES {
            let enabled = configuration::enabled(&values(name)).unwrap();
            assert!(enabled.iter().any(|module| module.name == "identity"), "{name}");
        }
    }

    /// The role, the language, and the rules of passwords and user names.
    fn rules(name: &str) -> (String, String, i64, String, String, i64) {
        let values = values(name);
        (
            values.choice("identity.default_role").unwrap().to_owned(),
            values.choice("language.default").unwrap().to_owned(),
            values.integer("identity.password_min_length").unwrap(),
            values.list("identity.password_require").unwrap().join(" "),
            values.choice("identity.username_pattern").unwrap().to_owned(),
            values.integer("identity.username_max_length").unwrap(),
        )
    }

    #[test]
    fn r1_87_r1_104_to_107_r3_226_r3_228_c24_c25_each_profile_has_its_own_rules_for_accounts() {
        let own = |role: &str, language: &str, length, require: &str, pattern: &str, longest| {
            (role.to_owned(), language.to_owned(), length, require.to_owned(), pattern.to_owned(), longest)
        };
        assert_eq!(rules("full"), own("user", "fr", 15, "", "default", 50));
        assert_eq!(rules("exchange"), own("user", "fr", 15, "", "default", 50));
        assert_eq!(rules("learning"), own("student", "fr", 8, "upper digit", "default", 30));
        assert_eq!(rules("music"), own("user", "en", 8, "special", "alphanumeric", 50));
        assert_eq!(rules("intranet"), own("employee", "fr", 8, "", "default", 50));
    }
}
