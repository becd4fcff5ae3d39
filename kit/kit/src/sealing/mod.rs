//! The keys that seal: are they this database's, and putting a new one in the place of an old one.

mod rotation;
mod store;
#[cfg(test)]
mod tests;

use socle_crypto::Sealer;
use socle_db::{Db, MigrationFile, MigrationSet};
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
    match sealer.open(&store::COLUMN.context(CHECK), &found) {
        Ok(text) if text.expose() == TEXT => Ok(()),
        _ => Err(refusal(sealer, &found).into()),
    }
}

fn refusal(sealer: &Sealer, found: &str) -> Trouble {
    let wanted = sealer.key_of(found).map_or("?", |(name, _)| name);
    let given = sealer.names().collect::<Vec<_>>().join(", ");
    let text = format!("the database is sealed with the key {wanted}, and the ring has {given}");
    Trouble::new("sealing-key", text).arg("wanted", wanted).arg("given", given)
}
