//! `socle completions`: what a shell needs to complete our commands.

use std::process::ExitCode;

use clap_complete::{Shell, generate};
use socle_kit::kernel::Result;

use super::arguments;
use super::call::Call;
use crate::terminal::line;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let Some(shell) = call.matches.get_one::<Shell>("shell") else { return Ok(ExitCode::FAILURE) };
    // Not written at once: a reader that has gone away is no failure.
    let mut script = Vec::new();
    generate(*shell, &mut arguments::command(&call.voice), "socle", &mut script);
    line(String::from_utf8_lossy(&script).trim_end());
    Ok(ExitCode::SUCCESS)
}
