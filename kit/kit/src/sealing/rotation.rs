//! Sealing anew, under the key in force, what older keys have sealed: a few rows at a time, while servers run.
//!
//! It may be interrupted and begun again: what is done is not done twice. Servers that have the old keys in their ring
//! read both; the key in force must be the same on all of them before, or what they write meanwhile is left over.

use socle_crypto::Sealer;
use socle_db::{Db, SealedColumn, SealedText};
use socle_kernel::Result;

use super::store;

/// Rows of one transaction: few enough that nobody waits long for them.
const BATCH: i64 = 100;

/// What became of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnReport {
    /// `table.column`.
    pub column: &'static str,
    /// Sealed anew.
    pub sealed: u64,
    /// Did not open: their key is not in the ring, or somebody has changed the row.
    pub broken: u64,
}

/// Seals everything in these columns anew that another key than the one in force has sealed; `progress` is told after
/// every few rows. Blocks: for commands.
///
/// The check of the keys follows when nothing is left over: until then a server without the old keys does not start.
pub fn rotate(
    db: &Db,
    sealer: &Sealer,
    columns: &[SealedColumn],
    mut progress: impl FnMut(&ColumnReport),
) -> Result<Vec<ColumnReport>> {
    let mut reports = Vec::new();
    for column in columns {
        reports.push(column_anew(db, sealer, *column, &mut progress)?);
    }
    if reports.iter().all(|report| report.broken == 0) {
        column_anew(db, sealer, store::COLUMN, &mut |_| {})?;
    }
    Ok(reports)
}

fn column_anew(
    db: &Db,
    sealer: &Sealer,
    column: SealedColumn,
    progress: &mut impl FnMut(&ColumnReport),
) -> Result<ColumnReport> {
    let mut report = ColumnReport { column: column.name, sealed: 0, broken: 0 };
    let mut after = String::new();
    loop {
        let (from, prefix) = (after.clone(), sealer.prefix());
        let texts = db.read_blocking(move |conn| column.others(conn, &from, &prefix, BATCH))?;
        let Some(last) = texts.last() else { return Ok(report) };
        after.clone_from(&last.id);
        let (sealed, broken) = batch(db, sealer, column, texts)?;
        report.sealed += sealed;
        report.broken += broken;
        progress(&report);
    }
}

/// How many of these were sealed anew, and how many do not open.
fn batch(db: &Db, sealer: &Sealer, column: SealedColumn, texts: Vec<SealedText>) -> Result<(u64, u64)> {
    let mut broken = 0;
    let mut anew = Vec::with_capacity(texts.len());
    for text in texts {
        let context = column.context(&text.id);
        match sealer.open(&context, &text.sealed) {
            Ok(plain) => anew.push((sealer.seal(&context, plain.expose())?, text)),
            Err(error) => {
                tracing::warn!("{context} is left as it is: {error}");
                broken += 1;
            }
        }
    }
    let sealed = db.write_blocking(move |tx| {
        let mut sealed = 0;
        for (new, old) in &anew {
            // A row that was changed or removed meanwhile was so by who has the key in force.
            sealed += u64::from(column.replace(tx, old, new)?);
        }
        Ok(sealed)
    })?;
    Ok((sealed, broken))
}
