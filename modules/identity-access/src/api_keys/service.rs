//! What one can do with API keys.

use socle_kit::contracts::access::{ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated, ApiKeyUpdated};
use socle_kit::kernel::{Clock, Ids, Random, Secret};
use socle_kit::prelude::*;

use super::api::{ApiKeyFilter, ApiKeyInput, ApiKeyView};
use super::rules::{self, Checked};
use super::settings::KeySettings;
use super::store;
use crate::errors::{API_KEY_ENDED, TOO_MANY_API_KEYS};
use socle_identity_core::api_keys::model::ApiKey;
use socle_identity_core::api_keys::{format, store as keys};
use socle_identity_core::changes::Changes;
use socle_identity_core::permissions::MANAGE_USERS;
use socle_identity_core::roles::rules::require_over;
use socle_identity_core::roles::store::{holding, permission_names};

/// Makes keys and looks after them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ApiKeys {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    settings: KeySettings,
    is_production: bool,
    changes: Changes,
}

/// A key, and its secret: the one time it is seen.
pub(crate) struct Shown {
    pub(crate) secret: Secret<String>,
    pub(crate) key: ApiKeyView,
}

impl ApiKeys {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            settings: KeySettings::of(&kit.settings)?,
            is_production: kit.settings.choice("environment")? == "production",
            changes: Changes::of(&kit.db)?,
        })
    }

    /// A page of one's own keys; of others' for those who administer accounts.
    pub(crate) async fn list(
        &self,
        actor: Actor,
        filter: ApiKeyFilter,
        page: Page,
    ) -> Result<Slice<ApiKeyView>> {
        let user = match (filter.user, filter.all.unwrap_or_default()) {
            (Some(_), true) => return Err(Error::invalid_field("all", codes::EXCLUSIVE)),
            (None, true) => None,
            (Some(user), false) => Some(user),
            (None, false) => Some(actor.user()?),
        };
        if !user.is_some_and(|user| actor.is(user)) {
            actor.require(&MANAGE_USERS)?;
        }
        let slice = self.db.read(move |conn| store::page(conn, user, &page)).await?;
        let now = self.clock.now();
        Ok(slice.map(|key| ApiKeyView::new(key, self.settings.max_age, now)))
    }

    /// One key: one's own, or anybody's for those who administer accounts.
    pub(crate) async fn show(&self, actor: Actor, id: Id<ApiKey>) -> Result<ApiKeyView> {
        let key = self.db.read(move |conn| seen_by(conn, &actor, id)).await?;
        Ok(self.view(key))
    }

    /// Makes a key.
    pub(crate) async fn create(&self, actor: Actor, input: ApiKeyInput) -> Result<Shown> {
        let (owner, now, most) = (actor.user()?, self.clock.now(), self.settings.per_account);
        let (made, id) = (format::generate(&self.random, self.is_production), self.ids.next());
        let (prefix, hash) = (made.prefix, made.hash);
        let key = self
            .db
            .write(move |tx| {
                if keys::count_of(tx, owner)? >= most {
                    return Err(Error::new(TOO_MANY_API_KEYS).arg("most", most));
                }
                let checked = checked(tx, &input, owner, &[], now)?;
                let key = ApiKey {
                    id,
                    user_id: owner,
                    name: checked.name,
                    prefix: prefix.clone(),
                    secret_hash: hash.clone(),
                    previous_hash: None,
                    previous_until: None,
                    scopes: checked.scopes,
                    networks: checked.networks,
                    version: 1,
                    created_at: now,
                    updated_at: now,
                    rotated_at: now,
                    expires_at: checked.expires_at,
                    warned_at: None,
                    last_used_at: None,
                    last_address: None,
                    retired_at: None,
                };
                store::insert(tx, &key)?;
                let (prefix, scopes) = (key.prefix.clone(), key.scopes.clone());
                tx.emit(&actor, ApiKeyCreated { key: key.id.to_string(), user: owner, prefix, scopes })?;
                Ok(key)
            })
            .await?;
        Ok(Shown { secret: made.text, key: self.view(key) })
    }

    /// Changes what a key is called and what it may do: its owner alone.
    pub(crate) async fn patch(
        &self,
        actor: Actor,
        id: Id<ApiKey>,
        expected: IfMatch,
        patch: Merge<ApiKeyInput>,
    ) -> Result<ApiKeyView> {
        let (now, max_age) = (self.clock.now(), self.settings.max_age);
        let key = self
            .db
            .write(move |tx| {
                let mut key = owned_by(tx, &actor, id)?;
                expected.check(key.version)?;
                refuse_ended(&key, max_age, now)?;
                let input = patch.apply(&ApiKeyInput::from(&key))?;
                let checked = checked(tx, &input, key.user_id, &key.scopes, now)?;
                if checked.expires_at != key.expires_at {
                    key.warned_at = None;
                }
                key.name = checked.name;
                key.scopes = checked.scopes;
                key.networks = checked.networks;
                key.expires_at = checked.expires_at;
                key.touch(now);
                store::update(tx, &key)?;
                let (user, scopes) = (key.user_id, key.scopes.clone());
                tx.emit(&actor, ApiKeyUpdated { key: key.id.to_string(), user, scopes })?;
                Ok(key)
            })
            .await?;
        self.changes.note();
        Ok(self.view(key))
    }

    /// Gives a key a new secret: its owner alone. The one before works on for a while, the one before that no more.
    pub(crate) async fn rotate(&self, actor: Actor, id: Id<ApiKey>) -> Result<Shown> {
        let (now, settings) = (self.clock.now(), self.settings);
        let made = format::generate(&self.random, self.is_production);
        let (prefix, hash) = (made.prefix, made.hash);
        let key = self
            .db
            .write(move |tx| {
                let mut key = owned_by(tx, &actor, id)?;
                refuse_ended(&key, settings.max_age, now)?;
                // The age of the old secret still counts.
                let until = now.plus(settings.overlap).min(key.ends_at(settings.max_age));
                key.previous_hash = Some(std::mem::replace(&mut key.secret_hash, hash.clone()));
                key.previous_until = Some(until);
                key.prefix.clone_from(&prefix);
                key.rotated_at = now;
                key.warned_at = None;
                key.touch(now);
                store::update(tx, &key)?;
                let letter = ApiKeyRotated {
                    key: key.id.to_string(),
                    user: key.user_id,
                    prefix: key.prefix.clone(),
                    previous_until: until,
                };
                tx.emit(&actor, letter)?;
                Ok(key)
            })
            .await?;
        self.changes.note();
        Ok(Shown { secret: made.text, key: self.view(key) })
    }

    /// Takes a key back: its owner, and those who administer accounts and have rights over that one.
    pub(crate) async fn revoke(&self, actor: Actor, id: Id<ApiKey>) -> Result<()> {
        let now = self.clock.now();
        self.db
            .write(move |tx| {
                let key = seen_by(tx, &actor, id)?;
                require_over(tx, &actor, key.user_id, now)?;
                store::delete(tx, id)?;
                tx.emit(&actor, ApiKeyRevoked { key: id.to_string(), user: key.user_id })
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    fn view(&self, key: ApiKey) -> ApiKeyView {
        ApiKeyView::new(key, self.settings.max_age, self.clock.now())
    }
}

/// A key that `actor` may see; what they may not see does not exist.
fn seen_by(conn: &mut Conn, actor: &Actor, id: Id<ApiKey>) -> Result<ApiKey> {
    let visible = |key: &ApiKey| actor.is(key.user_id) || actor.may(&MANAGE_USERS);
    store::find(conn, id)?.filter(visible).or_not_found("api_key")
}

/// A key of the actor's own. Others who see it may take it back, but not use it: a new secret would make it theirs.
fn owned_by(conn: &mut Conn, actor: &Actor, id: Id<ApiKey>) -> Result<ApiKey> {
    let key = seen_by(conn, actor, id)?;
    if actor.is(key.user_id) { Ok(key) } else { Err(Error::new(codes::FORBIDDEN)) }
}

fn refuse_ended(key: &ApiKey, max_age: std::time::Duration, now: Timestamp) -> Result<()> {
    let has_ended = key.retired_at.is_some() || key.ends_at(max_age) <= now;
    if has_ended { Err(Error::new(API_KEY_ENDED)) } else { Ok(()) }
}

/// What was written, checked against what the owner holds in this transaction.
fn checked(
    tx: &mut Tx,
    input: &ApiKeyInput,
    owner: UserId,
    kept: &[String],
    now: Timestamp,
) -> Result<Checked> {
    let held = holding(tx, owner)?.or_not_found("account")?.permissions(now);
    rules::check(input, &held, &permission_names(tx)?, kept, now)
}
