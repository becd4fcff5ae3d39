//! What every wing asks of roles and grants.

use socle_kit::db::{Conn, Row};
use socle_kit::kernel::{Result, UserId};

pub use super::model::ADMIN;
use super::model::{Grant, Holding};

/// Is there such a role?
pub fn role_exists(conn: &mut Conn, name: &str) -> Result<bool> {
    conn.scalar("SELECT EXISTS (SELECT 1 FROM identity_role WHERE name = ?1)", &[&name])
}

/// The names of every permission there is.
pub fn permission_names(conn: &mut Conn) -> Result<Vec<String>> {
    conn.scalars("SELECT name FROM identity_permission ORDER BY name", &[])
}

/// The permissions of a role, the administrators' aside: they hold all without a row for each.
pub fn permissions_of(conn: &mut Conn, role: &str) -> Result<Vec<String>> {
    conn.scalars(
        "SELECT permission FROM identity_role_permission WHERE role = ?1 ORDER BY permission",
        &[&role],
    )
}

/// What was granted to an account, whether or not it is over.
pub fn grants_of(conn: &mut Conn, user: UserId) -> Result<Vec<Grant>> {
    conn.all("SELECT * FROM identity_user_permission WHERE user_id = ?1 ORDER BY permission", &[&user])
}

/// All that decides what an account may do; none when there is no such account any more.
pub fn holding(conn: &mut Conn, user: UserId) -> Result<Option<Holding>> {
    #[derive(Row)]
    struct Standing {
        role: String,
        is_active: bool,
    }
    let standing: Option<Standing> =
        conn.opt("SELECT role, is_active FROM identity_user WHERE id = ?1 AND deleted_at IS NULL", &[&user])?;
    let Some(Standing { role, is_active }) = standing else { return Ok(None) };
    let bundle = permissions_of(conn, &role)?;
    Ok(Some(Holding { role, is_active, bundle, grants: grants_of(conn, user)? }))
}
