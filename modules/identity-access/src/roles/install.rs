//! What the modules declare becomes rows, at each start, without undoing what an administrator has done.

use socle_kit::db::Db;
use socle_kit::kernel::{Clock, Error, Permission, Result};

use super::store;
use socle_identity_core::changes::Changes;
use socle_identity_core::roles::store::{ADMIN, permission_names, role_exists};

/// Writes down the permissions of all modules, and gives each role those it holds by default — each pair once: one
/// that an administrator took away stays away. A default role that does not exist is a programming error.
///
/// Blocks: to be called at start, outside the runtime.
pub fn install_roles(db: &Db, permissions: &[Permission], clock: &Clock) -> Result<()> {
    let (permissions, now) = (permissions.to_vec(), clock.now());
    db.write_blocking(move |tx| {
        let declared = permission_names(tx)?;
        for gone in
            declared.iter().filter(|name| !permissions.iter().any(|known| known.name == name.as_str()))
        {
            store::withdraw(tx, gone)?;
        }
        for permission in &permissions {
            store::declare(tx, permission)?;
            for role in permission.default_roles.iter().filter(|role| **role != ADMIN) {
                if !role_exists(tx, role)? {
                    let message =
                        format!("permission {} names a role that does not exist: {role}", permission.name);
                    return Err(Error::internal(message));
                }
                store::install_default(tx, role, permission.name, now)?;
            }
        }
        Ok(())
    })?;
    Changes::of(db)?.note();
    Ok(())
}
