//! The profiles built into the binary.

/// A profile's name and its commented text.
pub const PROFILES: &[(&str, &str)] = &[
    ("full", include_str!("../profiles/full.toml")),
    ("intranet", include_str!("../profiles/intranet.toml")),
];

/// The profile of this name.
pub fn find(name: &str) -> Option<(&'static str, &'static str)> {
    PROFILES.iter().copied().find(|(known, _)| *known == name)
}
