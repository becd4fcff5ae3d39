//! The keys that seal: are they this database's, and putting a new one in the place of an old one.

mod rotation;
mod store;
#[cfg(test)]
mod tests;

use socle_crypto::Sealer;
use socle_db::{Db, MigrationFile, MigrationSet, MigrationState};
use socle_kernel::{Result, Trouble};

pub use rotation::{ColumnReport, rotate};

/// The table of the check.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    module: "sealing",
    files: &[MigrationFile { name: "0001_sealing", sql: include_str!("../../migrations/0001_sealing.sql") }],
};

/// The one row of the check, and the text that it seals.
const CHECK: &str = "database";
const TEXT: &[u8] = b"the keys of this database";

/// Are the keys that are given this database's? Nothing is made or changed. False where the database has none yet: the
/// first it sees will be its own. Blocks: for a start, before it makes anything, and for commands.
pub fn look(db: &Db, given: Option<&Sealer>) -> Result<bool> {
    let is_there = |state| matches!(state, MigrationState::Applied(_) | MigrationState::Changed);
    let status = db.migration_status(&[MIGRATIONS])?;
    if !status.iter().any(|step| step.module == MIGRATIONS.module && is_there(step.state)) {
        return Ok(false);
    }
    let Some(found) = db.read_blocking(|conn| store::find(conn, CHECK))? else { return Ok(false) };
    match given {
        Some(sealer) => fits(sealer, &found).map(|()| true),
        None => {
            let wanted = Sealer::key_name(&found).unwrap_or("?");
            let text = format!("the database is sealed with the key {wanted}, and no key is given");
            Err(Trouble::new("sealing-key-none", text).arg("wanted", wanted).into())
        }
    }
}

/// Refuses keys that are not this database's: what they sealed could not be opened by others, nor what others sealed
/// by them. The first keys a database sees are its own. Blocks: for a start and for commands.
pub fn check(db: &Db, sealer: &Sealer) -> Result<()> {
    let find = || db.read_blocking(|conn| store::find(conn, CHECK));
    let found = match find()? {
        Some(found) => found,
        None => {
            let sealed = sealer.seal(&store::COLUMN.context(CHECK), TEXT)?;
            db.write_blocking(move |tx| store::insert(tx, CHECK, &sealed))?;
            // What is there now may be another node's, which began at the same moment.
            find()?.unwrap_or_default()
        }
    };
    fits(sealer, &found)
}

fn fits(sealer: &Sealer, found: &str) -> Result<()> {
    match sealer.open(&store::COLUMN.context(CHECK), found) {
        Ok(text) if text.expose() == TEXT => Ok(()),
        _ => Err(refusal(sealer, found).into()),
    }
}

fn refusal(sealer: &Sealer, found: &str) -> Trouble {
    let wanted = sealer.key_of(found).map_or("?", |(name, _)| name);
    let given = sealer.names().collect::<Vec<_>>().join(", ");
    let text = format!("the database is sealed with the key {wanted}, and the ring has {given}");
    Trouble::new("sealing-key", text).arg("wanted", wanted).arg("given", given)
}
