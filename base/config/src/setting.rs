//! What a setting is.

use socle_kernel::Trouble;

/// One setting: declared by who reads it, documented in one line.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The key in the file: `data_dir`, `database.url`.
    pub key: &'static str,
    /// What its value may be.
    pub kind: SettingKind,
    /// The value when nobody gives one, spelled as in the environment; empty for none.
    pub default: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// The variable's name, when it is not the key in capitals with `_` for `.`.
    pub env: Option<&'static str>,
    /// Variables of other conventions, read only when nothing but a default or a profile says otherwise.
    pub aliases: &'static [&'static str],
}

/// What the value of a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Any text.
    Text,
    /// A text that is never shown; also read from the file that `<NAME>_FILE` names.
    Secret,
    /// `true` or `false` (also `yes`, `no`, `on`, `off`, `1`, `0`).
    Bool,
    /// A whole number within bounds, both included.
    Integer {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A time: `500ms`, `30s`, `15m`, `12h`, `7d`.
    Duration,
    /// A number of bytes: `1MiB`, `64KiB`, `512`.
    Size,
    /// So many per time, `100/1m`, or `off`.
    Quota,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Texts separated by commas, or a TOML array.
    List,
    /// Addresses and networks: `10.0.0.0/8, ::1`.
    Networks,
    /// A path of the file system.
    Path,
    /// An address with a scheme. It may hold a password: shown without it, and also read from `<NAME>_FILE`.
    Url,
}

impl Setting {
    /// A setting whose variable is its key in capitals.
    pub const fn new(key: &'static str, kind: SettingKind, default: &'static str, doc: &'static str) -> Self {
        Self { key, kind, default, doc, env: None, aliases: &[] }
    }

    /// The same, read from another variable.
    #[must_use]
    pub const fn env(mut self, name: &'static str) -> Self {
        self.env = Some(name);
        self
    }

    /// The same, with variables of other conventions as a fallback.
    #[must_use]
    pub const fn aliases(mut self, names: &'static [&'static str]) -> Self {
        self.aliases = names;
        self
    }

    /// The environment variable: `DATABASE_URL`.
    pub fn variable(&self) -> String {
        self.env.map_or_else(|| self.key.to_ascii_uppercase().replace('.', "_"), str::to_owned)
    }

    /// The flag without its dashes: the variable in lower case, without our prefix (`database-url`, `data-dir`).
    pub fn flag(&self) -> String {
        let variable = self.variable();
        let name = variable.strip_prefix("SOCLE_").unwrap_or(&variable);
        name.to_ascii_lowercase().replace('_', "-")
    }

    /// May the value stand in a file of its own, named by `<NAME>_FILE`?
    pub(crate) const fn may_stand_in_file(&self) -> bool {
        matches!(self.kind, SettingKind::Secret | SettingKind::Url)
    }

    /// The part of the key before the last dot, empty for a key without one.
    pub(crate) fn section(&self) -> &'static str {
        self.key.rsplit_once('.').map_or("", |(section, _)| section)
    }

    /// The part of the key after the last dot.
    pub(crate) fn name(&self) -> &'static str {
        self.key.rsplit_once('.').map_or(self.key, |(_, name)| name)
    }
}

impl SettingKind {
    /// The word of the kind, for sentences that say what was expected.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secret => "secret",
            Self::Bool => "bool",
            Self::Integer { max: i64::MAX, .. } => "integer-from",
            Self::Integer { .. } => "integer",
            Self::Duration => "duration",
            Self::Size => "size",
            Self::Quota => "quota",
            Self::Choice(_) => "choice",
            Self::List => "list",
            Self::Networks => "networks",
            Self::Path => "path",
            Self::Url => "url",
        }
    }

    /// The trouble, with what was expected instead: `kind`, and `min`, `max` or `words` where the kind has them.
    pub(crate) fn expected(self, trouble: Trouble) -> Trouble {
        let trouble = trouble.arg("kind", self.word());
        match self {
            Self::Integer { min, max } => trouble.arg("min", min).arg("max", max),
            Self::Choice(words) => trouble.arg("words", words.join(", ")),
            _ => trouble,
        }
    }

    /// What the values look like, for the documentation.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Secret => "secret".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Integer { min, max } if max == i64::MAX => format!("whole number, {min} or more"),
            Self::Integer { min, max } => format!("whole number from {min} to {max}"),
            Self::Duration => "time, like 500ms, 30s, 15m, 12h or 7d".to_owned(),
            Self::Size => "size, like 64KiB or 1MiB".to_owned(),
            Self::Quota => "so many per time, like 100/1m, or off".to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::List => "list of texts".to_owned(),
            Self::Networks => "list of addresses and networks, like 10.0.0.0/8".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Url => "URL".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_the_variable_in_lower_case_without_our_prefix() {
        let folder = Setting::new("data_dir", SettingKind::Path, "./data", "Data.").env("SOCLE_DATA_DIR");
        assert_eq!((folder.variable().as_str(), folder.flag().as_str()), ("SOCLE_DATA_DIR", "data-dir"));
        let read = Setting::new("intranet.public_read", SettingKind::Bool, "false", "Public.");
        assert_eq!(
            (read.variable().as_str(), read.flag().as_str()),
            ("INTRANET_PUBLIC_READ", "intranet-public-read")
        );
    }
}
