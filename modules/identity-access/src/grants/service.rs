//! Granting, taking back, and saying why somebody may do something.

use std::sync::Arc;

use socle_kit::contracts::access::{PermissionExpired, PermissionGranted, PermissionRevoked};
use socle_kit::http::{Caller, Means};
use socle_kit::i18n::{Catalogue, Language};
use socle_kit::kernel::{Clock, Ids};
use socle_kit::prelude::*;

use super::api::{
    Check, CheckView, ExplanationView, GrantFilter, GrantInput, GrantView, HeldView, PermissionRule,
};
use super::permissions::DELEGATE_PERMISSIONS;
use super::store;
use crate::errors::{
    ALREADY_GRANTED, GRANT_TO_ONESELF, GRANT_TOO_LONG, NOT_IN_THE_FUTURE, NOT_YOURS_TO_GIVE, UNKNOWN_ACCOUNT,
    UNKNOWN_PERMISSION,
};
use socle_identity_core::accounts;
use socle_identity_core::changes::Changes;
use socle_identity_core::permissions::MANAGE_USERS;
use socle_identity_core::roles::model::Grant;
use socle_identity_core::roles::store::{grants_of, holding, permission_names};

/// Grants and takes back. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Grants {
    db: Db,
    clock: Clock,
    ids: Ids,
    catalogue: Arc<Catalogue>,
    changes: Changes,
}

impl Grants {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            catalogue: kit.catalogue.clone(),
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Grants a permission. The grantor holds it, and the right to pass it on, in this very transaction; a grant ends no
    /// later than the one it comes from.
    pub(crate) async fn grant(&self, actor: Actor, input: GrantInput) -> Result<GrantView> {
        let (grantor, now, id) = (actor.user()?, self.clock.now(), self.ids.next());
        if input.user_id == grantor {
            // A role would leave behind what it gave.
            return Err(Error::invalid_field("userId", GRANT_TO_ONESELF));
        }
        let grant = self
            .db
            .write(move |tx| {
                require_known(tx, &input)?;
                let expires_at = bounded(tx, grantor, &input, now)?;
                for old in
                    grants_of(tx, input.user_id)?.iter().filter(|old| old.permission == input.permission)
                {
                    if old.holds_at(now) {
                        return Err(Error::new(ALREADY_GRANTED));
                    }
                    expire(tx, old)?;
                }
                let grant = Grant {
                    id,
                    user_id: input.user_id,
                    permission: input.permission.clone(),
                    granted_by: Some(grantor),
                    expires_at,
                    created_at: now,
                    scope: input.scope.clone(),
                };
                store::insert(tx, &grant)?;
                tx.emit(&actor, granted(&grant))?;
                Ok(grant)
            })
            .await?;
        self.changes.note();
        Ok(grant.into())
    }

    /// Takes a grant back, and with it what its holder has passed on and now holds no more. The grantor and the
    /// administrators may.
    pub(crate) async fn revoke(&self, actor: Actor, id: Id<Grant>) -> Result<()> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let grant = store::find(tx, id)?.or_not_found("grant")?;
                check_revoker(&actor, &grant)?;
                store::delete(tx, grant.id)?;
                tx.emit(&actor, revoked(&grant, false))?;
                let mut ended = vec![grant];
                while let Some(grant) = ended.pop() {
                    let holding = holding(tx, grant.user_id)?;
                    for next in store::passed_on(tx, grant.user_id, &grant.permission)? {
                        let still = holding.as_ref().is_some_and(|holding| {
                            holding.decide(&next.permission, next.scope.as_deref(), now).is_allowed()
                        });
                        if !still && store::delete(tx, next.id)? {
                            tx.emit(&actor, revoked(&next, true))?;
                            ended.push(next);
                        }
                    }
                }
                Ok(())
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// A page of grants: all of them for those who administer accounts, one's own and those one gave for others.
    pub(crate) async fn list(
        &self,
        actor: Actor,
        filter: GrantFilter,
        page: Page,
    ) -> Result<Slice<GrantView>> {
        let now = self.clock.now();
        let reader = if actor.may(&MANAGE_USERS) { None } else { Some(actor.user()?) };
        let grants = self.db.read(move |conn| store::page(conn, reader, &filter, &page, now)).await?;
        Ok(grants.map(GrantView::from))
    }

    /// What an account holds: one's own, or anybody's for those who administer accounts (C31, C32).
    pub(crate) async fn held(&self, actor: Actor, user: UserId) -> Result<HeldView> {
        if !actor.is(user) {
            actor.require(&MANAGE_USERS)?;
        }
        let now = self.clock.now();
        let (holding, names) = self
            .db
            .read(move |conn| Ok((holding(conn, user)?.or_not_found("account")?, permission_names(conn)?)))
            .await?;
        Ok(HeldView::new(user, holding, names, now))
    }

    /// Is a permission held, and why?
    pub(crate) async fn check(&self, caller: Caller, check: Check, language: Language) -> Result<CheckView> {
        let user = check.user.map_or_else(|| caller.actor.user(), Ok)?;
        let own = caller.actor.is(user);
        if !own {
            caller.actor.require(&MANAGE_USERS)?;
        }
        let now = self.clock.now();
        let name = check.permission.clone();
        let holding = self
            .db
            .read(move |conn| {
                if !permission_names(conn)?.contains(&name) {
                    return Err(Error::invalid_field("permission", UNKNOWN_PERMISSION));
                }
                holding(conn, user)?.or_not_found("account")
            })
            .await?;
        let Check { permission, scope, explain, .. } = check;
        let decision = holding.decide(&permission, scope.as_deref(), now);
        let (mut allowed, mut explanation) = (decision.is_allowed(), ExplanationView::of(decision));
        let held = &caller.actor.permissions;
        let within_key = scope
            .as_deref()
            .map_or_else(|| held.holds_name(&permission), |scope| held.holds_within(&permission, scope));
        if own && allowed && caller.means == Means::ApiKey && !within_key {
            (allowed, explanation.rule) = (false, PermissionRule::ApiKey);
        }
        explanation.text = self.sentence(&explanation, language);
        let explanation = explain.unwrap_or_default().then_some(explanation);
        Ok(CheckView { allowed, user_id: user, permission, scope, explanation })
    }

    fn sentence(&self, explanation: &ExplanationView, language: Language) -> String {
        let key = match explanation.rule {
            PermissionRule::Administrator => "decided-by-administrator",
            PermissionRule::Role => "decided-by-role",
            PermissionRule::Grant => "decided-by-grant",
            PermissionRule::Inactive => "decided-by-inactive",
            PermissionRule::Nothing => "decided-by-none",
            PermissionRule::ApiKey => "decided-by-api-key",
        };
        let role = explanation.role.as_deref().unwrap_or_default();
        self.catalogue.text(language, key, &[("role", role.into())])
    }
}

/// Refuses an account or a permission that does not exist.
fn require_known(tx: &mut Tx, input: &GrantInput) -> Result<()> {
    let mut wrong = Vec::new();
    if accounts::store::find(tx, input.user_id)?.is_none() {
        wrong.push(FieldError::new("userId", UNKNOWN_ACCOUNT));
    }
    if !permission_names(tx)?.contains(&input.permission) {
        wrong.push(FieldError::new("permission", UNKNOWN_PERMISSION));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid(wrong)) }
}

/// When the grant is over, if its grantor may give it at all.
fn bounded(tx: &mut Tx, grantor: UserId, input: &GrantInput, now: Timestamp) -> Result<Option<Timestamp>> {
    let holding = holding(tx, grantor)?.or_not_found("account")?;
    if !holding.decide(DELEGATE_PERMISSIONS.name, None, now).is_allowed() {
        return Err(Error::forbidden(&DELEGATE_PERMISSIONS));
    }
    let decision = holding.decide(&input.permission, input.scope.as_deref(), now);
    if !decision.is_allowed() {
        return Err(Error::new(NOT_YOURS_TO_GIVE).arg("permission", input.permission.as_str()));
    }
    match (input.expires_at, decision.expires_at()) {
        (Some(asked), _) if asked <= now => Err(Error::invalid_field("expiresAt", NOT_IN_THE_FUTURE)),
        (Some(asked), Some(end)) if asked > end => {
            let field = FieldError::new("expiresAt", GRANT_TOO_LONG).arg("end", end.to_string());
            Err(Error::invalid(vec![field]))
        }
        (asked, end) => Ok(asked.or(end)),
    }
}

/// The grantor and the administrators may take a grant back; to others who may not see it, it does not exist.
fn check_revoker(actor: &Actor, grant: &Grant) -> Result<()> {
    let is_grantor = grant.granted_by.is_some_and(|grantor| actor.is(grantor));
    if is_grantor || actor.permissions.is_all() {
        return Ok(());
    }
    if actor.is(grant.user_id) || actor.may(&MANAGE_USERS) {
        return Err(Error::new(codes::FORBIDDEN));
    }
    Err(Error::not_found("grant"))
}

/// Removes a grant that is over, and says so.
fn expire(tx: &mut Tx, grant: &Grant) -> Result<()> {
    store::delete(tx, grant.id)?;
    let (user, permission) = (grant.user_id, grant.permission.clone());
    tx.emit(&Actor::system(), PermissionExpired { grant: grant.id.to_string(), user, permission })
}

/// Removes the grants that are over: they hold no more since their end. Run from time to time on every node; a second
/// run finds nothing left to do.
pub(crate) async fn purge(db: &Db, now: Timestamp) -> Result<()> {
    if db.read(move |conn| Ok(store::over(conn, now)?.is_empty())).await? {
        return Ok(());
    }
    db.write(move |tx| store::over(tx, now)?.iter().try_for_each(|grant| expire(tx, grant))).await
}

fn granted(grant: &Grant) -> PermissionGranted {
    PermissionGranted {
        grant: grant.id.to_string(),
        user: grant.user_id,
        permission: grant.permission.clone(),
        scope: grant.scope.clone(),
        expires_at: grant.expires_at,
    }
}

fn revoked(grant: &Grant, followed: bool) -> PermissionRevoked {
    let (user, permission) = (grant.user_id, grant.permission.clone());
    PermissionRevoked { grant: grant.id.to_string(), user, permission, followed }
}
