//! How a sign-in ends, whatever proved the account: with a session, or with the question for a second factor.

use socle_kit::Kit;
use socle_kit::crypto::{Token, TokenHash};
use socle_kit::db::{Db, Tx};
use socle_kit::kernel::{Actor, Clock, Error, Id, Ids, Random, Result, Secret, Timestamp, UserId};

use super::attempts::{Attempts, again};
use super::service::{Client, Handout, Opening, Sessions, SignedIn};
use crate::accounts::model::Account;
use crate::accounts::store as accounts;
use crate::errors::{ACCOUNT_INACTIVE, CHALLENGE_OVER, INVALID_CREDENTIALS};
use crate::factors::duty::Duty;
use crate::factors::model::{CHALLENGE_LIVES, Challenge, ChallengeKind, Method};
use crate::factors::service::{Factors, wrong_code};
use crate::factors::store;
use crate::reader;

/// Ends sign-ins. Cheap to clone.
#[derive(Clone)]
pub struct Endings {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    sessions: Sessions,
    factors: Factors,
    attempts: Attempts,
    duty: Duty,
}

/// How a sign-in ended.
pub enum Ended {
    /// With a session.
    SignedIn(Box<SignedIn>),
    /// The first step succeeded; the second is asked for.
    Asked(Asked),
}

/// The question for a second factor.
pub struct Asked {
    /// To be sent back with the answer.
    pub challenge: Secret<String>,
    /// What the account may answer with.
    pub methods: Vec<Method>,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

/// An ending that is ready to be written: what is random in it is drawn, so that the transaction may run again.
#[derive(Clone)]
pub struct Ending {
    opening: Opening,
    handout: Handout,
    challenge: Secret<String>,
    challenge_hash: TokenHash,
    challenge_id: Id<Challenge>,
}

/// What became of an ending in its transaction.
pub enum Written {
    /// The session is open.
    Opened(Box<Account>, Option<Timestamp>),
    /// The challenge is written.
    Asked(Vec<Method>, Timestamp),
    /// The code that came with the first step was wrong, and is to be counted. Nothing else was written.
    WrongCode,
}

impl Endings {
    /// With the handles of the kit.
    pub fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            sessions,
            factors: Factors::new(kit)?,
            attempts: Attempts::new(kit)?,
            duty: Duty::of(&kit.settings)?,
        })
    }

    /// Ends the sign-in of an account whose first step has proved it by a way that is neither a password nor a
    /// passkey: with a session, or with the question for its second factor. The whole transaction, for whoever has
    /// nothing else to write with it.
    pub async fn end(&self, user: UserId, client: &Client) -> Result<Ended> {
        let (endings, ending) = (self.clone(), self.prepare(user, client));
        let (prepared, address) = (ending.clone(), client.origin.address);
        let write = self.db.write(move |tx| {
            let account = active(tx, user)?;
            let actor = account.as_actor(address);
            endings.write(tx, &prepared, account, None, &actor)
        });
        let written = reader::as_reader(user, write).await?;
        self.conclude(ending, written)
    }

    /// As [`Self::end`] when the proof is worth two: nothing more is asked.
    pub async fn end_without_factor(&self, user: UserId, client: &Client) -> Result<SignedIn> {
        let (endings, ending) = (self.clone(), self.prepare(user, client));
        let (prepared, address) = (ending.clone(), client.origin.address);
        let write = self.db.write(move |tx| {
            let account = active(tx, user)?;
            let actor = account.as_actor(address);
            endings.open(tx, &prepared, account, &actor)
        });
        let written = reader::as_reader(user, write).await?;
        self.opened(ending, written)
    }

    /// Draws what is random in an ending.
    pub fn prepare(&self, user: UserId, client: &Client) -> Ending {
        let (opening, handout) = self.sessions.opening(user, client);
        let (challenge, challenge_hash) = Token::generate(&self.random);
        let challenge_id = self.ids.next();
        Ending { opening, handout, challenge, challenge_hash, challenge_id }
    }

    /// Ends the sign-in, in the transaction of its first step: opens the session if the account has no factor, or if
    /// `code` is one; else asks.
    pub fn write(
        &self,
        tx: &mut Tx,
        ending: &Ending,
        account: Account,
        code: Option<&Secret<String>>,
        actor: &Actor,
    ) -> Result<Written> {
        let methods = self.factors.methods(tx, account.id)?;
        if methods.is_empty() {
            return self.open(tx, ending, account, actor);
        }
        if let Some(code) = code {
            return match self.factors.take(tx, &account, code, actor)? {
                Some(_) => self.open(tx, ending, account, actor),
                None => Ok(Written::WrongCode),
            };
        }
        let now = self.clock.now();
        // Whatever name the sign-in began with: otherwise each name would have its own guesses at the codes.
        let key = self.attempts.key_of_account(&account);
        let challenge = Challenge {
            id: ending.challenge_id,
            token_hash: ending.challenge_hash.clone(),
            kind: ChallengeKind::SignIn,
            user_id: Some(account.id),
            counted_as: Some(key),
            state: None,
            attempts: 0,
            created_at: now,
            expires_at: now.plus(CHALLENGE_LIVES),
        };
        store::insert_challenge(tx, &challenge)?;
        Ok(Written::Asked(methods, challenge.expires_at))
    }

    /// Opens the session.
    fn open(&self, tx: &mut Tx, ending: &Ending, account: Account, actor: &Actor) -> Result<Written> {
        self.sessions.open(tx, &ending.opening, &account, actor)?;
        let due = self.duty.remind(tx, &account, self.clock.now())?;
        Ok(Written::Opened(Box::new(account), due))
    }

    /// What is handed out once the transaction is done.
    pub fn conclude(&self, ending: Ending, written: Written) -> Result<Ended> {
        match written {
            Written::Asked(methods, expires_at) => {
                Ok(Ended::Asked(Asked { challenge: ending.challenge, methods, expires_at }))
            }
            opened => self.opened(ending, opened).map(|signed_in| Ended::SignedIn(Box::new(signed_in))),
        }
    }

    fn opened(&self, ending: Ending, written: Written) -> Result<SignedIn> {
        let Written::Opened(account, due) = written else {
            return Err(Error::new(INVALID_CREDENTIALS));
        };
        let session = ending.opening.session.id;
        let mut signed_in = self.sessions.signed_in(*account, session, ending.handout)?;
        signed_in.factor_due = due;
        Ok(signed_in)
    }

    /// Answers a challenge: `verify` says in the transaction whether the answer is right. A right one opens the
    /// session and forgets what was refused; a wrong one counts against the lock, like a wrong password.
    pub async fn answer(
        &self,
        challenge: &Secret<String>,
        client: &Client,
        verify: impl Fn(&mut Tx<'_>, &Account, &Actor) -> Result<bool> + Clone + Send + 'static,
    ) -> Result<SignedIn> {
        let hash = TokenHash::of(challenge.expose());
        let owner = self.owner(&hash).await?;
        let ending = self.prepare(owner, client);
        let written = again(|| {
            let (endings, prepared, hash) = (self.clone(), ending.clone(), hash.clone());
            let (verify, address) = (verify.clone(), client.origin.address);
            let write = self.db.write(move |tx| {
                let (challenge, account) = endings.live(tx, &hash)?;
                let key = challenge.counted_as.clone().unwrap_or_default();
                endings.attempts.check(tx, &key)?;
                let actor = account.as_actor(address);
                if !verify(tx, &account, &actor)? {
                    let refused = Challenge { attempts: challenge.attempts + 1, ..challenge };
                    store::update_challenge(tx, &refused)?;
                    let nobody = Actor { address: Some(address), ..Actor::anonymous() };
                    endings.attempts.refuse_factor(tx, &key, &account, &nobody)?;
                    return Ok(Written::WrongCode);
                }
                store::delete_challenge(tx, challenge.id)?;
                endings.attempts.forgive(tx, &account, None)?;
                endings.open(tx, &prepared, account, &actor)
            });
            reader::as_reader(owner, write)
        })
        .await?;
        match written {
            Written::WrongCode => Err(wrong_code()),
            opened => self.opened(ending, opened),
        }
    }

    /// Whose challenge is this? Asked where it was written: a replica may not have it yet, and does not know by whom
    /// it is awaited.
    async fn owner(&self, hash: &TokenHash) -> Result<UserId> {
        let (hash, now) = (hash.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let challenge = store::challenge(tx, &hash, ChallengeKind::SignIn)?;
                let live = challenge.filter(|challenge| challenge.is_live(now));
                live.and_then(|challenge| challenge.user_id).ok_or_else(over)
            })
            .await
    }

    /// The challenge of a sign-in and its account, if both still stand: a password that was changed meanwhile takes
    /// the first step back.
    pub fn live(&self, tx: &mut Tx, hash: &TokenHash) -> Result<(Challenge, Account)> {
        let now = self.clock.now();
        let challenge = store::challenge(tx, hash, ChallengeKind::SignIn)?;
        let challenge = challenge.filter(|challenge| challenge.is_live(now)).ok_or_else(over)?;
        let account = active(tx, challenge.user_id.ok_or_else(over)?)?;
        if account.password_changed_at.is_some_and(|changed| changed > challenge.created_at) {
            return Err(over());
        }
        Ok((challenge, account))
    }
}

fn active(tx: &mut Tx, user: UserId) -> Result<Account> {
    let account = accounts::find(tx, user)?.ok_or_else(|| Error::new(INVALID_CREDENTIALS))?;
    if account.is_active { Ok(account) } else { Err(Error::new(ACCOUNT_INACTIVE)) }
}

/// The refusal of a challenge that is not known, was answered, or waited too long.
pub fn over() -> Error {
    Error::new(CHALLENGE_OVER)
}
