//! The port of the edge, implemented: a bearer token becomes a caller.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use socle_kit::config::Values;
use socle_kit::db::Db;
use socle_kit::http::{Authenticator, BoxFuture, Caller, HeaderMap, Origin, Who};
use socle_kit::kernel::{Clock, Id, Random, Result, Timestamp, codes};

use super::presence::{Place, caller};
use super::store;
use socle_identity_core::access_token::{AccessTokens, Verified};
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{INVALID_TOKEN, TOKEN_MISSING};
use socle_identity_core::sessions::model::Session;
use socle_identity_core::{reader, sessions, signing_key};

/// How many tokens are remembered at most; the least used are forgotten first.
const MOST: u64 = 20_000;
/// What nobody has used for so long is forgotten.
const REST: Duration = Duration::from_secs(10 * 60);
/// The moment a session was last used is written down at most once in this time.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// Reads the credentials of requests: bearer tokens, in this slice.
///
/// Checking a signature costs a few microseconds and a look at the database more, so both answers are remembered:
/// that a token is ours for as long as it is used, who is behind its session for a second at most, and not past a
/// change made on this node.
struct TokenAuthenticator {
    db: Db,
    clock: Clock,
    tokens: AccessTokens,
    /// By the token itself: two tokens never share an entry, whatever a hash might do.
    known: Cache<String, Arc<Holder>>,
    changes: Changes,
    proof_lifetime: Duration,
}

/// A token of ours, and what is known of who holds it.
struct Holder {
    token: Verified,
    place: Place,
}

/// The authenticator of a server on this database. The settings must be those the services are given, since they
/// name the key that both sign with.
pub fn authenticator(
    db: &Db,
    settings: &Values,
    clock: Clock,
    random: Random,
) -> Result<Arc<dyn Authenticator>> {
    let key = signing_key::load(settings, &random)?;
    Ok(Arc::new(TokenAuthenticator {
        db: db.clone(),
        clock,
        tokens: AccessTokens::new(&key, settings, random)?,
        known: Cache::builder().max_capacity(MOST).time_to_idle(REST).build(),
        changes: Changes::of(db)?,
        proof_lifetime: settings.duration("identity.proof_lifetime")?,
    }))
}

impl Authenticator for TokenAuthenticator {
    fn authenticate<'a>(&'a self, headers: &'a HeaderMap, _: &'a Origin) -> BoxFuture<'a, Result<Who>> {
        Box::pin(async move {
            let Some(authorization) = headers.get("authorization") else { return Ok(Who::Anonymous) };
            let text = authorization.to_str().unwrap_or_default();
            match bearer(text) {
                None => Ok(Who::Refused(codes::UNAUTHORIZED)),
                Some("") => Ok(Who::Refused(TOKEN_MISSING)),
                Some(token) => self.holder(token).await,
            }
        })
    }
}

/// The token of `Bearer <token>`, empty when there is none; `None` for another scheme (RFC 9110, 11.1: the scheme
/// is written in any case).
fn bearer(authorization: &str) -> Option<&str> {
    let text = authorization.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl TokenAuthenticator {
    /// Whose token is this?
    async fn holder(&self, token: &str) -> Result<Who> {
        let now = self.clock.now();
        let Some(holder) = self.verify(token).filter(|holder| !holder.token.is_over(now)) else {
            return Ok(Who::Refused(INVALID_TOKEN));
        };
        let caller = match holder.place.fresh(self.changes.seen()) {
            Some(caller) => caller,
            None => self.look_up(&holder, now).await?,
        };
        let caller = caller.filter(|caller| caller.actor.is(holder.token.user));
        Ok(caller.map_or(Who::Refused(INVALID_TOKEN), Who::Known))
    }

    fn verify(&self, token: &str) -> Option<Arc<Holder>> {
        if let Some(known) = self.known.get(token) {
            return Some(known);
        }
        // Only ours are remembered: others must not push them out.
        let holder = Arc::new(Holder { token: self.tokens.verify(token)?, place: Place::default() });
        // Of many requests that come first with a token, all wait at the place of one.
        Some(self.known.get_with_by_ref(token, || holder))
    }

    /// Asks the database; of many requests with one token, one asks and the others wait for its answer.
    async fn look_up(&self, holder: &Holder, now: Timestamp) -> Result<Option<Caller>> {
        let Holder { token: verified, place } = holder;
        let _turn = place.turn.lock().await;
        if let Some(caller) = place.fresh(self.changes.seen()) {
            return Ok(caller);
        }
        let (asked, seen) = (Instant::now(), self.changes.seen());
        let session = verified.session;
        let read = self.db.read(move |conn| store::presence(conn, session, now));
        let presence = reader::as_reader(verified.user, read).await?;
        if let Some(presence) = &presence {
            self.note_use(session, presence.last_seen_at, now);
        }
        let caller = presence.map(|presence| caller(session, &presence, self.proof_lifetime));
        place.remember(caller.clone(), asked, seen);
        Ok(caller)
    }

    /// Writes down, beside the request, that the session is in use.
    fn note_use(&self, session: Id<Session>, last: Timestamp, now: Timestamp) {
        if now.since(last) < SEEN_EVERY {
            return;
        }
        let db = self.db.clone();
        tokio::spawn(async move {
            if let Err(error) = db.write(move |tx| sessions::store::touch(tx, session, now)).await {
                tracing::debug!(%session, %error, "session {session}: its use was not written down");
            }
        });
    }
}
