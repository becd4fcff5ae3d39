//! Attempts to prove who one is: each takes a place, and each that guessed wrong counts towards the lock, whatever was
//! guessed at (a password, a code, a passkey).

use std::sync::Arc;
use std::time::{Duration, Instant};

use socle_kit::Kit;
use socle_kit::config::Values;
use socle_kit::contracts::identity::{AccountLocked, FactorRefused, SignInFailed};
use socle_kit::crypto::KeyedHash;
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::kernel::{Actor, Clock, Error, Random, Result, Timestamp, codes};
use tokio::sync::{Mutex, Semaphore};

use super::model::{LockRule, SignInFailure};
use super::store;
use crate::accounts::model::Account;
use crate::accounts::store as accounts;
use crate::errors::ACCOUNT_LOCKED;
use crate::signing_key;

/// Counts attempts. Cheap to clone.
#[derive(Clone)]
pub struct Attempts {
    db: Db,
    clock: Clock,
    identifiers: KeyedHash,
    lock: LockRule,
    waiting: Arc<Semaphore>,
    /// Whose turn it is to look for a place, among those who wait: many at once would only be in each other's way.
    turn: Arc<Mutex<()>>,
}

/// One attempt under way.
#[derive(Clone)]
pub struct Attempt {
    /// Whose sign-in it is, when the name is an account's.
    pub account: Option<Account>,
    /// What it is counted under.
    pub key: String,
}

/// How long an attempt waits for others that are under way, and how often it looks. People seldom sign in to one
/// account more than a few times at once; programs do.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(15);
/// How many attempts wait at once; further ones are told to come back.
const MOST_WAITING: usize = 64;

impl Attempts {
    /// With the handles of the kit.
    pub fn new(kit: &Kit) -> Result<Self> {
        Self::of(&kit.db, &kit.clock, &kit.random, &kit.settings)
    }

    /// The same with the handles of the command line, which has no kit.
    pub fn of(db: &Db, clock: &Clock, random: &Random, settings: &Values) -> Result<Self> {
        let key = signing_key::load(settings, random)?;
        Ok(Self {
            db: db.clone(),
            clock: clock.clone(),
            identifiers: KeyedHash::new(&key),
            lock: LockRule::of(settings)?,
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            turn: Arc::default(),
        })
    }

    /// Takes a place among the attempts that are allowed, in the transaction that looks at the lock: of any number
    /// at once no more are verified than are allowed. While those under way have taken all that is left it waits
    /// for their end.
    pub async fn begin(&self, name: String) -> Result<Attempt> {
        if let Some(attempt) = self.look_for_place(&name).await? {
            return Ok(attempt);
        }
        let busy = || Error::new(codes::SERVICE_UNAVAILABLE).retry_after(Duration::from_secs(1));
        let Ok(_place) = self.waiting.try_acquire() else { return Err(busy()) };
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            tokio::time::sleep(LOOK).await;
            let _turn = self.turn.lock().await;
            if let Some(attempt) = self.look_for_place(&name).await? {
                return Ok(attempt);
            }
        }
        Err(busy())
    }

    /// As [`Self::try_begin`]; a database that is busy with others of this name has no place either.
    async fn look_for_place(&self, name: &str) -> Result<Option<Attempt>> {
        match self.try_begin(name.to_owned()).await {
            Err(error) if error.code() == codes::SERVICE_UNAVAILABLE => Ok(None),
            outcome => outcome,
        }
    }

    /// What is locked is not counted: how long it stays so is the answer.
    async fn try_begin(&self, name: String) -> Result<Option<Attempt>> {
        let (attempts, now) = (self.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let account = accounts::find_by_identifier(tx, &name)?;
                let key = attempts.key_of(&name);
                let mut counted = failure(tx, &key, now)?;
                if let Some(wait) = counted.locked_for(now) {
                    return Err(locked(wait));
                }
                if !counted.begin(&attempts.lock, now) {
                    return Ok(None);
                }
                store::save_failure(tx, &counted)?;
                Ok(Some(Attempt { account, key }))
            })
            .await
    }

    /// Gives the place back of an attempt that guessed at nothing: its password was not looked at, or it was
    /// right. Gives the error back as well.
    pub async fn give_back(&self, attempt: &Attempt, error: Error) -> Error {
        let end = || {
            let (key, now) = (attempt.key.clone(), self.clock.now());
            self.db.write(move |tx| end(tx, &key, now))
        };
        if let Err(error) = again(end).await {
            tracing::debug!(%error, "an attempt to sign in keeps its place for a minute");
        }
        error
    }

    /// Counts a refusal; a known account learns of it (R2-55, R2-53), and of the lock from the attempt that closed
    /// it. For a name that nobody has the same row is written, and the ways to the database are as many: the answer takes
    /// as long.
    pub async fn refuse(&self, attempt: &Attempt, origin: &Origin) -> Result<()> {
        again(|| {
            let (attempt, lock, now) = (attempt.clone(), self.lock, self.clock.now());
            let actor = Actor { address: Some(origin.address), ..Actor::anonymous() };
            self.db.write(move |tx| {
                let mut counted = failure(tx, &attempt.key, now)?;
                let locks = counted.refuse(&lock, now);
                store::save_failure(tx, &counted)?;
                let Some(account) = &attempt.account else {
                    return store::record_nothing(tx, 1 + usize::from(locks));
                };
                tx.emit(&actor, SignInFailed { user: account.id, attempts: counted.attempts })?;
                note(tx, account, &counted, locks, &actor)
            })
        })
        .await
    }

    /// Looks at the lock before something that is verified within the transaction, and so needs no place of its own.
    /// Those under way count: while they have taken all that is left, this one comes back later.
    pub fn check(&self, tx: &mut Tx, key: &str) -> Result<()> {
        let now = self.clock.now();
        let mut counted = failure(tx, key, now)?;
        if let Some(wait) = counted.locked_for(now) {
            return Err(locked(wait));
        }
        if !counted.begin(&self.lock, now) {
            return Err(Error::new(codes::SERVICE_UNAVAILABLE).retry_after(Duration::from_secs(1)));
        }
        Ok(())
    }

    /// Counts a second factor that was wrong, in the transaction that found it so (R2-21).
    pub fn refuse_factor(&self, tx: &mut Tx, key: &str, account: &Account, actor: &Actor) -> Result<()> {
        let now = self.clock.now();
        let mut counted = failure(tx, key, now)?;
        if counted.begin(&self.lock, now) {
            let locks = counted.refuse(&self.lock, now);
            store::save_failure(tx, &counted)?;
            tx.emit(actor, FactorRefused { user: account.id, attempts: counted.attempts })?;
            note(tx, account, &counted, locks, actor)?;
        }
        Ok(())
    }

    /// Somebody proved to be the owner of an account: what was refused is forgotten under all its names. Attempts under
    /// way keep their places, but for the one counted under `ended`.
    pub fn forgive(&self, tx: &mut Tx, account: &Account, ended: Option<&str>) -> Result<()> {
        let now = self.clock.now();
        for name in account.sign_in_names() {
            let key = self.key_of(&name);
            let mut counted = failure(tx, &key, now)?;
            if ended == Some(key.as_str()) {
                counted.end();
            }
            counted.forgive();
            if counted.pending == 0 {
                store::forget_failure(tx, &key)?;
            } else {
                store::save_failure(tx, &counted)?;
            }
        }
        if account.failed_attempts > 0 || account.locked_until.is_some() {
            store::record_attempts(tx, account.id, 0, None)?;
        }
        Ok(())
    }

    /// What attempts are counted under: nobody without the key can tell which names were tried. By name and not by
    /// account: an account whose names were locked together would tell that they are one's.
    pub fn key_of(&self, name: &str) -> String {
        self.identifiers.tag_text("sign-in identifier", name.as_bytes())
    }

    /// What attempts are counted under that name an account otherwise: by its user name.
    pub fn key_of_account(&self, account: &Account) -> String {
        self.key_of(&account.username_folded)
    }
}

/// Does something that others of the same name may be in the way of, some times over.
pub async fn again<T, F: Future<Output = Result<T>>>(work: impl Fn() -> F) -> Result<T> {
    for pause in 1..5 {
        match work().await {
            Err(error) if error.code() == codes::SERVICE_UNAVAILABLE => {
                tokio::time::sleep(LOOK * pause).await;
            }
            outcome => return outcome,
        }
    }
    work().await
}

/// Ends an attempt under way that guessed at nothing.
pub fn end(tx: &mut Tx, key: &str, now: Timestamp) -> Result<()> {
    let mut counted = failure(tx, key, now)?;
    counted.end();
    store::save_failure(tx, &counted)
}

/// The account's own record of what was refused, and its lock.
fn note(tx: &mut Tx, account: &Account, counted: &SignInFailure, locks: bool, actor: &Actor) -> Result<()> {
    store::record_attempts(tx, account.id, counted.attempts, counted.locked_until)?;
    match counted.locked_until.filter(|_| locks) {
        Some(until) => tx.emit(actor, AccountLocked { user: account.id, until }),
        None => Ok(()),
    }
}

/// What is counted under this key.
fn failure(tx: &mut Tx, key: &str, now: Timestamp) -> Result<SignInFailure> {
    Ok(store::find_failure(tx, key)?.unwrap_or_else(|| SignInFailure::none(key.to_owned(), now)))
}

fn locked(wait: Duration) -> Error {
    let minutes = i64::try_from(wait.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
    Error::new(ACCOUNT_LOCKED).arg("minutes", minutes).retry_after(wait)
}
