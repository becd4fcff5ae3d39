//! `socle migrate`: what has been done to the tables, what would be, and doing it.

use std::process::ExitCode;

use socle_kit::assembly;
use socle_kit::db::{MigrationState, migration_plan, migration_status};
use socle_kit::kernel::{Clock, Result};

use super::call::Call;
use crate::configuration::enabled;
use crate::ground::{database_settings, open_database};
use crate::terminal::line;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let sets = assembly::migrations(&enabled(&values)?);
    match call.matches.subcommand_name() {
        Some("up") => {
            let db = open_database(&values)?;
            let report = db.migrate(&sets, &Clock::system())?;
            db.close();
            for step in &report.applied {
                line(&format!("  {} {}", step.module, step.name));
            }
            let count = i64::try_from(report.applied.len()).unwrap_or(i64::MAX);
            call.voice.say("migrate-done", &[("count", count.into())]);
        }
        Some("plan") => {
            let plan = migration_plan(&database_settings(&values)?, &sets)?;
            for step in &plan {
                line(&format!("-- {} {}\n{}", step.module, step.name, step.sql.trim()));
            }
            let count = i64::try_from(plan.len()).unwrap_or(i64::MAX);
            call.voice.say("migrate-planned", &[("count", count.into())]);
        }
        _ => {
            for step in migration_status(&database_settings(&values)?, &sets)? {
                let (key, at) = match step.state {
                    MigrationState::Applied(at) => ("migrate-applied", Some(at)),
                    MigrationState::Off(at) => ("migrate-off", Some(at)),
                    MigrationState::Pending => ("migrate-pending", None),
                    MigrationState::Changed => ("migrate-changed", None),
                    MigrationState::Unknown => ("migrate-unknown", None),
                    MigrationState::Skipped => ("migrate-skipped", None),
                };
                let when = at.map(|at| at.to_string()).unwrap_or_default();
                let when = call.voice.text(key, &[("when", when.into())]);
                line(&format!("  {:<10} {:<28} {when}", step.module, step.name));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
