//! Signing in with an account of elsewhere: away, back, and in.

use std::sync::Arc;
use std::time::Duration;

use socle_identity_core::accounts::store as accounts;
use socle_identity_core::factors::store as factors;
use socle_identity_core::sessions::ending::{Ended, Endings};
use socle_identity_core::sessions::service::{Client, Sessions, session_of};
use socle_identity_core::sessions::store as sessions;
use socle_kit::Kit;
use socle_kit::contracts::identity::{ExternalAccountUnlinked, ExternalSignInRefused};
use socle_kit::crypto::{Sealer, Token, TokenHash, same};
use socle_kit::db::{Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::{Caller, Context, Returned};
use socle_kit::kernel::{Actor, Clock, Error, Kind, OrNotFound, Random, Result, Secret, Timestamp, UserId};

use super::errand::{Errand, challenge_of};
use super::model::{Link, Ticket};
use super::store;
use super::whose::{Newcomer, Whose};
use crate::errors::{OIDC_OFF, OIDC_ONLY_WAY_IN, OIDC_REFUSED, OIDC_STATE_INVALID, OIDC_TICKET_INVALID};
use crate::provider::{self, Homecoming, Provider};

/// How long an app may take to take a ticket.
const TICKET: Duration = Duration::from_secs(2 * 60);

/// Signs people in with accounts of elsewhere. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Oidc {
    db: Db,
    clock: Clock,
    random: Random,
    sealer: Sealer,
    endings: Endings,
    whose: Whose,
    provider: Option<Arc<Provider>>,
    /// What people call the provider.
    pub(super) name: Arc<str>,
    /// The page people come back to.
    return_url: Arc<str>,
}

/// Somebody who is sent to the provider.
pub(super) struct Departure {
    /// Where.
    pub(super) address: String,
    /// What the browser takes along.
    pub(super) cookie: String,
}

/// What came of a journey.
enum Arrival {
    Ticket(Secret<String>),
    Linked,
}

impl Oidc {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        let settings = &kit.settings;
        let base = settings.public_base()?;
        let redirect = format!("{base}/api/v1/auth/oidc/callback");
        let provider = Provider::of(settings, kit.clock.clone(), redirect)?;
        let host =
            || provider.as_ref().map(|provider| provider::host_of(provider.issuer())).unwrap_or_default();
        let name: Arc<str> = match settings.text("oidc.name")? {
            "" => host().into(),
            name => name.into(),
        };
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            random: kit.random.clone(),
            sealer: kit.sealer.clone(),
            endings: Endings::new(kit, Sessions::new(kit)?)?,
            whose: Whose::new(kit, name.clone())?,
            provider: provider.map(Arc::new),
            name,
            return_url: settings
                .url("oidc.return_url")?
                .map_or_else(|| format!("{base}/"), str::to_owned)
                .into(),
        })
    }

    pub(super) fn is_on(&self) -> bool {
        self.provider.is_some()
    }

    fn provider(&self) -> Result<&Provider> {
        self.provider.as_deref().ok_or_else(|| Error::new(OIDC_OFF))
    }

    /// Sends somebody away to sign in; or, signed in already, to link.
    pub(super) async fn depart(
        &self,
        challenge: Option<String>,
        caller: Option<&Caller>,
    ) -> Result<Departure> {
        let provider = self.provider()?;
        let linking = caller.map(|caller| Ok::<_, Error>((caller.actor.user()?, session_of(caller)?)));
        let errand = Errand::new(&self.random, self.clock.now(), challenge, linking.transpose()?);
        let sent = provider::Errand {
            state: &errand.state,
            nonce: &errand.nonce,
            challenge: &challenge_of(&errand.verifier),
        };
        Ok(Departure { address: provider.address(&sent).await?, cookie: errand.sealed(&self.sealer)? })
    }

    /// Where somebody is sent who came back: to the page of the app, which finds in the address what came of it.
    pub(super) async fn arrive(
        &self,
        returned: &Returned,
        cookie: Option<&str>,
        context: &Context,
    ) -> Result<String> {
        let end = match self.arrival(returned, cookie, context).await {
            Ok(Arrival::Ticket(ticket)) => format!("ticket={}", ticket.expose()),
            Ok(Arrival::Linked) => "linked=true".to_owned(),
            // What is ours is answered, and logged, as everywhere.
            Err(error) if error.kind() == Kind::Internal || error.code() == OIDC_OFF => return Err(error),
            Err(error) => format!("error={}", error.code().name),
        };
        Ok(format!("{}#{end}", self.return_url))
    }

    async fn arrival(&self, returned: &Returned, cookie: Option<&str>, context: &Context) -> Result<Arrival> {
        let provider = self.provider()?;
        let errand = Errand::open(&self.sealer, cookie, self.clock.now())?;
        if !errand.matches(returned.get("state")) {
            return Err(Error::new(OIDC_STATE_INVALID));
        }
        let (state, expires_at) = (errand.state_hash(), errand.expires_at());
        self.db.write(move |tx| store::take_return(tx, &state, expires_at)).await?;
        let identity = match returned.get("code").filter(|_| returned.get("error").is_none()) {
            Some(code) => {
                let home = Homecoming {
                    code,
                    issuer: returned.get("iss"),
                    nonce: &errand.nonce,
                    verifier: &errand.verifier,
                };
                provider.identity(&home).await
            }
            None => Err(Error::new(OIDC_REFUSED).because("the provider sends no code")),
        };
        let identity = match identity {
            Ok(identity) => identity,
            Err(error) => return Err(self.note(provider, context, error).await),
        };
        let newcomer = Newcomer {
            issuer: provider.issuer().to_owned(),
            identity,
            language: context.language(),
            origin: context.origin().clone(),
        };
        match errand.linking {
            Some(linking) => self.link(linking, newcomer).await,
            None => self.ticket(errand, newcomer).await,
        }
    }

    /// Notes a refusal for those who watch, and gives it back.
    async fn note(&self, provider: &Provider, context: &Context, error: Error) -> Error {
        if error.code() != OIDC_REFUSED {
            tracing::warn!("the provider of identities fails: {error}");
            return error;
        }
        tracing::warn!("a sign-in with an account of elsewhere is refused: {error}");
        let mut actor = Actor::anonymous();
        actor.address = Some(context.origin().address);
        let letter = ExternalSignInRefused { issuer: provider.issuer().to_owned() };
        if let Err(unwritten) = self.db.write(move |tx| tx.emit(&actor, letter.clone())).await {
            tracing::warn!("the refusal could not be noted: {unwritten}");
        }
        error
    }

    async fn ticket(&self, errand: Errand, newcomer: Newcomer) -> Result<Arrival> {
        let (ticket, ticket_hash) = Token::generate(&self.random);
        let (whose, now) = (self.whose.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let account = whose.account(tx, &newcomer)?;
                let ticket = Ticket {
                    ticket_hash: ticket_hash.clone(),
                    user_id: account.id,
                    state_hash: errand.state_hash(),
                    challenge: errand.challenge.clone(),
                    expires_at: now.plus(TICKET),
                };
                store::insert_ticket(tx, &ticket)
            })
            .await?;
        Ok(Arrival::Ticket(ticket))
    }

    /// Links to the account of who was signed in when they left, if they still are.
    async fn link(
        &self,
        (user, session): (UserId, socle_kit::kernel::Id<socle_identity_core::sessions::model::Session>),
        newcomer: Newcomer,
    ) -> Result<Arrival> {
        let (whose, now) = (self.whose.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let is_live = sessions::find(tx, session)?.is_some_and(|session| session.is_live(now));
                let account = accounts::find(tx, user)?.filter(|account| account.is_active && is_live);
                whose.link(tx, &account.ok_or_else(|| Error::new(OIDC_STATE_INVALID))?, &newcomer)
            })
            .await?;
        Ok(Arrival::Linked)
    }

    /// Takes a ticket, and signs in: in the browser that was sent away, or for the app that proves it began.
    pub(super) async fn complete(
        &self,
        ticket: &Secret<String>,
        verifier: Option<&Secret<String>>,
        cookie: Option<&str>,
        client: &Client,
    ) -> Result<Ended> {
        self.provider()?;
        let now = self.clock.now();
        let hash = TokenHash::of(ticket.expose());
        let browser = Errand::open(&self.sealer, cookie, now).ok().map(|errand| errand.state_hash());
        let proof = verifier.map(|verifier| challenge_of(verifier.expose()));
        let user = self
            .db
            .write(move |tx| {
                let invalid = || Error::new(OIDC_TICKET_INVALID);
                let ticket = store::find_ticket(tx, &hash)?.ok_or_else(invalid)?;
                let is_own = match &ticket.challenge {
                    Some(challenge) => {
                        proof.as_ref().is_some_and(|proof| same(proof.as_bytes(), challenge.as_bytes()))
                    }
                    None => browser.as_ref() == Some(&ticket.state_hash),
                };
                // Who shows the wrong proof may not use it up for who has the right one.
                if !is_own || ticket.expires_at <= now || !store::remove_ticket(tx, &hash)? {
                    return Err(invalid());
                }
                Ok(ticket.user_id)
            })
            .await?;
        // The provider was the first step; whether the account wants a second one is the account's.
        self.endings.end(user, client).await
    }

    /// The caller's links.
    pub(super) async fn links(&self, actor: &Actor) -> Result<Vec<Link>> {
        let user = actor.user()?;
        self.db.read(move |conn| store::of_user(conn, user)).await
    }

    /// Removes the caller's link, unless nobody could sign in to the account any more.
    pub(super) async fn unlink(&self, caller: &Caller, context: &Context) -> Result<()> {
        let issuer = self.provider()?.issuer().to_owned();
        let (user, actor, whose) = (caller.actor.user()?, caller.actor.clone(), self.whose.clone());
        let language = context.language();
        self.db
            .write(move |tx: &mut Tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                if store::remove(tx, user, &issuer)? == 0 {
                    return Err(Error::not_found("link"));
                }
                if account.password_hash.is_none() && factors::passkeys(tx, user)?.is_empty() {
                    return Err(Error::new(OIDC_ONLY_WAY_IN));
                }
                whose.tell(tx, &account, "external-account-unlinked", language)?;
                tx.emit(&actor, ExternalAccountUnlinked { user, issuer: issuer.clone() })
            })
            .await
    }
}

/// Removes what never came to its end.
pub(crate) async fn purge(db: &Db, now: Timestamp) -> Result<()> {
    let removed = db.write(move |tx| store::purge(tx, now)).await?;
    if removed > 0 {
        tracing::debug!(removed, "sign-ins with accounts of elsewhere that are over were removed");
    }
    Ok(())
}
