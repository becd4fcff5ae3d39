//! Where a value comes from, and what is wrong with it.

use std::fmt;
use std::path::PathBuf;

use socle_kernel::Trouble;

use crate::{Setting, Specification};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody gave one.
    Default,
    /// The embedded profile.
    Profile {
        /// Its name.
        name: String,
        /// The line, where known.
        line: Option<usize>,
    },
    /// The configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, where known.
        line: Option<usize>,
    },
    /// The `.env` file.
    DotEnv {
        /// The file.
        path: PathBuf,
        /// The line, where known.
        line: Option<usize>,
    },
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |line: &Option<usize>| line.map(|line| format!(":{line}")).unwrap_or_default();
        match self {
            Self::Default => f.write_str("default"),
            Self::Profile { name, line } => write!(f, "profile {name}{}", at(line)),
            Self::File { path, line } | Self::DotEnv { path, line } => {
                write!(f, "{}{}", path.display(), at(line))
            }
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag --{name}"),
        }
    }
}

/// What is wrong, where, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, or the name as it was written when no key has it; empty for a whole file.
    pub key: String,
    /// Where it stands.
    pub source: Source,
    /// What is wrong: the end of a sentence that begins with the key.
    pub trouble: Trouble,
    /// The nearest name that exists, for an unknown one.
    pub nearest: Option<String>,
}

impl Problem {
    /// `trouble` completes the sentence that begins with the key.
    pub fn new(key: impl Into<String>, source: Source, trouble: Trouble) -> Self {
        Self { key: key.into(), source, trouble, nearest: None }
    }

    /// The name does not exist; the nearest is spelled by `spelling`, as this sort of source spells names.
    pub(crate) fn unknown(
        name: &str,
        source: Source,
        specification: &Specification,
        spelling: fn(&Setting) -> String,
    ) -> Self {
        let nearest = nearest(name, specification).map(spelling);
        Self { nearest, ..Self::new(name, source, Trouble::new("setting-unknown", "is not a setting")) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.source)?;
        if !self.key.is_empty() {
            write!(f, "{} ", self.key)?;
        }
        write!(f, "{}", self.trouble)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean {nearest}?"),
            None => Ok(()),
        }
    }
}

/// The setting whose key, variable or flag resembles `name` most, when one resembles it at all.
fn nearest<'a>(name: &str, specification: &'a Specification) -> Option<&'a Setting> {
    const RESEMBLANCE: f64 = 0.6;
    let wanted = name.to_ascii_lowercase().replace('-', "_");
    let score = |setting: &Setting| {
        let spellings =
            [setting.key.to_owned(), setting.variable(), setting.flag(), setting.name().to_owned()];
        let alike = spellings.iter().map(|spelling| {
            let spelling = spelling.to_ascii_lowercase().replace('-', "_");
            strsim::normalized_damerau_levenshtein(&wanted, &spelling)
        });
        alike.fold(0.0, f64::max)
    };
    let scored = specification.settings().iter().map(|setting| (score(setting), setting));
    scored
        .filter(|(score, _)| *score >= RESEMBLANCE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, setting)| setting)
}
