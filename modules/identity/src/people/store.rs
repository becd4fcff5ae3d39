//! The SQL of who people are.

use socle_kit::contracts::{Group, PEOPLE_MAX};
use socle_kit::db::{Conn, Row};
use socle_kit::kernel::{Result, UserId};

/// An account's name.
#[derive(Row)]
pub(super) struct Name {
    pub(super) id: UserId,
    pub(super) name: String,
}

/// An active account, as others may see it.
#[derive(Row)]
pub(super) struct Member {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) department: Option<String>,
}

/// The names of these accounts, whatever has become of them since.
pub(super) fn names(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<Name>> {
    conn.by_ids("SELECT id, name FROM identity_user WHERE id IN", &[], ids)
}

/// The active accounts of a group, by name. A list is asked for name by name: each has an index, and a statement
/// whose text depends on a list's length would never be prepared twice.
pub(super) fn members(conn: &mut Conn, group: &Group) -> Result<Vec<Member>> {
    const EVERYBODY: &str = "SELECT id, name, role, department FROM identity_user
         WHERE is_active AND deleted_at IS NULL ORDER BY name, id LIMIT ?1";
    const WITH_ROLE: &str = "SELECT id, name, role, department FROM identity_user
         WHERE role = ?2 AND is_active AND deleted_at IS NULL ORDER BY name, id LIMIT ?1";
    const IN_DEPARTMENT: &str = "SELECT id, name, role, department FROM identity_user
         WHERE department = ?2 AND is_active AND deleted_at IS NULL ORDER BY name, id LIMIT ?1";
    if group.roles.is_empty() && group.departments.is_empty() {
        return conn.all(EVERYBODY, &[&PEOPLE_MAX]);
    }
    let mut members: Vec<Member> = Vec::new();
    for role in &group.roles {
        members.extend(conn.all::<Member>(WITH_ROLE, &[&PEOPLE_MAX, role])?);
    }
    for department in &group.departments {
        members.extend(conn.all::<Member>(IN_DEPARTMENT, &[&PEOPLE_MAX, department])?);
    }
    members.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    members.dedup_by_key(|member| member.id);
    members.truncate(usize::try_from(PEOPLE_MAX).unwrap_or(usize::MAX));
    Ok(members)
}
