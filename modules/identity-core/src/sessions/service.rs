//! Sessions: beginning one, refreshing it, ending it.

use std::sync::Arc;
use std::time::Duration;

use socle_kit::Kit;
use socle_kit::contracts::identity::{RefreshTokenReused, UserSignedIn, UserSignedOut};
use socle_kit::crypto::{Token, TokenHash};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::{Caller, Origin};
use socle_kit::kernel::{Actor, Clock, Error, Id, Ids, Random, Result, Secret, Timestamp};

use super::model::{Lifetimes, RefreshToken, Session};
use super::store;
use crate::access_token::AccessTokens;
use crate::accounts::model::Account;
use crate::accounts::store as accounts;
use crate::changes::Changes;
use crate::errors::INVALID_TOKEN;
use crate::signing_key;

/// Begins, refreshes and ends sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    tokens: Arc<AccessTokens>,
    lifetimes: Lifetimes,
    changes: Changes,
}

/// What one receives on signing in.
pub struct SignedIn {
    /// Who signed in.
    pub account: Account,
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: Secret<String>,
    /// The life of the access token.
    pub expires_in: Duration,
}

/// A session that is about to begin, with its first refresh token.
#[derive(Clone)]
pub struct Opening {
    /// The session.
    pub session: Session,
    first: RefreshToken,
}

impl Opening {
    /// Writes it down, in the transaction of what it follows from.
    pub fn write(&self, tx: &mut Tx, actor: &Actor) -> Result<()> {
        store::insert(tx, &self.session)?;
        store::insert_token(tx, &self.first)?;
        tx.emit(actor, UserSignedIn { user: self.session.user_id, session: self.session.id.to_string() })
    }
}

/// What became of a refresh token, once it is written down.
enum Refreshed {
    Renewed(Box<Account>, Id<Session>),
    Reused,
}

impl Sessions {
    /// With the handles of the kit.
    pub fn new(kit: &Kit) -> Result<Self> {
        let key = signing_key::load(&kit.settings, &kit.random)?;
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            tokens: Arc::new(AccessTokens::new(&key, &kit.settings, kit.random.clone())?),
            lifetimes: Lifetimes::of(&kit.settings)?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// A session of this account, ready to be written, and the refresh token to be handed out.
    pub fn opening(&self, user: Id<socle_kit::kernel::User>, origin: &Origin) -> (Opening, Secret<String>) {
        let now = self.clock.now();
        let mut session = Session::begin(self.ids.next(), user, &self.lifetimes, now);
        session.address = Some(origin.address.to_string());
        session.user_agent = origin.user_agent.as_deref().map(str::to_owned);
        let (token, hash) = Token::generate(&self.random);
        let first = RefreshToken::issue(self.ids.next(), hash, &session, now);
        (Opening { session, first }, token)
    }

    /// What is handed out once the session is written.
    pub fn signed_in(
        &self,
        account: Account,
        session: Id<Session>,
        refresh_token: Secret<String>,
    ) -> Result<SignedIn> {
        let access_token = self.tokens.issue(&account, session, self.clock.now())?;
        Ok(SignedIn { account, access_token, refresh_token, expires_in: self.tokens.lifetime() })
    }

    /// Exchanges a refresh token for its child (R3-224). One that was exchanged before is in two hands: the whole
    /// family ends.
    pub async fn refresh(&self, presented: &Secret<String>, origin: &Origin) -> Result<SignedIn> {
        let hash = TokenHash::of(presented.expose());
        let (token, child_hash) = Token::generate(&self.random);
        let child = self.ids.next();
        let (lifetimes, now, address) = (self.lifetimes, self.clock.now(), origin.address);
        let refreshed = self
            .db
            .write(move |tx| {
                let mut parent = store::find_token(tx, &hash)?.ok_or_else(invalid)?;
                let mut session = store::find(tx, parent.session_id)?.ok_or_else(invalid)?;
                if !session.is_live(now) || parent.expires_at <= now {
                    return Err(invalid());
                }
                let account = accounts::find(tx, parent.user_id)?.filter(|account| account.is_active);
                let account = account.ok_or_else(invalid)?;
                let actor = account.as_actor(address);
                if parent.used_at.is_some() {
                    store::revoke(tx, session.id, now)?;
                    tx.emit(
                        &actor,
                        RefreshTokenReused { user: account.id, session: session.id.to_string() },
                    )?;
                    return Ok(Refreshed::Reused);
                }
                session.extend(&lifetimes, now);
                let mut next = RefreshToken::issue(child, child_hash.clone(), &session, now);
                parent.replace_by(&mut next, now);
                store::update(tx, &session)?;
                store::insert_token(tx, &next)?;
                store::update_token(tx, &parent)?;
                Ok(Refreshed::Renewed(Box::new(account), session.id))
            })
            .await?;
        match refreshed {
            Refreshed::Renewed(account, session) => self.signed_in(*account, session, token),
            Refreshed::Reused => {
                self.changes.note();
                Err(invalid())
            }
        }
    }

    /// Ends the caller's session, and with it all its tokens (C15); the session of a refresh token too, when
    /// one of theirs is given (A24).
    pub async fn sign_out(&self, caller: &Caller, presented: Option<Secret<String>>) -> Result<()> {
        let (session, user) = (session_of(caller)?, caller.actor.user()?);
        let (actor, now) = (caller.actor.clone(), self.clock.now());
        let hash = presented.map(|token| TokenHash::of(token.expose()));
        self.db
            .write(move |tx| {
                let presented = hash.as_ref().map(|hash| store::find_token(tx, hash)).transpose()?.flatten();
                let other = presented.filter(|token| token.user_id == user).map(|token| token.session_id);
                for session in std::iter::once(session).chain(other) {
                    if store::revoke(tx, session, now)? {
                        tx.emit(&actor, UserSignedOut { user, session: session.to_string() })?;
                    }
                }
                Ok(())
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// Removes what is over: sessions a day after their end, refusals that no longer count.
    pub async fn purge(db: &Db, now: Timestamp) -> Result<()> {
        const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
        let window = now.minus(super::model::WINDOW);
        let removed = db.write(move |tx| store::purge(tx, now.minus(KEPT), window, now)).await?;
        if removed > 0 {
            tracing::debug!(removed, "ended sessions and old refusals were removed");
        }
        Ok(())
    }
}

/// The session of a caller who presented a token.
pub fn session_of(caller: &Caller) -> Result<Id<Session>> {
    caller.session.parse().map_err(Error::internal)
}

fn invalid() -> Error {
    Error::new(INVALID_TOKEN)
}
