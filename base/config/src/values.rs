//! The settings in force, typed, each with its source.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use socle_kernel::{Error, Result, Secret, Trouble};

use crate::gather::{Gathered, Given, gather};
use crate::parse::{Parsed, Quota, Raw, parse};
use crate::{Problem, Setting, Source, Sources, Specification};

/// The settings in force. Cheap to clone; `Debug` (in `render.rs`) shows them redacted.
#[derive(Clone)]
pub struct Values(Arc<Inner>);

struct Inner {
    entries: BTreeMap<&'static str, Entry>,
    /// The keys in the order of declaration.
    order: Vec<&'static str>,
    warnings: Vec<Problem>,
}

pub(crate) struct Entry {
    pub(crate) setting: Setting,
    pub(crate) value: Parsed,
    /// The value on one line, as it was written; empty for a secret.
    pub(crate) written: String,
    pub(crate) source: Source,
}

macro_rules! getters {
    ($($(#[$meta:meta])* $name:ident: $variant:ident($value:ident) -> $type:ty = $get:expr;)+) => {
        $($(#[$meta])*
        pub fn $name(&self, key: &str) -> Result<$type> {
            match &self.entry(key)?.value {
                Parsed::$variant($value) => Ok($get),
                _ => Err(Error::internal(format!("setting {key} is read as another kind: {}", stringify!($name)))),
            }
        })+
    };
}

impl Values {
    /// Merges the sources under the specification; all problems at once when there is one.
    pub fn load(specification: &Specification, sources: &Sources) -> std::result::Result<Self, Vec<Problem>> {
        let (values, problems) = Self::judge(specification, sources);
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }

    /// As [`Values::load`], with what is right beside what is wrong, so that more can be judged at once: a setting
    /// whose value is wrong has none.
    pub fn judge(specification: &Specification, sources: &Sources) -> (Self, Vec<Problem>) {
        let Gathered { layers, mut problems, warnings } = gather(specification, sources);
        // A value that a stronger layer replaces must be valid all the same: it would bite when that layer goes.
        for (key, given) in layers.iter().flatten() {
            let Some(setting) = specification.find(key) else { continue };
            if let Err(reason) = parse(setting.kind, &given.raw) {
                problems.push(Problem::new(setting.key, given.source.clone(), reason));
            }
        }
        let mut entries = BTreeMap::new();
        for setting in specification.settings() {
            let strongest = layers.iter().rev().find_map(|layer| layer.get(setting.key));
            let default = || Given { raw: Raw::Text(setting.default.to_owned()), source: Source::Default };
            let Given { raw, source } = strongest.cloned().unwrap_or_else(default);
            if let Some(value) = parse_or_unset(setting, &raw) {
                let written = if matches!(value, Parsed::Secret(_)) { String::new() } else { raw.line() };
                entries.insert(setting.key, Entry { setting: *setting, value, written, source });
            } else if source == Source::Default {
                let trouble = Trouble::new("setting-missing", "has no value and needs one");
                problems.push(Problem::new(setting.key, source, trouble));
            }
        }
        let order = specification.settings().iter().map(|setting| setting.key).collect();
        (Self(Arc::new(Inner { entries, order, warnings })), problems)
    }

    /// The strongest spelling of one setting, without judging the rest: what must be known before everything
    /// can be loaded (the profile, the data folder).
    pub fn peek(specification: &Specification, sources: &Sources, key: &str) -> Option<String> {
        let layers = gather(specification, sources).layers;
        let given = layers.iter().rev().find_map(|layer| layer.get(key)).map(|given| given.raw.line());
        given.or_else(|| specification.find(key).map(|setting| setting.default.to_owned()))
    }

    /// What is accepted but unwise.
    pub fn warnings(&self) -> &[Problem] {
        &self.0.warnings
    }

    /// Where the value comes from.
    pub fn source(&self, key: &str) -> Result<&Source> {
        Ok(&self.entry(key)?.source)
    }

    /// Did anyone but the default give a value?
    pub fn is_set(&self, key: &str) -> Result<bool> {
        Ok(self.entry(key)?.source != Source::Default)
    }

    getters! {
        /// A text; empty when unset.
        text: Text(value) -> &str = value;
        /// A secret, if set.
        secret: Secret(value) -> Option<Secret<String>> = value.clone();
        /// A yes or no.
        bool: Bool(value) -> bool = *value;
        /// A whole number.
        integer: Integer(value) -> i64 = *value;
        /// A time.
        duration: Duration(value) -> Duration = *value;
        /// A number of bytes.
        size: Size(value) -> u64 = *value;
        /// So many per time; none when it is off.
        quota: Quota(value) -> Option<Quota> = *value;
        /// The word chosen, spelled as declared.
        choice: Choice(value) -> &'static str = value;
        /// A list of texts.
        list: List(value) -> &[String] = value;
        /// Networks.
        networks: Networks(value) -> &[IpNet] = value;
        /// A path; empty when unset.
        path: Path(value) -> &Path = value;
        /// A URL, if set; it may hold a password.
        url: Url(value) -> Option<&str> = value.as_ref().map(|url| url.expose().as_str());
    }

    /// The entries in the order of declaration.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.order.iter().filter_map(|key| self.0.entries.get(key))
    }

    /// The address under which people reach the server, without a slash at its end: the public one where it is set, else
    /// this machine's.
    pub fn public_base(&self) -> Result<String> {
        Ok(match self.url("server.public_url")? {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.integer("server.port")?),
        })
    }

    fn entry(&self, key: &str) -> Result<&Entry> {
        self.0.entries.get(key).ok_or_else(|| Error::internal(format!("setting {key} was never declared")))
    }
}

/// The value, where "unset" is a value for the kinds that have a natural one.
fn parse_or_unset(setting: &Setting, raw: &Raw) -> Option<Parsed> {
    if raw.is_unset() && matches!(setting.kind, crate::SettingKind::Quota) {
        return Some(Parsed::Quota(None));
    }
    parse(setting.kind, raw).ok()
}
