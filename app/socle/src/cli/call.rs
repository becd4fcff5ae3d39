//! What a command works with.

use std::process::ExitCode;

use clap::ArgMatches;
use socle_kit::config::{Problem, Values};
use socle_kit::kernel::Result;

use crate::configuration::{self, Given};
use crate::terminal::{Voice, complain};

/// The exit code of a refused configuration (`EX_CONFIG` of sysexits).
const BAD_CONFIGURATION: u8 = 78;

/// What a command works with.
pub(crate) struct Call<'a> {
    pub(crate) matches: &'a ArgMatches,
    pub(crate) given: Given,
    pub(crate) voice: Voice,
}

impl Call<'_> {
    /// The settings in force; when there are none, what is wrong has been said.
    pub(crate) fn values(&self) -> Result<std::result::Result<Values, ExitCode>> {
        Ok(match configuration::load(&self.given)? {
            Ok(values) => Ok(values),
            Err(problems) => {
                self.tell(&problems);
                Err(ExitCode::from(BAD_CONFIGURATION))
            }
        })
    }

    /// Says what is wrong with the settings, a line each.
    pub(crate) fn tell(&self, problems: &[Problem]) {
        let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
        complain(&self.voice.text("config-refused", &[("count", count.into())]));
        for problem in problems {
            complain(&self.voice.problem(problem));
        }
    }
}
