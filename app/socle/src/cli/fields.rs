//! The keys that seal fields of the database: which there are, and sealing everything anew with the one in force.

use std::process::ExitCode;

use socle_kit::config::Values;
use socle_kit::crypto::Sealer;
use socle_kit::db::{Db, MigrationState, SealedColumn};
use socle_kit::kernel::Result;
use socle_kit::{Module, assembly, sealing};

use super::call::Call;
use crate::ground;
use crate::modules::MODULES;
use crate::terminal::{line, progress};

/// Shows the names of the keys, the one in force first. A name tells nothing of its key.
pub(super) fn list(call: &Call<'_>, sealer: Option<&Sealer>) {
    let Some(sealer) = sealer else { return call.voice.say("keys-seal-none", &[]) };
    for name in sealer.names() {
        let key = if name == sealer.current() { "keys-seals" } else { "keys-opens" };
        line(&format!("{name}  {}", call.voice.text(key, &[])));
    }
}

/// The names, for programs.
pub(super) fn names(sealer: Option<&Sealer>) -> Vec<&str> {
    sealer.into_iter().flat_map(Sealer::names).collect()
}

/// Seals anew what older keys have sealed, while servers run. A failure when something does not open.
pub(super) fn rotate(call: &Call<'_>, values: &Values) -> Result<ExitCode> {
    let (ground, _) = ground::open(values)?;
    let kit = &ground.kit;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let columns = columns(&kit.db)?;
    let reports = sealing::rotate(&kit.db, &kit.sealer, &columns, |report| {
        let args = [("column", report.column.into()), ("count", count(report.sealed).into())];
        progress(&call.voice.text("fields-working", &args));
    })?;
    progress("");
    for report in &reports {
        let args = [("column", report.column.into()), ("count", count(report.sealed).into())];
        call.voice.say("fields-column", &args);
        if report.broken > 0 {
            let args = [("column", report.column.into()), ("count", count(report.broken).into())];
            call.voice.say("fields-broken", &args);
        }
    }
    let broken: u64 = reports.iter().map(|report| report.broken).sum();
    call.voice.say(
        if broken == 0 { "fields-done" } else { "fields-incomplete" },
        &[("key", kit.sealer.current().into())],
    );
    kit.db.close();
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every column of sealed texts whose tables are there, whichever modules are on now: what a module that is switched
/// off has sealed must not be lost with a key.
fn columns(db: &Db) -> Result<Vec<SealedColumn>> {
    let status = db.migration_status(&assembly::migrations(MODULES))?;
    let is_there = |module: &&Module| {
        status.iter().any(|step| {
            step.module == module.name
                && matches!(step.state, MigrationState::Applied(_) | MigrationState::Off(_))
        })
    };
    let there: Vec<Module> = MODULES.iter().filter(is_there).copied().collect();
    Ok(assembly::sealed(&there))
}
