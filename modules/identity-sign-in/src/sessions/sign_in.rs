//! Signing in: lock, password, account, in that order (R2-72…78), known and unknown identifiers alike.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socle_kit::Kit;
use socle_kit::contracts::identity::{AccountLocked, SignInFailed};
use socle_kit::crypto::{KeyedHash, Passwords, Verification};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::kernel::{Actor, Clock, Error, Result, Secret, Timestamp, codes};
use tokio::sync::{Mutex, Semaphore};

use socle_identity_core::accounts::model::{Account, folded, is_match};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::{
    ACCOUNT_INACTIVE, ACCOUNT_LOCKED, DEMO_ACCOUNT_REFUSED, INVALID_CREDENTIALS,
};
use socle_identity_core::sessions::model::{LockRule, SessionKind, SignInFailure};
use socle_identity_core::sessions::service::{Sessions, SignedIn};
use socle_identity_core::sessions::store;
use socle_identity_core::{demo, exposure, reader, signing_key};

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
    waiting: Arc<Semaphore>,
    /// Whose turn it is to look for a place, among those who wait: many at once would only be in each other's way.
    turn: Arc<Mutex<()>>,
}

/// Who asks, from where, and by what they want to be known.
#[derive(Clone)]
struct Client {
    origin: Origin,
    kind: SessionKind,
}

/// One attempt under way.
#[derive(Clone)]
struct Attempt {
    /// Whose sign-in it is, when the name is an account's.
    account: Option<Account>,
    /// What it is counted under.
    key: String,
}

/// How long an attempt waits for others that are under way, and how often it looks. People seldom sign in to one
/// account more than a few times at once; programs do.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(15);
/// How many attempts wait at once; further ones are told to come back.
const MOST_WAITING: usize = 64;

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
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            turn: Arc::default(),
        })
    }

    /// Signs in by user name or address. A wrong password and an account that does not exist take the same way:
    /// the same work, the same count, the same answer.
    pub(crate) async fn sign_in(
        &self,
        identifier: &str,
        password: Secret<String>,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let (service, name) = (self.clone(), folded(identifier));
        let client = Client { origin: origin.clone(), kind };
        // What is counted is also seen to its end, whether or not the client waits for it: otherwise whoever hangs
        // up could lock an account without a word to anybody.
        tokio::spawn(async move { service.attempt(name, password, &client).await })
            .await
            .unwrap_or_else(|lost| Err(Error::internal(lost)))
    }

    async fn attempt(&self, name: String, password: Secret<String>, client: &Client) -> Result<SignedIn> {
        let attempt = self.begin(name).await?;
        let verification = match self.verify(attempt.account.as_ref(), &password).await {
            Ok(verification) => verification,
            Err(unverified) => return Err(self.give_back(&attempt, unverified).await),
        };
        let proved = match &attempt.account {
            Some(account) if is_match(verification) => account,
            _ => {
                again(|| self.refuse(&attempt, &client.origin)).await?;
                return Err(Error::new(INVALID_CREDENTIALS));
            }
        };
        match self.welcome(proved, &attempt, verification, password, client).await {
            Ok(signed_in) => Ok(signed_in),
            // The password was changed while this one was verified: right or wrong, it was a guess.
            Err(error) if error.code() == INVALID_CREDENTIALS => {
                again(|| self.refuse(&attempt, &client.origin)).await?;
                Err(error)
            }
            Err(error) => Err(self.give_back(&attempt, error).await),
        }
    }

    /// Takes a place among the attempts that are allowed, in the transaction that looks at the lock: of any number
    /// at once no more are verified than are allowed. While those under way have taken all that is left it waits
    /// for their end.
    async fn begin(&self, name: String) -> Result<Attempt> {
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
        let (service, now) = (self.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let account = accounts::find_by_identifier(tx, &name)?;
                let key = service.key_of(&name);
                let mut counted = failure(tx, &key, now)?;
                if let Some(wait) = counted.locked_for(now) {
                    return Err(locked(wait));
                }
                if !counted.begin(&service.lock, now) {
                    return Ok(None);
                }
                store::save_failure(tx, &counted)?;
                Ok(Some(Attempt { account, key }))
            })
            .await
    }

    /// Gives the place back of an attempt that guessed at nothing: its password was not looked at, or it was
    /// right. Gives the error back as well.
    async fn give_back(&self, attempt: &Attempt, error: Error) -> Error {
        let end = || {
            let (key, now) = (attempt.key.clone(), self.clock.now());
            self.db.write(move |tx| {
                let mut counted = failure(tx, &key, now)?;
                counted.end();
                store::save_failure(tx, &counted)
            })
        };
        if let Err(error) = again(end).await {
            tracing::debug!(%error, "an attempt to sign in keeps its place for a minute");
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
        client: &Client,
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
        again(|| self.admit(account.clone(), attempt, rehashed.clone(), client)).await
    }

    /// The work of one verification, whether or not there is anything to verify.
    async fn verify(&self, account: Option<&Account>, password: &Secret<String>) -> Result<Verification> {
        match account.and_then(|account| account.password_hash.clone()) {
            Some(stored) => self.passwords.verify(password.clone(), stored).await,
            None => self.passwords.verify_nothing(password.clone()).await.map(|()| Verification::NoMatch),
        }
    }

    /// Counts a refusal; a known account learns of it (R2-55, R2-53), and of the lock from the attempt that closed
    /// it. For a name that nobody has the same row is written: the answer takes as long.
    async fn refuse(&self, attempt: &Attempt, origin: &Origin) -> Result<()> {
        let (attempt, lock, now) = (attempt.clone(), self.lock, self.clock.now());
        let actor = Actor { address: Some(origin.address), ..Actor::anonymous() };
        self.db
            .write(move |tx| {
                let mut counted = failure(tx, &attempt.key, now)?;
                let locks = counted.refuse(&lock, now);
                store::save_failure(tx, &counted)?;
                let Some(account) = &attempt.account else { return Ok(()) };
                store::record_attempts(tx, account.id, counted.attempts, counted.locked_until)?;
                tx.emit(&actor, SignInFailed { user: account.id, attempts: counted.attempts })?;
                match counted.locked_until.filter(|_| locks) {
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
        client: &Client,
    ) -> Result<SignedIn> {
        let actor = account.as_actor(client.origin.address);
        let (opening, handout) = self.sessions.opening_as(&account, &client.origin, client.kind);
        let (session, reader) = (opening.session.id, account.id);
        let (key, now) = (attempt.key.clone(), self.clock.now());
        let names: Vec<String> = account.sign_in_names().iter().map(|name| self.key_of(name)).collect();
        let write = self.db.write(move |tx| {
            let account = reconfirm(tx, &account, rehashed.as_deref())?;
            for name in &names {
                forgive(tx, name, *name == key, now)?;
            }
            if account.failed_attempts > 0 || account.locked_until.is_some() {
                store::record_attempts(tx, account.id, 0, None)?;
            }
            opening.write(tx, &actor)?;
            Ok(account)
        });
        let account = reader::as_reader(reader, write).await?;
        self.sessions.signed_in(account, session, handout)
    }

    /// What attempts are counted under: nobody without the key can tell which names were tried. By name and not by
    /// account: an account whose names were locked together would tell that they are one's.
    fn key_of(&self, name: &str) -> String {
        self.identifiers.tag_text("sign-in identifier", name.as_bytes())
    }
}

/// Does something that others of the same name may be in the way of, some times over.
async fn again<T, F: Future<Output = Result<T>>>(work: impl Fn() -> F) -> Result<T> {
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

/// What is counted under this key.
fn failure(tx: &mut Tx, key: &str, now: Timestamp) -> Result<SignInFailure> {
    Ok(store::find_failure(tx, key)?.unwrap_or_else(|| SignInFailure::none(key.to_owned(), now)))
}

/// Forgets what was refused under this key; those under way keep their places, but for the one that `ended`.
fn forgive(tx: &mut Tx, key: &str, ended: bool, now: Timestamp) -> Result<()> {
    let mut counted = failure(tx, key, now)?;
    if ended {
        counted.end();
    }
    counted.forgive();
    if counted.pending == 0 { store::forget_failure(tx, key) } else { store::save_failure(tx, &counted) }
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
