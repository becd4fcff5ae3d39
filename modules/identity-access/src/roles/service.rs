//! What roles and permissions there are, in the reader's language, and changing roles.

use std::sync::Arc;

use socle_kit::contracts::access::{RoleCreated, RoleDeleted, RoleUpdated};
use socle_kit::i18n::{Catalogue, Language};
use socle_kit::kernel::{Clock, Ids};
use socle_kit::prelude::*;

use super::api::{NewRole, PermissionView, RoleInput, RoleView};
use super::model::{Difference, Role};
use super::store::{self, Declared, Pair};
use crate::errors::{ROLE_BUILT_IN, ROLE_IN_USE};
use socle_identity_core::changes::Changes;
use socle_identity_core::roles::store::{ADMIN, holding, permission_names, permissions_of};

/// Reads and writes roles. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Roles {
    db: Db,
    clock: Clock,
    ids: Ids,
    catalogue: Arc<Catalogue>,
    changes: Changes,
}

impl Roles {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            catalogue: kit.catalogue.clone(),
            changes: Changes::of(&kit.db)?,
        })
    }

    /// A page of the roles.
    pub(crate) async fn list(&self, page: Page, language: Language) -> Result<Slice<RoleView>> {
        let (roles, pairs, names) = self
            .db
            .read(move |conn| Ok((store::roles(conn, &page)?, store::pairs(conn)?, permission_names(conn)?)))
            .await?;
        Ok(roles.map(|role| {
            let own = pairs.iter().filter(|pair| pair.role == role.name).map(|pair| pair.permission.clone());
            let own = own.collect();
            self.view(role, own, &names, language)
        }))
    }

    /// One role.
    pub(crate) async fn show(&self, name: String, language: Language) -> Result<RoleView> {
        let (role, own, names) = self
            .db
            .read(move |conn| {
                let role = store::find(conn, &name.to_lowercase())?.or_not_found("role")?;
                let own = permissions_of(conn, &role.name)?;
                Ok((role, own, permission_names(conn)?))
            })
            .await?;
        Ok(self.view(role, own, &names, language))
    }

    /// Makes a role.
    pub(crate) async fn create(&self, actor: Actor, new: NewRole, language: Language) -> Result<RoleView> {
        let role = Role {
            id: self.ids.next(),
            name: new.name.to_lowercase(),
            description: new.description.as_str().to_owned(),
            built_in: false,
            version: 1,
        };
        let change = Difference::between(&[], &new.permissions);
        change.check(&role, &actor)?;
        let (written, now) = (role.clone(), self.clock.now());
        let names = self
            .db
            .write(move |tx| {
                let names = permission_names(tx)?;
                check_held(tx, &change, &written, &actor, now)?;
                change.check_names(&new.permissions, &names)?;
                store::insert(tx, &written)?;
                store::change_permissions(tx, &written.name, &change, now)?;
                let letter = RoleCreated { role: written.name.clone(), permissions: change.added.clone() };
                tx.emit(&actor, letter)?;
                Ok((change.added.clone(), names))
            })
            .await?;
        self.changes.note();
        let (own, names) = names;
        Ok(self.view(role, own, &names, language))
    }

    /// Replaces what may be changed of a role by what `change` makes of it.
    pub(crate) async fn change(
        &self,
        actor: Actor,
        name: String,
        expected: IfMatch,
        language: Language,
        change: impl Fn(&RoleInput) -> Result<RoleInput> + Send + 'static,
    ) -> Result<RoleView> {
        let (now, catalogue) = (self.clock.now(), self.catalogue.clone());
        let (role, own, names) = self
            .db
            .write(move |tx| {
                let mut role = store::find(tx, &name.to_lowercase())?.or_not_found("role")?;
                expected.check(role.version)?;
                let names = permission_names(tx)?;
                let before = permissions_of(tx, &role.name)?;
                let shown = if role.name == ADMIN { &names } else { &before };
                let description = Line::parse(&role.description).unwrap_or_default();
                let input = change(&RoleInput { description, permissions: shown.clone() })?;
                let change = Difference::between(shown, &input.permissions);
                change.check(&role, &actor)?;
                check_held(tx, &change, &role, &actor, now)?;
                change.check_names(&input.permissions, &names)?;
                let is_described = describe(&mut role, input.description.as_str(), &catalogue)?;
                if is_described || !change.is_nothing() {
                    role.version += 1;
                    store::update(tx, &role)?;
                    store::change_permissions(tx, &role.name, &change, now)?;
                    let Difference { added, removed } = change;
                    tx.emit(&actor, RoleUpdated { role: role.name.clone(), added, removed })?;
                }
                let own = permissions_of(tx, &role.name)?;
                Ok((role, own, names))
            })
            .await?;
        self.changes.note();
        Ok(self.view(role, own, &names, language))
    }

    /// Removes a role that nobody has and nobody is invited into.
    pub(crate) async fn delete(&self, actor: Actor, name: String, expected: IfMatch) -> Result<()> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let role = store::find(tx, &name.to_lowercase())?.or_not_found("role")?;
                expected.check(role.version)?;
                if role.built_in {
                    return Err(Error::new(ROLE_BUILT_IN));
                }
                let accounts = store::accounts_with(tx, &role.name)?;
                let invitations = store::invitations_into(tx, &role.name, now)?;
                if accounts + invitations > 0 {
                    let error = Error::new(ROLE_IN_USE).arg("accounts", accounts);
                    return Err(error.arg("invitations", invitations));
                }
                let change = Difference::between(&permissions_of(tx, &role.name)?, &[]);
                change.check(&role, &actor)?;
                check_held(tx, &change, &role, &actor, now)?;
                store::delete(tx, &role, now)?;
                tx.emit(&actor, RoleDeleted { role: role.name })
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// Every permission, and the roles that hold it.
    pub(crate) async fn permissions(&self, language: Language) -> Result<Vec<PermissionView>> {
        let (declared, pairs) =
            self.db.read(|conn| Ok((store::permissions(conn)?, store::pairs(conn)?))).await?;
        Ok(declared.into_iter().map(|permission| self.permission(permission, &pairs, language)).collect())
    }

    fn view(&self, role: Role, own: Vec<String>, names: &[String], language: Language) -> RoleView {
        let holds_everything = role.name == ADMIN;
        let permissions = if holds_everything { names.to_vec() } else { own };
        let description = self.sentence(&format!("role-{}", role.name), role.description, language);
        let (is_built_in, version) = (role.built_in, role.version);
        RoleView { name: role.name, description, is_built_in, holds_everything, permissions, version }
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

/// Refuses what whoever asks does not hold now; what the request came with may be older than the transaction.
fn check_held(
    conn: &mut Conn,
    change: &Difference,
    role: &Role,
    actor: &Actor,
    now: Timestamp,
) -> Result<()> {
    change.check_held(role, &holding(conn, actor.user()?)?.or_not_found("account")?, now)
}

/// Takes over a description; is it another one? That of a role that came with the server is translated and stays: it may
/// be sent back as it was shown, in any language, and is refused otherwise.
fn describe(role: &mut Role, text: &str, catalogue: &Catalogue) -> Result<bool> {
    if role.description == text {
        return Ok(false);
    }
    if role.built_in {
        let key = format!("role-{}", role.name);
        let shown = Language::ALL.iter().any(|language| catalogue.text(*language, &key, &[]) == text);
        return if shown { Ok(false) } else { Err(Error::new(ROLE_BUILT_IN)) };
    }
    text.clone_into(&mut role.description);
    Ok(true)
}
