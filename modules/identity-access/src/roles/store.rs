//! All the SQL of roles and permissions.

use socle_kit::db::{Conn, List, OnConstraint, Row, SortColumn, Tx};
use socle_kit::kernel::{Direction, Error, Page, Permission, Result, Slice, Timestamp};

use super::model::{Difference, Role};
use crate::errors::ROLE_EXISTS;

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

/// The role of this name.
pub(crate) fn find(conn: &mut Conn, name: &str) -> Result<Option<Role>> {
    conn.opt("SELECT * FROM identity_role WHERE name = ?1", &[&name])
}

/// A new role; `ROLE_EXISTS` when another has its name.
pub(crate) fn insert(tx: &mut Tx, role: &Role) -> Result<()> {
    tx.insert("identity_role", role).on_unique("identity_role_name_key", || Error::new(ROLE_EXISTS))
}

/// The role as it is now.
pub(crate) fn update(tx: &mut Tx, role: &Role) -> Result<()> {
    tx.update("identity_role", role)
}

/// Gives and takes permissions. What is given here counts as given by default too: taken away later, it is not given
/// back at the next start.
pub(crate) fn change_permissions(tx: &mut Tx, role: &str, change: &Difference, now: Timestamp) -> Result<()> {
    for permission in &change.removed {
        tx.exec(
            "DELETE FROM identity_role_permission WHERE role = ?1 AND permission = ?2",
            &[&role, permission],
        )?;
    }
    for permission in &change.added {
        tx.exec(
            "INSERT INTO identity_role_permission (role, permission) VALUES (?1, ?2)
             ON CONFLICT (role, permission) DO NOTHING",
            &[&role, permission],
        )?;
        tx.exec(
            "INSERT INTO identity_role_default (role, permission, installed_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (role, permission) DO NOTHING",
            &[&role, permission, &now],
        )?;
    }
    Ok(())
}

/// How many accounts have this role, those that were removed aside.
pub(crate) fn accounts_with(conn: &mut Conn, role: &str) -> Result<i64> {
    conn.scalar("SELECT COUNT(*) FROM identity_user WHERE role = ?1 AND deleted_at IS NULL", &[&role])
}

/// How many invitations into this role can still be used.
pub(crate) fn invitations_into(conn: &mut Conn, role: &str, now: Timestamp) -> Result<i64> {
    conn.scalar(
        "SELECT COUNT(*) FROM identity_invitation WHERE role = ?1
            AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?2",
        &[&role, &now],
    )
}

/// Removes a role and what it held. Accounts that were removed and invitations that are over fall back to the least role
/// there is.
pub(crate) fn delete(tx: &mut Tx, role: &Role, now: Timestamp) -> Result<()> {
    tx.exec(
        "UPDATE identity_invitation SET role = 'user' WHERE role = ?1
            AND (accepted_at IS NOT NULL OR revoked_at IS NOT NULL OR expires_at <= ?2)",
        &[&role.name, &now],
    )?;
    tx.exec(
        "UPDATE identity_user SET role = 'user' WHERE role = ?1 AND deleted_at IS NOT NULL",
        &[&role.name],
    )?;
    tx.exec("DELETE FROM identity_role_default WHERE role = ?1", &[&role.name])?;
    tx.delete_by_id("identity_role", role.id)?;
    Ok(())
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
