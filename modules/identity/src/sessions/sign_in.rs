//! Signing in: lock, password, account, in that order (R2-72…78), known and unknown identifiers alike.

use std::time::Duration;

use socle_kit::Kit;
use socle_kit::contracts::identity::{AccountLocked, SignInFailed};
use socle_kit::crypto::{KeyedHash, Passwords, Verification};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::kernel::{Actor, Clock, Error, Result, Secret};

use super::model::{LockRule, SignInFailure};
use super::service::{Sessions, SignedIn};
use super::store;
use crate::accounts::model::{Account, folded, is_match};
use crate::accounts::store as accounts;
use crate::errors::{ACCOUNT_INACTIVE, ACCOUNT_LOCKED, DEMO_ACCOUNT_REFUSED, INVALID_CREDENTIALS};
use crate::{demo, exposure, reader, signing_key};

/// Signs people in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SignInService {
    db: Db,
    clock: Clock,
    passwords: Passwords,
    sessions: Sessions,
    identifiers: KeyedHash,
    lock: LockRule,
    refuses_demo: bool,
}

/// A password that was right, and all that follows from it.
#[derive(Clone)]
struct Proof {
    account: Account,
    identifier: String,
    /// The password's new hash, when the old one was weak.
    rehashed: Option<String>,
}

impl SignInService {
    pub(crate) fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        let key = signing_key::load(&kit.settings, &kit.random)?;
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            passwords: kit.passwords.clone(),
            sessions,
            identifiers: KeyedHash::new(&key),
            lock: LockRule::of(&kit.settings)?,
            refuses_demo: exposure::is_exposed(&kit.settings)?,
        })
    }

    /// Signs in by user name or address. A wrong password and an account that does not exist take the same way:
    /// the same work, the same count, the same answer.
    pub(crate) async fn sign_in(
        &self,
        identifier: &str,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let identifier = folded(identifier);
        let key = self.key_of(&identifier);
        let (failure, account) = {
            let (identifier, key) = (identifier.clone(), key.clone());
            self.db
                .read(move |conn| {
                    let failure = store::find_failure(conn, &key)?;
                    Ok((failure, accounts::find_by_identifier(conn, &identifier)?))
                })
                .await?
        };
        self.refuse_locked(failure.as_ref())?;
        let verification = self.verify(account.as_ref(), &password).await?;
        let proved = match account {
            Some(account) if is_match(verification) => account,
            account => {
                // Locked meanwhile by others' tries: a wrong password is answered as a right one would be.
                let locked_for = self.count_refusal(key, account, origin).await?;
                return Err(locked_for.map_or_else(|| Error::new(INVALID_CREDENTIALS), locked));
            }
        };
        if !proved.is_active {
            return Err(Error::new(ACCOUNT_INACTIVE));
        }
        if self.refuses_demo && demo::is_demo_password(password.expose()) {
            return Err(Error::new(DEMO_ACCOUNT_REFUSED));
        }
        let rehashed = match verification {
            Verification::MatchButOutdated => Some(self.passwords.hash(password).await?),
            Verification::Match | Verification::NoMatch => None,
        };
        self.admit(Proof { account: proved, identifier: key, rehashed }, origin).await
    }

    /// The work of one verification, whether or not there is anything to verify.
    async fn verify(&self, account: Option<&Account>, password: &Secret<String>) -> Result<Verification> {
        match account.and_then(|account| account.password_hash.clone()) {
            Some(stored) => self.passwords.verify(password.clone(), stored).await,
            None => self.passwords.verify_nothing(password.clone()).await.map(|()| Verification::NoMatch),
        }
    }

    /// Counts a refusal for what was typed; a known account learns of it (R2-55, R2-53). What is locked already
    /// is not counted: how long it stays so is the answer.
    async fn count_refusal(
        &self,
        key: String,
        account: Option<Account>,
        origin: &Origin,
    ) -> Result<Option<Duration>> {
        let (now, lock) = (self.clock.now(), self.lock);
        let actor = Actor { address: Some(origin.address), ..Actor::anonymous() };
        self.db
            .write(move |tx| {
                let found = store::find_failure(tx, &key)?;
                if let Some(wait) = found.as_ref().and_then(|failure| failure.locked_for(now)) {
                    return Ok(Some(wait));
                }
                let mut failure = found.unwrap_or_else(|| SignInFailure::none(key.clone(), now));
                failure.count(&lock, now);
                store::save_failure(tx, &failure)?;
                let Some(account) = &account else { return Ok(None) };
                store::record_attempts(tx, account.id, failure.attempts, failure.locked_until)?;
                tx.emit(&actor, SignInFailed { user: account.id, attempts: failure.attempts })?;
                if let Some(until) = failure.locked_until {
                    tx.emit(&actor, AccountLocked { user: account.id, until })?;
                }
                Ok(None)
            })
            .await
    }

    /// Opens the session. What was read before the password was verified is looked at again: a lock, a change of
    /// password or a deactivation that came meanwhile holds.
    async fn admit(&self, proof: Proof, origin: &Origin) -> Result<SignedIn> {
        let actor = proof.account.as_actor(origin.address);
        let (opening, refresh_token) = self.sessions.opening(proof.account.id, origin);
        let session = opening.session.id;
        let names = [Some(&proof.account.username_folded), proof.account.email_folded.as_ref()];
        let keys: Vec<String> = names.into_iter().flatten().map(|name| self.key_of(name)).collect();
        let service = self.clone();
        let reader = proof.account.id;
        let write = self.db.write(move |tx| {
            service.refuse_locked(store::find_failure(tx, &proof.identifier)?.as_ref())?;
            let account = reconfirm(tx, &proof)?;
            keys.iter().try_for_each(|key| store::forget_failure(tx, key))?;
            if account.failed_attempts > 0 || account.locked_until.is_some() {
                store::record_attempts(tx, account.id, 0, None)?;
            }
            opening.write(tx, &actor)?;
            Ok(account)
        });
        let account = reader::as_reader(reader, write).await?;
        self.sessions.signed_in(account, session, refresh_token)
    }

    fn refuse_locked(&self, failure: Option<&SignInFailure>) -> Result<()> {
        match failure.and_then(|failure| failure.locked_for(self.clock.now())) {
            Some(wait) => Err(locked(wait)),
            None => Ok(()),
        }
    }

    /// What refusals are counted under: nobody without the key can tell which identifiers were tried.
    fn key_of(&self, folded: &str) -> String {
        self.identifiers.tag_text("sign-in identifier", folded.as_bytes())
    }
}

/// The account as it is now, if the password that was verified is still its own.
fn reconfirm(tx: &mut Tx, proof: &Proof) -> Result<Account> {
    let account = accounts::find(tx, proof.account.id)?
        .filter(|account| account.password_hash == proof.account.password_hash)
        .ok_or_else(|| Error::new(INVALID_CREDENTIALS))?;
    if !account.is_active {
        return Err(Error::new(ACCOUNT_INACTIVE));
    }
    if let Some(hash) = &proof.rehashed {
        accounts::rehash(tx, account.id, hash)?;
    }
    Ok(account)
}

fn locked(wait: Duration) -> Error {
    let minutes = i64::try_from(wait.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
    Error::new(ACCOUNT_LOCKED).arg("minutes", minutes).retry_after(wait)
}
