//! Writes settings for people: the commented default file, `.env.example`, and the redacted values in force.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::parse::Parsed;
use crate::{Setting, SettingKind, Source, Specification, Values};

/// A value in force, fit for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The key.
    pub key: &'static str,
    /// The value: secrets are `[set]` or `[unset]`, passwords inside URLs are `***`.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
}

/// The values in force in the order of declaration, redacted.
pub fn show(values: &Values) -> Vec<Shown> {
    let shown = values.entries().map(|entry| {
        let value = match &entry.value {
            Parsed::Secret(secret) => if secret.is_some() { "[set]" } else { "[unset]" }.to_owned(),
            Parsed::Url(_) | Parsed::Text(_) | Parsed::List(_) => redact(&entry.written).into_owned(),
            _ => entry.written.clone(),
        };
        Shown { key: entry.setting.key, value, source: entry.source.clone() }
    });
    shown.collect()
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = show(self);
        f.debug_map().entries(shown.iter().map(|shown| (shown.key, &shown.value))).finish()
    }
}

/// Hides the password of a URL, and every parameter that sounds like a secret. It rather hides too much.
fn redact(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return redact_parameters(text) };
    let Some((userinfo, rest)) = rest.rsplit_once('@') else { return redact_parameters(text) };
    let user = userinfo.split_once(':').map_or_else(String::new, |(user, _)| format!("{user}:"));
    Cow::Owned(format!("{scheme}://{user}***@{}", redact_parameters(rest)))
}

fn redact_parameters(text: &str) -> Cow<'_, str> {
    let Some((before, query)) = text.split_once('?') else { return Cow::Borrowed(text) };
    let hidden = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if sounds_secret(name) => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    Cow::Owned(format!("{before}?{}", hidden.collect::<Vec<_>>().join("&")))
}

fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "secret", "token", "key", "pwd", "auth"].iter().any(|word| name.contains(word))
}

/// A TOML file with every key commented out at its default, grouped in sections.
pub fn default_toml(specification: &Specification) -> String {
    let mut text = String::from(
        "# Every setting with its default. Remove the \"# \" before a key to change it.\n\
         # The environment variable and the flag in parentheses are stronger than this file.\n",
    );
    for (section, settings) in specification.sections() {
        let header = if section.is_empty() { String::new() } else { format!("\n[{section}]\n") };
        text.push_str(&header);
        for setting in settings {
            let _ = write!(
                text,
                "\n## {}\n## {} ({}, --{})\n# {} = {}\n",
                setting.doc,
                capital(&setting.kind.describe()),
                variables(setting),
                setting.flag(),
                setting.name(),
                toml_value(setting),
            );
        }
    }
    text
}

/// A `.env` file with every variable commented out at its default.
pub fn env_example(specification: &Specification) -> String {
    let mut text =
        String::from("# Every variable with its default. Remove the \"# \" before a name to change it.\n");
    for (section, settings) in specification.sections() {
        let title = if section.is_empty() { "general" } else { section };
        let _ = write!(text, "\n## --- {title} ---\n");
        for setting in settings {
            let _ = writeln!(text, "\n## {} {}.", setting.doc, capital(&setting.kind.describe()));
            if setting.may_stand_in_file() {
                let _ =
                    writeln!(text, "## Or {}_FILE, the path of a file that holds it.", setting.variable());
            }
            let _ = writeln!(text, "# {}={}", setting.variable(), setting.default);
        }
    }
    text
}

fn variables(setting: &Setting) -> String {
    let name = setting.variable();
    if setting.may_stand_in_file() { format!("{name} or {name}_FILE") } else { name }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn toml_value(setting: &Setting) -> String {
    match setting.kind {
        SettingKind::Bool | SettingKind::Integer { .. } if !setting.default.is_empty() => {
            setting.default.to_owned()
        }
        SettingKind::List | SettingKind::Networks => {
            let items = setting.default.split(',').map(str::trim).filter(|item| !item.is_empty());
            format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
        }
        _ => quoted(setting.default),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_inside_a_url_is_never_shown() {
        assert_eq!(redact("postgres://socle:p@ss/w?rd@db:5432/x"), "postgres://socle:***@db:5432/x");
        assert_eq!(redact("redis://:secret@cache"), "redis://:***@cache");
        assert_eq!(redact("nats://token@bus"), "nats://***@bus");
        assert_eq!(
            redact("postgres:///x?user=a&password=b&sslmode=c"),
            "postgres:///x?user=a&password=***&sslmode=c"
        );
        assert_eq!(redact("sqlite:data/socle.db"), "sqlite:data/socle.db");
    }
}
