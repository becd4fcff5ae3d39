//! Signing in: lock, password, account, in that order (R2-72…78), known and unknown identifiers alike; then the second
//! factor, where there is one.

use socle_kit::Kit;
use socle_kit::crypto::{Passwords, Verification};
use socle_kit::db::{Db, Tx};
use socle_kit::kernel::{Actor, Clock, Error, Result, Secret};

use socle_identity_core::accounts::model::{Account, folded, is_match};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::errors::{ACCOUNT_INACTIVE, DEMO_ACCOUNT_REFUSED, INVALID_CREDENTIALS};
use socle_identity_core::sessions::attempts::{self, Attempt, Attempts, again};
use socle_identity_core::sessions::ending::{Ended, Endings, Written};
use socle_identity_core::sessions::service::{Client, Sessions};
use socle_identity_core::{demo, exposure, reader};

/// Signs people in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SignInService {
    db: Db,
    clock: Clock,
    passwords: Passwords,
    attempts: Attempts,
    endings: Endings,
    refuses_demo: bool,
}

/// What is presented: the password, and a code of the second factor where the client has one at hand.
#[derive(Clone)]
pub(crate) struct Presented {
    pub(crate) password: Secret<String>,
    pub(crate) code: Option<Secret<String>>,
}

impl SignInService {
    pub(crate) fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            passwords: kit.passwords.clone(),
            attempts: Attempts::new(kit)?,
            endings: Endings::new(kit, sessions)?,
            refuses_demo: exposure::is_exposed(&kit.settings)?,
        })
    }

    /// Signs in by user name or address. A wrong password and an account that does not exist take the same way:
    /// the same work, the same count, the same answer.
    pub(crate) async fn sign_in(
        &self,
        identifier: &str,
        presented: Presented,
        client: &Client,
    ) -> Result<Ended> {
        let (service, name, client) = (self.clone(), folded(identifier), client.clone());
        // What is counted is also seen to its end, whether or not the client waits for it: otherwise whoever hangs
        // up could lock an account without a word to anybody.
        tokio::spawn(async move { service.attempt(name, presented, &client).await })
            .await
            .unwrap_or_else(|lost| Err(Error::internal(lost)))
    }

    async fn attempt(&self, name: String, presented: Presented, client: &Client) -> Result<Ended> {
        let attempt = self.attempts.begin(name).await?;
        let verification = match self.verify(attempt.account.as_ref(), &presented.password).await {
            Ok(verification) => verification,
            Err(unverified) => return Err(self.attempts.give_back(&attempt, unverified).await),
        };
        let proved = match &attempt.account {
            Some(account) if is_match(verification) => account,
            _ => {
                self.attempts.refuse(&attempt, &client.origin).await?;
                return Err(Error::new(INVALID_CREDENTIALS));
            }
        };
        match self.welcome(proved, &attempt, verification, presented, client).await {
            Ok(ended) => Ok(ended),
            // The password was changed while this one was verified, or the code that came with it is wrong: it was
            // a guess, and which part of it was right is not told.
            Err(error) if error.code() == INVALID_CREDENTIALS => {
                self.attempts.refuse(&attempt, &client.origin).await?;
                Err(error)
            }
            Err(error) => Err(self.attempts.give_back(&attempt, error).await),
        }
    }

    /// A password that was right: what else stands against signing in, and if nothing does, how it ends.
    async fn welcome(
        &self,
        account: &Account,
        attempt: &Attempt,
        verification: Verification,
        presented: Presented,
        client: &Client,
    ) -> Result<Ended> {
        if !account.is_active {
            return Err(Error::new(ACCOUNT_INACTIVE));
        }
        if self.refuses_demo && demo::is_demo_password(presented.password.expose()) {
            return Err(Error::new(DEMO_ACCOUNT_REFUSED));
        }
        let rehashed = match verification {
            Verification::MatchButOutdated => Some(self.passwords.hash(presented.password).await?),
            Verification::Match | Verification::NoMatch => None,
        };
        let code = presented.code;
        again(|| self.admit(account.clone(), attempt, rehashed.clone(), code.clone(), client)).await
    }

    /// The work of one verification, whether or not there is anything to verify.
    async fn verify(&self, account: Option<&Account>, password: &Secret<String>) -> Result<Verification> {
        match account.and_then(|account| account.password_hash.clone()) {
            Some(stored) => self.passwords.verify(password.clone(), stored).await,
            None => self.passwords.verify_nothing(password.clone()).await.map(|()| Verification::NoMatch),
        }
    }

    /// Ends the sign-in. What was read before the password was verified is looked at again: a change of password or a
    /// deactivation that came meanwhile holds. What was refused is forgotten once the session is open, and not while a
    /// second factor is still to come: who knows the password alone must not guess at codes for ever.
    async fn admit(
        &self,
        account: Account,
        attempt: &Attempt,
        rehashed: Option<String>,
        code: Option<Secret<String>>,
        client: &Client,
    ) -> Result<Ended> {
        let actor = account.as_actor(client.origin.address);
        let ending = self.endings.prepare(account.id, client);
        let (prepared, reader) = (ending.clone(), account.id);
        let nobody = Actor { address: actor.address, ..Actor::anonymous() };
        let (service, key, now) = (self.clone(), attempt.key.clone(), self.clock.now());
        let write = self.db.write(move |tx| {
            let account = reconfirm(tx, &account, rehashed.as_deref())?;
            // A code is a guess at the account, whatever name the sign-in began with.
            let account_key = service.attempts.key_of_account(&account);
            let has_other_name = code.is_some() && account_key != key;
            if has_other_name {
                service.attempts.check(tx, &account_key)?;
            }
            let written = service.endings.write(tx, &prepared, account.clone(), code.as_ref(), &actor)?;
            match written {
                Written::Opened(..) => service.attempts.forgive(tx, &account, Some(&key))?,
                Written::Asked(..) => attempts::end(tx, &key, now)?,
                Written::WrongCode if has_other_name => {
                    service.attempts.refuse_factor(tx, &account_key, &account, &nobody)?;
                }
                Written::WrongCode => {}
            }
            Ok(written)
        });
        let written = reader::as_reader(reader, write).await?;
        self.endings.conclude(ending, written)
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
