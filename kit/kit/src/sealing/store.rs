//! The SQL of the check of keys.

use socle_db::{Conn, SealedColumn, Tx, sealed_column};
use socle_kernel::Result;

/// The column of the check itself.
pub(super) const COLUMN: SealedColumn = sealed_column!("sealing_check", "sealed", "id");

/// The sealed text of the check; none in a database that has none yet.
pub(super) fn find(conn: &mut Conn, id: &str) -> Result<Option<String>> {
    conn.opt_scalar("SELECT sealed FROM sealing_check WHERE id = ?1", &[&id])
}

/// Writes the check down, unless another node was first.
pub(super) fn insert(tx: &mut Tx, id: &str, sealed: &str) -> Result<()> {
    tx.exec(
        "INSERT INTO sealing_check (id, sealed) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
        &[&id, &sealed],
    )?;
    Ok(())
}
