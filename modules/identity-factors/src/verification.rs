//! Whether a code is right, for somebody who is signed in: counted like a wrong password when it is not.

use socle_kit::Kit;
use socle_kit::db::{Db, Tx};
use socle_kit::kernel::{Actor, OrNotFound, Result, Secret};

use socle_identity_core::accounts::model::Account;
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::factors::service::Factors;
use socle_identity_core::sessions::attempts::{Attempts, again};

/// Verifies codes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Verification {
    db: Db,
    factors: Factors,
    attempts: Attempts,
}

impl Verification {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self { db: kit.db.clone(), factors: Factors::new(kit)?, attempts: Attempts::new(kit)? })
    }

    /// Takes a code of this account. When it is right, `then` runs in the same transaction.
    pub(crate) async fn code(
        &self,
        actor: &Actor,
        code: &Secret<String>,
        then: impl Fn(&mut Tx<'_>) -> Result<()> + Clone + Send + 'static,
    ) -> Result<bool> {
        let (factors, code) = (self.factors.clone(), code.clone());
        self.counted(actor, move |tx, account, actor| {
            factors.take(tx, account, &code, actor)?.map(|_| then(tx)).transpose()
        })
        .await
        .map(|right| right.is_some())
    }

    /// Looks at the lock, verifies within the transaction, and counts what is wrong: nothing.
    pub(crate) async fn counted<T: Send + 'static>(
        &self,
        actor: &Actor,
        verify: impl Fn(&mut Tx<'_>, &Account, &Actor) -> Result<Option<T>> + Clone + Send + 'static,
    ) -> Result<Option<T>> {
        let user = actor.user()?;
        again(|| {
            let (attempts, verify, actor) = (self.attempts.clone(), verify.clone(), actor.clone());
            self.db.write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                let key = attempts.key_of_account(&account);
                attempts.check(tx, &key)?;
                let right = verify(tx, &account, &actor)?;
                if right.is_none() {
                    attempts.refuse_factor(tx, &key, &account, &actor)?;
                }
                Ok(right)
            })
        })
        .await
    }
}
