//! What roles and permissions there are, in the reader's language.

use std::sync::Arc;

use socle_kit::Kit;
use socle_kit::db::Db;
use socle_kit::i18n::{Catalogue, Language};
use socle_kit::kernel::{Page, Result, Slice};

use super::api::{PermissionView, RoleView};
use super::store::{self, Declared, Pair, Role};
use socle_identity_core::roles::store::{ADMIN, permission_names};

/// Reads roles and permissions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Roles {
    db: Db,
    catalogue: Arc<Catalogue>,
}

impl Roles {
    pub(crate) fn new(kit: &Kit) -> Self {
        Self { db: kit.db.clone(), catalogue: kit.catalogue.clone() }
    }

    /// A page of the roles.
    pub(crate) async fn list(&self, page: Page, language: Language) -> Result<Slice<RoleView>> {
        let (roles, pairs, names) = self
            .db
            .read(move |conn| Ok((store::roles(conn, &page)?, store::pairs(conn)?, permission_names(conn)?)))
            .await?;
        Ok(roles.map(|role| self.role(role, &pairs, &names, language)))
    }

    /// Every permission, and the roles that hold it.
    pub(crate) async fn permissions(&self, language: Language) -> Result<Vec<PermissionView>> {
        let (declared, pairs) =
            self.db.read(|conn| Ok((store::permissions(conn)?, store::pairs(conn)?))).await?;
        Ok(declared.into_iter().map(|permission| self.permission(permission, &pairs, language)).collect())
    }

    fn role(&self, role: Role, pairs: &[Pair], names: &[String], language: Language) -> RoleView {
        let holds_everything = role.name == ADMIN;
        let own = pairs.iter().filter(|pair| pair.role == role.name).map(|pair| pair.permission.clone());
        let permissions = if holds_everything { names.to_vec() } else { own.collect() };
        let description = self.sentence(&format!("role-{}", role.name), role.description, language);
        RoleView { name: role.name, description, is_built_in: role.built_in, holds_everything, permissions }
    }

    fn permission(&self, permission: Declared, pairs: &[Pair], language: Language) -> PermissionView {
        let holders = pairs.iter().filter(|pair| pair.permission == permission.name);
        let roles = [ADMIN.to_owned()].into_iter().chain(holders.map(|pair| pair.role.clone())).collect();
        let key = format!("permission-{}", permission.name);
        let description = self.sentence(&key, permission.description, language);
        PermissionView { name: permission.name, description, roles }
    }

    /// The translation where there is one, else what is stored: an operator's own roles have one language.
    fn sentence(&self, key: &str, stored: String, language: Language) -> String {
        if self.catalogue.has(language, key) { self.catalogue.text(language, key, &[]) } else { stored }
    }
}
