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

/// One attempt, counted before anything is verified.
#[derive(Clone)]
struct Attempt {
    /// Whose sign-in it is, when the name is an account's.
    account: Option<Account>,
    /// The count, with this attempt in it.
    counted: SignInFailure,
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
        let (service, name, origin) = (self.clone(), folded(identifier), origin.clone());
        // What is counted is also seen to its end, whether or not the client waits for it: otherwise whoever hangs
        // up could lock an account without a word to anybody.
        tokio::spawn(async move { service.attempt(name, password, &origin).await })
            .await
            .unwrap_or_else(|lost| Err(Error::internal(lost)))
    }

    async fn attempt(&self, name: String, password: Secret<String>, origin: &Origin) -> Result<SignedIn> {
        let attempt = self.count(name).await?;
        let verification = match self.verify(attempt.account.as_ref(), &password).await {
            Ok(verification) => verification,
            Err(unverified) => return Err(self.give_back(&attempt, unverified).await),
        };
        let proved = match &attempt.account {
            Some(account) if is_match(verification) => account,
            _ => {
                self.refuse(&attempt, origin).await?;
                return Err(Error::new(INVALID_CREDENTIALS));
            }
        };
        match self.welcome(proved, &attempt, verification, password, origin).await {
            Ok(signed_in) => Ok(signed_in),
            // The password was changed while this one was verified: right or wrong, it was a guess.
            Err(error) if error.code() == INVALID_CREDENTIALS => Err(error),
            Err(error) => Err(self.give_back(&attempt, error).await),
        }
    }

    /// Counts the attempt, in the transaction that looks at the lock: of any number at once no more are verified
    /// than are allowed. An account is counted as one, by whichever name it is called; a name that no account has
    /// is counted by itself. What is locked is not counted: how long it stays so is the answer.
    async fn count(&self, name: String) -> Result<Attempt> {
        let (service, now) = (self.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let account = accounts::find_by_identifier(tx, &name)?;
                let key = service.key_of(account.as_ref(), &name);
                let found = store::find_failure(tx, &key)?;
                if let Some(wait) = found.as_ref().and_then(|failure| failure.locked_for(now)) {
                    return Err(locked(wait));
                }
                let mut counted = found.unwrap_or_else(|| SignInFailure::none(key, now));
                counted.count(&service.lock, now);
                store::save_failure(tx, &counted)?;
                Ok(Attempt { account, counted })
            })
            .await
    }

    /// Takes back what was counted for an attempt that guessed at nothing: its password was not looked at, or it
    /// was right. Gives the error back.
    async fn give_back(&self, attempt: &Attempt, error: Error) -> Error {
        let (attempt, lock) = (attempt.clone(), self.lock);
        let written = self.db.write(move |tx| {
            let Some(mut failure) = attempt.current(tx)? else { return Ok(()) };
            failure.give_back(&lock);
            store::save_failure(tx, &failure)?;
            attempt.record(tx, &failure)
        });
        if let Err(error) = written.await {
            tracing::debug!(%error, "an attempt to sign in stays counted");
        }
        error
    }

    /// A password that was right: what else stands against signing in, and if nothing does, the session.
    async fn welcome(
        &self,
        account: &Account,
        attempt: &Attempt,
        verification: Verification,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<SignedIn> {
        if !account.is_active {
            return Err(Error::new(ACCOUNT_INACTIVE));
        }
        if self.refuses_demo && demo::is_demo_password(password.expose()) {
            return Err(Error::new(DEMO_ACCOUNT_REFUSED));
        }
        let rehashed = match verification {
            Verification::MatchButOutdated => Some(self.passwords.hash(password).await?),
            Verification::Match | Verification::NoMatch => None,
        };
        self.admit(account.clone(), attempt, rehashed, origin).await
    }

    /// The work of one verification, whether or not there is anything to verify.
    async fn verify(&self, account: Option<&Account>, password: &Secret<String>) -> Result<Verification> {
        match account.and_then(|account| account.password_hash.clone()) {
            Some(stored) => self.passwords.verify(password.clone(), stored).await,
            None => self.passwords.verify_nothing(password.clone()).await.map(|()| Verification::NoMatch),
        }
    }

    /// Writes a refusal down; a known account learns of it (R2-55, R2-53), and of the lock from the attempt that
    /// closed it. For a name that nobody has, the same row is written again: the answer takes as long.
    async fn refuse(&self, attempt: &Attempt, origin: &Origin) -> Result<()> {
        let attempt = attempt.clone();
        let actor = Actor { address: Some(origin.address), ..Actor::anonymous() };
        self.db
            .write(move |tx| {
                let current = attempt.current(tx)?;
                let Some(account) = &attempt.account else {
                    return current.map_or(Ok(()), |failure| store::save_failure(tx, &failure));
                };
                let locked_until = attempt.counted.locked_until;
                let stands = current.as_ref().is_some_and(|failure| failure.locked_until == locked_until);
                if let Some(failure) = &current {
                    attempt.record(tx, failure)?;
                }
                tx.emit(&actor, SignInFailed { user: account.id, attempts: attempt.counted.attempts })?;
                match locked_until.filter(|_| stands) {
                    Some(until) => tx.emit(&actor, AccountLocked { user: account.id, until }),
                    None => Ok(()),
                }
            })
            .await
    }

    /// Opens the session and forgets what was counted. What was read before the password was verified is looked at
    /// again: a change of password or a deactivation that came meanwhile holds.
    async fn admit(
        &self,
        account: Account,
        attempt: &Attempt,
        rehashed: Option<String>,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let actor = account.as_actor(origin.address);
        let (opening, refresh_token) = self.sessions.opening(account.id, origin);
        let (session, reader) = (opening.session.id, account.id);
        let key = attempt.counted.identifier_hash.clone();
        let write = self.db.write(move |tx| {
            let account = reconfirm(tx, &account, rehashed.as_deref())?;
            store::forget_failure(tx, &key)?;
            if account.failed_attempts > 0 || account.locked_until.is_some() {
                store::record_attempts(tx, account.id, 0, None)?;
            }
            opening.write(tx, &actor)?;
            Ok(account)
        });
        let account = reader::as_reader(reader, write).await?;
        self.sessions.signed_in(account, session, refresh_token)
    }

    /// What attempts are counted under: nobody without the key can tell whose they are, or which names were tried.
    fn key_of(&self, account: Option<&Account>, name: &str) -> String {
        match account {
            Some(account) => self.identifiers.tag_text("sign-in account", account.id.uuid().as_bytes()),
            None => self.identifiers.tag_text("sign-in identifier", name.as_bytes()),
        }
    }
}

impl Attempt {
    /// The count as it stands; none when it was begun anew since, or forgotten after a success.
    fn current(&self, tx: &mut Tx) -> Result<Option<SignInFailure>> {
        let found = store::find_failure(tx, &self.counted.identifier_hash)?;
        Ok(found.filter(|failure| failure.window_started == self.counted.window_started))
    }

    /// Shows the count to those who look at the account.
    fn record(&self, tx: &mut Tx, failure: &SignInFailure) -> Result<()> {
        let Some(account) = &self.account else { return Ok(()) };
        store::record_attempts(tx, account.id, failure.attempts, failure.locked_until)
    }
}

/// The account as it is now, if the password that was verified is still its own; with the password's new hash, when
/// the old one was weak.
fn reconfirm(tx: &mut Tx, proved: &Account, rehashed: Option<&str>) -> Result<Account> {
    let account = accounts::find(tx, proved.id)?
        .filter(|account| account.password_hash == proved.password_hash)
        .ok_or_else(|| Error::new(INVALID_CREDENTIALS))?;
    if !account.is_active {
        return Err(Error::new(ACCOUNT_INACTIVE));
    }
    if let Some(hash) = rehashed {
        accounts::rehash(tx, account.id, hash)?;
    }
    Ok(account)
}

fn locked(wait: Duration) -> Error {
    let minutes = i64::try_from(wait.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
    Error::new(ACCOUNT_LOCKED).arg("minutes", minutes).retry_after(wait)
}
