//! All the SQL of roles and permissions.

use socle_kit::db::{Conn, List, Row, SortColumn, Tx};
use socle_kit::kernel::{Direction, Id, Page, Permission, Result, Slice, Timestamp};

/// A role as it is stored.
#[derive(Debug, Clone, Row)]
pub(crate) struct Role {
    pub(crate) id: Id<Role>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) built_in: bool,
    pub(crate) version: i64,
}

/// A permission as it was declared at the last start.
#[derive(Debug, Clone, Row)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) description: String,
}

/// A permission of a role.
#[derive(Debug, Clone, PartialEq, Eq, Row)]
pub(crate) struct Pair {
    pub(crate) role: String,
    pub(crate) permission: String,
}

const ROLE_SORTS: &[SortColumn] = &[SortColumn::new("name", "name")];

pub(crate) fn roles(conn: &mut Conn, page: &Page) -> Result<Slice<Role>> {
    List::from("identity_role").order_by("name", Direction::Ascending).slice(conn, ROLE_SORTS, page)
}

/// Every permission there is, by name. The number of modules bounds it.
pub(crate) fn permissions(conn: &mut Conn) -> Result<Vec<Declared>> {
    conn.all("SELECT name, description FROM identity_permission ORDER BY name", &[])
}

/// Every permission of every role, the administrators' aside.
pub(crate) fn pairs(conn: &mut Conn) -> Result<Vec<Pair>> {
    conn.all("SELECT role, permission FROM identity_role_permission ORDER BY role, permission", &[])
}

/// Notes that a module declares this permission.
pub(crate) fn declare(tx: &mut Tx, permission: &Permission) -> Result<()> {
    tx.exec(
        "INSERT INTO identity_permission (name, description) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET description = excluded.description
         WHERE identity_permission.description <> excluded.description",
        &[&permission.name, &permission.description],
    )?;
    Ok(())
}

/// Forgets a permission that no module declares any more; the roles keep it, should the module come back.
pub(crate) fn withdraw(tx: &mut Tx, name: &str) -> Result<()> {
    tx.exec("DELETE FROM identity_permission WHERE name = ?1", &[&name])?;
    Ok(())
}

/// Gives a role a permission by default, once and for all: what was taken away since is not given back.
pub(crate) fn install_default(tx: &mut Tx, role: &str, permission: &str, now: Timestamp) -> Result<()> {
    let new = tx.exec(
        "INSERT INTO identity_role_default (role, permission, installed_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (role, permission) DO NOTHING",
        &[&role, &permission, &now],
    )?;
    if new > 0 {
        tx.exec(
            "INSERT INTO identity_role_permission (role, permission) VALUES (?1, ?2)
             ON CONFLICT (role, permission) DO NOTHING",
            &[&role, &permission],
        )?;
    }
    Ok(())
}
