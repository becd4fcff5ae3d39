//! Why a command or a start failed: a key for the operator's sentence, and a text for the log.

use std::error::Error as StdError;
use std::fmt;

use crate::{Arg, Error, codes};

/// What keeps a server from starting or a command from running, as the operator is told it.
///
/// The roof has a sentence `trouble-<key>` and a hint `trouble-<key>-hint` in every language. The text is for
/// the log. Neither repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    key: &'static str,
    text: String,
    args: Vec<(&'static str, Arg)>,
}

impl Trouble {
    /// A trouble with this key; `text` says it in the log.
    pub fn new(key: &'static str, text: impl Into<String>) -> Self {
        Self { key, text: text.into(), args: Vec::new() }
    }

    /// With an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// With what the system said: the argument `io`, a word the roof has a sentence for, and `reason`, the
    /// system's own words.
    #[must_use]
    pub fn io(self, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Is;
        let word = match error.kind() {
            Is::NotFound => "not-found",
            Is::PermissionDenied => "denied",
            Is::ConnectionRefused => "refused",
            Is::TimedOut => "timeout",
            Is::AddrInUse => "in-use",
            Is::AddrNotAvailable => "not-here",
            Is::IsADirectory => "is-folder",
            Is::NotADirectory => "no-folder",
            Is::ReadOnlyFilesystem => "read-only",
            Is::StorageFull => "full",
            Is::AlreadyExists => "exists",
            Is::InvalidData => "no-text",
            _ => "other",
        };
        self.arg("io", word).arg("reason", error.to_string())
    }

    /// The key of the sentence, without `trouble-`.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// The arguments of the sentence.
    pub fn args(&self) -> &[(&'static str, Arg)] {
        &self.args
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl StdError for Trouble {}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        Self::new(codes::INTERNAL_ERROR).because(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_found_again_in_the_error_it_became_and_says_what_the_system_said_in_a_word() {
        let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error: Error = Trouble::new("folder", "the folder cannot be made").io(&denied).into();
        assert_eq!(error.to_string(), "INTERNAL_ERROR: the folder cannot be made");
        let trouble = error.cause::<Trouble>().unwrap();
        assert_eq!((trouble.key(), &trouble.args()[0]), ("folder", &("io", Arg::from("denied"))));
    }
}
