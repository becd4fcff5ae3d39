//! `socle completions`: what a shell needs to complete our commands.

use std::process::ExitCode;

use clap_complete::{Shell, generate};
use socle_kit::kernel::Result;

use super::arguments;
use super::call::Call;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let Some(shell) = call.matches.get_one::<Shell>("shell") else { return Ok(ExitCode::FAILURE) };
    generate(*shell, &mut arguments::command()?, "socle", &mut std::io::stdout());
    Ok(ExitCode::SUCCESS)
}
