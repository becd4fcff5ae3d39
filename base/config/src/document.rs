//! Reads a TOML document under a specification: the values of known keys, and what is wrong, with lines.

use socle_kernel::Trouble;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::parse::Raw;
use crate::{Problem, Setting, SettingKind, Source, Specification};

/// A value of the document.
pub(crate) struct Found {
    pub(crate) key: &'static str,
    pub(crate) raw: Raw,
    pub(crate) line: usize,
}

/// Reads `text`; `at` names a place in it from a line.
pub(crate) fn read(
    text: &str,
    specification: &Specification,
    at: &dyn Fn(Option<usize>) -> Source,
) -> (Vec<Found>, Vec<Problem>) {
    let mut reader = Reader { text, specification, at, found: Vec::new(), problems: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.table("", table.get_ref()),
        Err(error) => {
            let line = error.span().map(|span| reader.line(span.start));
            let trouble = Trouble::new("settings-malformed", format!("is not TOML: {}", error.message()))
                .arg("reason", error.message());
            reader.problems.push(Problem::new("", at(line), trouble));
        }
    }
    (reader.found, reader.problems)
}

struct Reader<'a> {
    text: &'a str,
    specification: &'a Specification,
    at: &'a dyn Fn(Option<usize>) -> Source,
    found: Vec<Found>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|&byte| byte == b'\n').count()
    }

    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (name, value) in table.iter() {
            let key = if prefix.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{prefix}.{}", name.get_ref())
            };
            let line = self.line(name.span().start);
            match (self.specification.find(&key).copied(), value.get_ref()) {
                (Some(setting), _) => self.setting(&setting, value, line),
                (None, DeValue::Table(inner)) if self.specification.is_section(&key) => {
                    self.table(&key, inner);
                }
                (None, _) if self.specification.is_section(&key) => {
                    self.problems.push(Problem::new(
                        key,
                        (self.at)(Some(line)),
                        Trouble::new("setting-is-section", "is a section, not a setting"),
                    ));
                }
                (None, DeValue::Table(inner)) if !inner.is_empty() => self.table(&key, inner),
                (None, _) => {
                    let source = (self.at)(Some(line));
                    let spelling = |setting: &Setting| setting.key.to_owned();
                    self.problems.push(Problem::unknown(&key, source, self.specification, spelling));
                }
            }
        }
    }

    fn setting(&mut self, setting: &Setting, value: &Spanned<DeValue<'_>>, line: usize) {
        match raw(setting.kind, value.get_ref()) {
            Some(raw) => self.found.push(Found { key: setting.key, raw, line }),
            None => {
                let text = format!("is not of the right type (expected: {})", setting.kind.describe());
                let trouble = setting.kind.expected(Trouble::new("setting-type", text));
                self.problems.push(Problem::new(setting.key, (self.at)(Some(line)), trouble));
            }
        }
    }
}

/// The spelling of a TOML value, when its type suits the kind.
fn raw(kind: SettingKind, value: &DeValue<'_>) -> Option<Raw> {
    match (value, kind) {
        (DeValue::String(text), _) => Some(Raw::Text(text.to_string())),
        (DeValue::Boolean(flag), SettingKind::Bool) => Some(Raw::Text(flag.to_string())),
        (DeValue::Integer(number), SettingKind::Integer { .. } | SettingKind::Size) => {
            i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(|number| Raw::Text(number.to_string()))
        }
        (DeValue::Array(items), SettingKind::List | SettingKind::Networks) => {
            let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            };
            items.iter().map(text).collect::<Option<_>>().map(Raw::List)
        }
        _ => None,
    }
}
