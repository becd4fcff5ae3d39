//! What the doctor found.

use socle_kit::kernel::{Arg, text_enum};

text_enum! {
    /// How bad a finding is.
    pub(crate) enum Level {
        /// As it should be.
        Ok = "ok",
        /// It works, and should be changed.
        Warning = "warning",
        /// It does not work, or is not safe.
        Error = "error",
    }
}

/// What was found: a sentence, and for what is not as it should be, a hint.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The check: `database`.
    pub(crate) check: &'static str,
    /// How bad.
    pub(crate) level: Level,
    /// The key of the sentence; the hint's is the same with `-hint`.
    pub(crate) key: &'static str,
    /// The arguments of both.
    pub(crate) args: Vec<(&'static str, Arg)>,
}

/// What was found.
pub(crate) fn finding(
    check: &'static str,
    level: Level,
    key: &'static str,
    args: &[(&'static str, Arg)],
) -> Finding {
    Finding { check, level, key, args: args.to_vec() }
}
