//! Proving anew who one is: what credentials are changed by asks for it.

use std::time::Duration;

use socle_kit::Kit;
use socle_kit::contracts::identity::UserProved;
use socle_kit::crypto::{Passwords, Token, TokenHash};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::{Caller, Means, Origin};
use socle_kit::kernel::{
    Actor, Clock, Error, Id, Ids, OrNotFound, Random, Result, Secret, Timestamp, UserId, codes,
};

use super::api::Shown;
use crate::passkeys::api::PasskeyOptionsView;
use crate::passkeys::service::spend;
use crate::relying_party::{RelyingParty, Wire, invalid};
use crate::verification::Verification;
use socle_identity_core::accounts::model::{Account, is_match};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{CODE_WRONG, EMAIL_UNVERIFIED, FACTOR_NEEDED, PASSWORD_WRONG};
use socle_identity_core::factors::model::{CHALLENGE_LIVES, Challenge, ChallengeKind, Method};
use socle_identity_core::factors::service::Factors;
use socle_identity_core::factors::store;
use socle_identity_core::sessions::attempts::{self, Attempts};
use socle_identity_core::sessions::model::Session;
use socle_identity_core::sessions::service::session_of;
use socle_identity_core::sessions::store as sessions;

/// Takes proofs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Proofs {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    passwords: Passwords,
    factors: Factors,
    attempts: Attempts,
    verification: Verification,
    party: RelyingParty,
    lifetime: Duration,
    changes: Changes,
}

impl Proofs {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            passwords: kit.passwords.clone(),
            factors: Factors::new(kit)?,
            attempts: Attempts::new(kit)?,
            verification: Verification::new(kit)?,
            party: RelyingParty::new(kit)?,
            lifetime: kit.settings.duration("identity.proof_lifetime")?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Takes a proof for the caller's session; until when it is fresh. A wrong one counts like a wrong password at
    /// sign-in.
    pub(crate) async fn prove(&self, caller: &Caller, shown: Shown, origin: &Origin) -> Result<Timestamp> {
        if caller.means == Means::ApiKey {
            // A key is not somebody, and has no session that could prove itself.
            return Err(Error::new(codes::FORBIDDEN));
        }
        let (service, caller, origin) = (self.clone(), caller.clone(), origin.clone());
        // What is counted is seen to its end, whether or not the client waits for it.
        tokio::spawn(async move { service.take(&caller, shown, &origin).await })
            .await
            .unwrap_or_else(|lost| Err(Error::internal(lost)))
    }

    async fn take(&self, caller: &Caller, shown: Shown, origin: &Origin) -> Result<Timestamp> {
        let (session, now) = (session_of(caller)?, self.clock.now());
        match shown {
            Shown::Password(password) => self.take_password(caller, session, password, origin).await?,
            Shown::Code(code) => {
                let actor = caller.actor.clone();
                let then = move |tx: &mut Tx<'_>| proved(tx, session, &actor, now);
                if !self.verification.code(&caller.actor, &code, then).await? {
                    return Err(Error::invalid_field("code", CODE_WRONG));
                }
            }
            Shown::Passkey(challenge, assertion) => {
                self.take_passkey(&caller.actor, session, challenge, assertion).await?;
            }
        }
        self.changes.note();
        Ok(now.plus(self.lifetime))
    }

    /// A password proves an account that has nothing else.
    async fn take_password(
        &self,
        caller: &Caller,
        session: Id<Session>,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<()> {
        let (user, now) = (caller.actor.user()?, self.clock.now());
        let account = self.unprotected(user).await?;
        let attempt = self.attempts.begin(account.username_folded.clone()).await?;
        let stored = account.password_hash.clone();
        let verified = match stored.clone() {
            Some(stored) => self.passwords.verify(password, stored).await.map(is_match),
            None => self.passwords.verify_nothing(password).await.map(|()| false),
        };
        match verified {
            Ok(true) => {}
            Ok(false) => {
                self.attempts.refuse(&attempt, origin).await?;
                return Err(Error::invalid_field("password", PASSWORD_WRONG));
            }
            Err(unverified) => return Err(self.attempts.give_back(&attempt, unverified).await),
        }
        let (key, actor) = (attempt.key.clone(), caller.actor.clone());
        let written = self
            .db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                // Somebody else may have changed it while this one was verified.
                if account.password_hash != stored {
                    return Ok(false);
                }
                attempts::end(tx, &key, now)?;
                proved(tx, session, &actor, now).map(|()| true)
            })
            .await;
        match written {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.attempts.refuse(&attempt, origin).await?;
                Err(Error::invalid_field("password", PASSWORD_WRONG))
            }
            Err(unwritten) => Err(self.attempts.give_back(&attempt, unwritten).await),
        }
    }

    /// The account, if it has no second factor.
    async fn unprotected(&self, user: UserId) -> Result<Account> {
        self.db
            .read(move |conn| {
                if store::is_protected(conn, user)? {
                    return Err(Error::new(FACTOR_NEEDED));
                }
                accounts::find(conn, user)?.or_not_found("account")
            })
            .await
    }

    async fn take_passkey(
        &self,
        actor: &Actor,
        session: Id<Session>,
        challenge: Secret<String>,
        assertion: Wire,
    ) -> Result<()> {
        let (user, now, party) = (actor.user()?, self.clock.now(), self.party.clone());
        let hash = TokenHash::of(challenge.expose());
        let verify = move |tx: &mut Tx<'_>, account: &Account, actor: &Actor| {
            let state = spend(tx, &hash, ChallengeKind::Proof, Some(user), now)?;
            if !party.take(tx, &state, &assertion, account, actor)? {
                return Ok(None);
            }
            proved(tx, session, actor, now).map(Some)
        };
        self.verification.counted(actor, verify).await?.ok_or_else(invalid)
    }

    /// Asks for a passkey of the caller's account.
    pub(crate) async fn options(&self, actor: &Actor) -> Result<PasskeyOptionsView> {
        let (user, now, party) = (actor.user()?, self.clock.now(), self.party.clone());
        let (token, token_hash) = Token::generate(&self.random);
        let id = self.ids.next();
        let public_key = self
            .db
            .write(move |tx| {
                let passkeys = store::passkeys(tx, user)?;
                if passkeys.is_empty() {
                    return Err(Error::not_found("passkey"));
                }
                let ceremony = party.ask_for(&passkeys)?;
                let challenge = Challenge {
                    id,
                    token_hash: token_hash.clone(),
                    kind: ChallengeKind::Proof,
                    user_id: Some(user),
                    counted_as: None,
                    state: Some(ceremony.state),
                    attempts: 0,
                    created_at: now,
                    expires_at: now.plus(CHALLENGE_LIVES),
                };
                store::insert_challenge(tx, &challenge)?;
                Ok(ceremony.options)
            })
            .await?;
        Ok(PasskeyOptionsView { challenge: token.expose().clone(), public_key })
    }

    /// Mails a code: to whoever chose that as a factor, and to whoever has neither a factor nor a password.
    pub(crate) async fn mail(&self, actor: &Actor) -> Result<Timestamp> {
        let (user, factors) = (actor.user()?, self.factors.clone());
        let code = self.factors.new_mailed_code();
        self.db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                let methods = factors.methods(tx, user)?;
                let nothing_else = methods.is_empty() && account.password_hash.is_none();
                if !methods.contains(&Method::Email) && !nothing_else {
                    return Err(Error::new(FACTOR_NEEDED));
                }
                factors.mail_code(tx, &account, &code)?.ok_or_else(|| Error::new(EMAIL_UNVERIFIED))
            })
            .await
    }
}

/// Writes down that the session has proved itself.
fn proved(tx: &mut Tx, session: Id<Session>, actor: &Actor, now: Timestamp) -> Result<()> {
    sessions::prove(tx, session, now)?;
    tx.emit(actor, UserProved { user: actor.user()?, session: session.to_string() })
}
