//! Sessions: beginning one, refreshing it, listing them, ending them.

use std::sync::Arc;
use std::time::Duration;

use socle_kit::Kit;
use socle_kit::contracts::identity::{
    RefreshTokenReused, UserSessionEnded, UserSessionsEnded, UserSignedIn, UserSignedOut,
};
use socle_kit::crypto::{KeyedHash, Token, TokenHash};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::{Caller, Origin};
use socle_kit::kernel::{
    Actor, Clock, Error, Id, Ids, OrNotFound, Page, Random, Result, Secret, Slice, Timestamp, UserId,
};

use super::csrf::Csrf;
use super::model::{CookieLifetimes, Lifetimes, RefreshToken, Session, SessionKind};
use super::store;
use crate::access_token::AccessTokens;
use crate::accounts::model::Account;
use crate::accounts::store as accounts;
use crate::changes::Changes;
use crate::errors::INVALID_TOKEN;
use crate::factors::duty::Duty;
use crate::roles::rules::require_over;
use crate::signing_key;

/// Begins, refreshes, lists and ends sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    tokens: Arc<AccessTokens>,
    lifetimes: Lifetimes,
    cookie_lifetimes: CookieLifetimes,
    /// Makes children of refresh tokens: each is the tag of its parent, so that a lost answer can be given again
    /// though only hashes are stored.
    children: KeyedHash,
    csrf: Csrf,
    duty: Duty,
    changes: Changes,
}

/// What one receives on signing in.
pub struct SignedIn {
    /// Who signed in.
    pub account: Account,
    /// What the client presents from now on.
    pub credentials: Credentials,
    /// Until when the account may be without the second factor that its role needs.
    pub factor_due: Option<Timestamp>,
}

/// Who asks, from where, and by what they want to be known.
#[derive(Debug, Clone)]
pub struct Client {
    /// Where the request came from.
    pub origin: Origin,
    /// By tokens or by a cookie.
    pub kind: SessionKind,
}

impl Client {
    /// Of this origin and wish.
    pub fn new(origin: &Origin, kind: impl Into<SessionKind>) -> Self {
        Self { origin: origin.clone(), kind: kind.into() }
    }
}

/// What a client presents from now on.
pub enum Credentials {
    /// Tokens.
    Tokens {
        /// The access token.
        access_token: String,
        /// The refresh token.
        refresh_token: Secret<String>,
        /// The life of the access token.
        expires_in: Duration,
    },
    /// A cookie.
    Cookie {
        /// Its value.
        token: Secret<String>,
        /// What writes bring besides.
        csrf_token: String,
        /// Its life.
        expires_in: Duration,
    },
}

/// What the client of a session that is about to begin is to be handed.
#[derive(Clone)]
pub struct Handout {
    token: Secret<String>,
    kind: SessionKind,
}

/// A session that is about to begin, with its first refresh token where it has some.
#[derive(Clone)]
pub struct Opening {
    /// The session.
    pub session: Session,
    first: Option<RefreshToken>,
}

/// What became of a refresh token, once it is written down.
enum Refreshed {
    Renewed(Box<Account>, Id<Session>, Option<Timestamp>),
    Reused,
}

impl Sessions {
    /// With the handles of the kit.
    pub fn new(kit: &Kit) -> Result<Self> {
        let hash = KeyedHash::new(&signing_key::load(&kit.settings, &kit.random)?);
        let tokens = AccessTokens::new(&kit.db, &kit.settings, &kit.sealer, &kit.clock, &kit.random)?;
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            tokens: Arc::new(tokens),
            lifetimes: Lifetimes::of(&kit.settings)?,
            cookie_lifetimes: CookieLifetimes::of(&kit.settings)?,
            children: hash.clone(),
            csrf: Csrf::new(hash),
            duty: Duty::of(&kit.settings)?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// A session of this account, ready to be written, and what is handed out once it is. What a role says of its
    /// life is told when it is written.
    pub fn opening(&self, user: UserId, client: &Client) -> (Opening, Handout) {
        let (now, kind) = (self.clock.now(), client.kind);
        let (secret, hash) = Token::generate(&self.random);
        match kind {
            SessionKind::Tokens => {
                let session = self.begin(user, &self.lifetimes, &client.origin, now);
                let first = RefreshToken::issue(self.ids.next(), hash, &session, now);
                (Opening { session, first: Some(first) }, Handout { token: secret, kind })
            }
            SessionKind::Cookie => {
                let mut session = self.begin(user, self.cookie_lifetimes.of_role(""), &client.origin, now);
                // Whose it is says which reads must see what: where there is a replica, one's own writes.
                let token = Secret::new(format!("{user}.{}", secret.expose()));
                session.cookie_hash = Some(TokenHash::of(token.expose()));
                (Opening { session, first: None }, Handout { token, kind })
            }
        }
    }

    /// Writes a session down, in the transaction of what it follows from.
    pub fn open(&self, tx: &mut Tx, opening: &Opening, account: &Account, actor: &Actor) -> Result<()> {
        let mut session = opening.session.clone();
        if session.cookie_hash.is_some() {
            session.last(self.cookie_lifetimes.of_role(&account.role));
        }
        store::insert(tx, &session)?;
        if let Some(first) = &opening.first {
            store::insert_token(tx, first)?;
        }
        tx.emit(actor, UserSignedIn { user: session.user_id, session: session.id.to_string() })
    }

    fn begin(&self, user: UserId, lifetimes: &Lifetimes, origin: &Origin, now: Timestamp) -> Session {
        let mut session = Session::begin(self.ids.next(), user, lifetimes, now);
        session.address = Some(origin.address.to_string());
        session.user_agent = origin.user_agent.as_deref().map(str::to_owned);
        session
    }

    /// What is handed out once the session is written.
    pub fn signed_in(&self, account: Account, session: Id<Session>, handout: Handout) -> Result<SignedIn> {
        let credentials = match handout.kind {
            SessionKind::Tokens => Credentials::Tokens {
                access_token: self.tokens.issue(&account, session, self.clock.now())?,
                refresh_token: handout.token,
                expires_in: self.tokens.lifetime(),
            },
            SessionKind::Cookie => Credentials::Cookie {
                token: handout.token,
                csrf_token: self.csrf.token_of(session),
                expires_in: self.cookie_lifetimes.of_role(&account.role).absolute,
            },
        };
        Ok(SignedIn { account, credentials, factor_due: None })
    }

    /// What a caller known by a cookie brings with writes.
    pub fn csrf_token(&self, caller: &Caller) -> String {
        self.csrf.token(&caller.session)
    }

    /// Exchanges a refresh token for its child (R3-224). One that was exchanged before is in two hands: the whole
    /// family ends. But an answer may be lost on its way: for a few seconds, and while the child was not used, the
    /// same child is handed out again.
    pub async fn refresh(&self, presented: &Secret<String>, origin: &Origin) -> Result<SignedIn> {
        let hash = TokenHash::of(presented.expose());
        let token = self.child_of(presented);
        let child_hash = TokenHash::of(token.expose());
        let child = self.ids.next();
        let (lifetimes, now, address) = (self.lifetimes, self.clock.now(), origin.address);
        let duty = self.duty.clone();
        let refreshed = self
            .db
            .write(move |tx| {
                let mut parent = store::find_token(tx, &hash)?.ok_or_else(invalid)?;
                let mut session = store::find(tx, parent.session_id)?.ok_or_else(invalid)?;
                let account = accounts::find(tx, parent.user_id)?.ok_or_else(invalid)?;
                if !session.is_live(now) || !account.is_active {
                    return Err(invalid());
                }
                if parent.used_at.is_some() {
                    let is_lost_answer = parent.is_in_grace(now)
                        && is_waiting(child_in(tx, &parent)?.as_ref(), &child_hash, now);
                    if is_lost_answer {
                        let due = duty.remind(tx, &account, now)?;
                        return Ok(Refreshed::Renewed(Box::new(account), session.id, due));
                    }
                    store::revoke(tx, session.id, now)?;
                    let letter = RefreshTokenReused { user: account.id, session: session.id.to_string() };
                    tx.emit(&account.as_actor(address), letter)?;
                    return Ok(Refreshed::Reused);
                }
                if parent.expires_at <= now {
                    return Err(invalid());
                }
                session.extend(&lifetimes, now);
                let mut next = RefreshToken::issue(child, child_hash.clone(), &session, now);
                parent.replace_by(&mut next, now);
                store::update(tx, &session)?;
                store::insert_token(tx, &next)?;
                store::update_token(tx, &parent)?;
                let due = duty.remind(tx, &account, now)?;
                Ok(Refreshed::Renewed(Box::new(account), session.id, due))
            })
            .await?;
        match refreshed {
            Refreshed::Renewed(account, session, due) => {
                let handout = Handout { token, kind: SessionKind::Tokens };
                Ok(SignedIn { factor_due: due, ..self.signed_in(*account, session, handout)? })
            }
            Refreshed::Reused => {
                self.changes.note();
                Err(invalid())
            }
        }
    }

    fn child_of(&self, parent: &Secret<String>) -> Secret<String> {
        Secret::new(self.children.tag_text("child of a refresh token", parent.expose().as_bytes()))
    }

    /// A page of the sessions of an account that stand; the account must be there.
    pub async fn list(&self, user: UserId, page: Page) -> Result<Slice<Session>> {
        let now = self.clock.now();
        self.db
            .read(move |conn| {
                accounts::find(conn, user)?.or_not_found("account")?;
                store::page(conn, user, now, &page)
            })
            .await
    }

    /// As [`Self::list`], of an account over which the actor has rights.
    pub async fn list_of(&self, actor: &Actor, user: UserId, page: Page) -> Result<Slice<Session>> {
        let (actor, now) = (actor.clone(), self.clock.now());
        self.db.read(move |conn| require_over(conn, &actor, user, now)).await?;
        self.list(user, page).await
    }

    /// Ends one of the caller's sessions.
    pub async fn end_one(&self, caller: &Caller, session: Id<Session>) -> Result<()> {
        let (user, actor, now) = (caller.actor.user()?, caller.actor.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let own = store::find(tx, session)?.filter(|own| own.user_id == user && own.is_live(now));
                own.or_not_found("session")?;
                store::revoke(tx, session, now)?;
                tx.emit(&actor, UserSessionEnded { user, session: session.to_string() })
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// Ends all of the caller's sessions but this one.
    pub async fn end_others(&self, caller: &Caller) -> Result<()> {
        self.end_all(&caller.actor, caller.actor.user()?, Some(session_of(caller)?)).await
    }

    /// Ends all sessions of an account, which must be there and over which the actor has rights, but for the one to be
    /// kept.
    pub async fn end_all(&self, actor: &Actor, user: UserId, keep: Option<Id<Session>>) -> Result<()> {
        let (actor, now) = (actor.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                accounts::find(tx, user)?.or_not_found("account")?;
                require_over(tx, &actor, user, now)?;
                match store::revoke_all(tx, user, keep, now)? {
                    0 => Ok(()),
                    sessions_ended => tx.emit(&actor, UserSessionsEnded { user, sessions_ended }),
                }
            })
            .await?;
        self.changes.note();
        Ok(())
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
        let mut removed = 0;
        loop {
            let some = db.write(move |tx| store::purge(tx, now.minus(KEPT), window, now)).await?;
            removed += some;
            if some < store::PURGED_AT_ONCE {
                break;
            }
        }
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

/// The token that took this one's place.
fn child_in(tx: &mut Tx, parent: &RefreshToken) -> Result<Option<RefreshToken>> {
    parent.child_id.map(|child| store::token_by_id(tx, child)).transpose().map(Option::flatten)
}

/// Is this the child we would hand out, and has nobody used it yet?
fn is_waiting(child: Option<&RefreshToken>, hash: &TokenHash, now: Timestamp) -> bool {
    child.is_some_and(|child| child.token_hash == *hash && child.used_at.is_none() && now < child.expires_at)
}

fn invalid() -> Error {
    Error::new(INVALID_TOKEN)
}
