//! What every wing asks of roles.

use socle_kit::db::Conn;
use socle_kit::kernel::Result;

/// The role that holds everything, without a row for each permission.
pub const ADMIN: &str = "admin";

/// Is there such a role?
pub fn role_exists(conn: &mut Conn, name: &str) -> Result<bool> {
    conn.scalar("SELECT EXISTS (SELECT 1 FROM identity_role WHERE name = ?1)", &[&name])
}

/// The names of every permission there is.
pub fn permission_names(conn: &mut Conn) -> Result<Vec<String>> {
    conn.scalars("SELECT name FROM identity_permission ORDER BY name", &[])
}
