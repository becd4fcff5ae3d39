//! One order of texts on both engines: that of their bytes.

use socle_kernel::Result;

use crate::conn::Conn;
use crate::dialect::Dialect;

/// The column as it is sorted and compared. SQLite compares bytes; PostgreSQL does in a database of the C
/// locale, and is told to in any other.
pub(crate) fn sorted(conn: &mut Conn, table: &str, column: &'static str) -> Result<String> {
    if conn.dialect() == Dialect::Postgres && !sorts_bytes(conn)? && is_text(conn, table, column)? {
        return Ok(format!("{column} COLLATE \"C\""));
    }
    Ok(column.to_owned())
}

fn sorts_bytes(conn: &mut Conn) -> Result<bool> {
    if let Some(known) = conn.shared().sorts_bytes.get() {
        return Ok(*known);
    }
    let found: bool = conn.scalar(
        "SELECT datlocprovider = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')
         FROM pg_database WHERE datname = current_database()",
        &[],
    )?;
    Ok(*conn.shared().sorts_bytes.get_or_init(|| found))
}

fn is_text(conn: &mut Conn, table: &str, column: &'static str) -> Result<bool> {
    let name = format!("{table}.{column}");
    if let Some(known) = conn.shared().text_column(&name) {
        return Ok(known);
    }
    let found: bool = conn.scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_attribute
         WHERE attrelid = to_regclass(?1) AND attname = ?2 AND attcollation <> 0)",
        &[&table, &column],
    )?;
    conn.shared().remember_text_column(name, found);
    Ok(found)
}
