//! Reading and writing what one prefers.

use socle_identity_core::accounts::model::{Account, Preference, PreferenceDefaults};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::changes::Changes;
use socle_kit::contracts::identity::UserPreferencesChanged;
use socle_kit::kernel::Clock;
use socle_kit::prelude::*;

use super::api::PreferenceInput;
use super::store;

/// What people prefer. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Preferences {
    db: Db,
    clock: Clock,
    defaults: PreferenceDefaults,
    changes: Changes,
}

impl Preferences {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            defaults: PreferenceDefaults::of(&kit.settings)?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// What the caller prefers, and its version.
    pub(crate) async fn own(&self, actor: &Actor) -> Result<(PreferenceInput, i64)> {
        let (user, defaults) = (actor.user()?, self.defaults);
        let (account, preference) = self.db.read(move |conn| find(conn, user, &defaults)).await?;
        Ok((PreferenceInput::of(&account, &preference), preference.version))
    }

    /// Replaces what the caller prefers by what `change` makes of it.
    pub(crate) async fn write(
        &self,
        actor: &Actor,
        expected: IfMatch,
        change: impl Fn(&PreferenceInput) -> Result<PreferenceInput> + Send + 'static,
    ) -> Result<(PreferenceInput, i64)> {
        let (user, actor, now, defaults) = (actor.user()?, actor.clone(), self.clock.now(), self.defaults);
        let written = self
            .db
            .write(move |tx| {
                let (mut account, mut preference) = find(tx, user, &defaults)?;
                expected.check(preference.version)?;
                let input = change(&PreferenceInput::of(&account, &preference))?;
                if input.language != account.language {
                    account.language = input.language;
                    account.touch(now);
                    accounts::update(tx, &account)?;
                }
                preference.notifications = input.notifications;
                preference.dark_mode = input.dark_mode;
                preference.learning_goal = input.learning_goal;
                preference.version += 1;
                store::save(tx, &preference)?;
                tx.emit(&actor, UserPreferencesChanged { user })?;
                Ok((input, preference.version))
            })
            .await?;
        self.changes.note();
        Ok(written)
    }
}

fn find(conn: &mut Conn, user: UserId, defaults: &PreferenceDefaults) -> Result<(Account, Preference)> {
    let account = accounts::find(conn, user)?.or_not_found("account")?;
    let preference = store::find(conn, user)?;
    Ok((account, preference.unwrap_or_else(|| Preference::beginning_with(user, defaults))))
}
