//! `Authorization: Bearer`: an access token.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use socle_kit::config::Values;
use socle_kit::crypto::Sealer;
use socle_kit::db::{Conn, Db};
use socle_kit::http::{HeaderValue, Means, Origin, Who};
use socle_kit::kernel::{Random, Result, Timestamp, codes};

use super::presence::{Place, Presences};
use super::refusals::Refusals;
use super::store;
use socle_identity_core::access_token::{AccessTokens, Distrust, Verified};
use socle_identity_core::errors::{INVALID_TOKEN, TOKEN_MISSING};

/// How many tokens are remembered at most; the least used are forgotten first.
const MOST: u64 = 20_000;
/// What nobody has used for so long is forgotten.
const REST: Duration = Duration::from_secs(10 * 60);

/// Reads access tokens.
///
/// Checking a signature costs some microseconds and a look at the database more, so both answers are remembered:
/// that a token is ours for as long as it is used and the keys are what they were, who is behind its session for a
/// second at most, and not past a change made on this node.
pub(super) struct Bearers {
    tokens: AccessTokens,
    /// By the token itself: two tokens never share an entry, whatever a hash might do.
    known: Cache<String, Arc<Holder>>,
    presences: Presences,
    refusals: Refusals,
}

/// A token of ours, and what is known of who holds it.
struct Holder {
    token: Verified,
    /// The keys it was verified with.
    generation: u64,
    place: Place,
}

impl Bearers {
    pub(super) fn new(
        db: &Db,
        settings: &Values,
        sealer: &Sealer,
        random: &Random,
        presences: Presences,
    ) -> Result<Self> {
        let tokens = AccessTokens::new(db, settings, sealer, presences.clock(), random)?;
        if let Some(ring) = tokens.ring() {
            ring.open()?;
        }
        Ok(Self {
            tokens,
            known: Cache::builder().max_capacity(MOST).time_to_idle(REST).build(),
            refusals: Refusals::new(db, presences.clock()),
            presences,
        })
    }

    /// Whose token is this?
    pub(super) async fn who(&self, authorization: &HeaderValue, origin: &Origin) -> Result<Who> {
        let token = match bearer(authorization.to_str().unwrap_or_default()) {
            None => return Ok(Who::Refused(codes::UNAUTHORIZED)),
            Some("") => return Ok(Who::Refused(TOKEN_MISSING)),
            Some(token) => token,
        };
        let now = self.presences.clock().now();
        let holder = match self.holder(token, now).await? {
            Ok(holder) => holder,
            Err(why) => {
                self.refusals.tell(why, origin);
                return Ok(Who::Refused(INVALID_TOKEN));
            }
        };
        let (session, user) = (holder.token.session, holder.token.user);
        let ask = move |conn: &mut Conn| store::presence(conn, session, now);
        let caller = self.presences.caller(&holder.place, user, Means::Bearer, now, ask).await?;
        Ok(caller.map_or(Who::Refused(INVALID_TOKEN), Who::Known))
    }

    /// What is known of a token; or why it is not believed.
    async fn holder(&self, token: &str, now: Timestamp) -> Result<Result<Arc<Holder>, Distrust>> {
        let mut verified = self.verify(token, now);
        // Another node may sign with a key that this one has not read yet.
        if verified.as_ref().err() == Some(&Distrust::Key) && self.tokens.learn().await? {
            verified = self.verify(token, now);
        }
        Ok(verified
            .and_then(|holder| if holder.token.is_over(now) { Err(Distrust::Expired) } else { Ok(holder) }))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Holder>, Distrust> {
        let generation = self.tokens.generation();
        match self.known.get(token) {
            Some(known) if known.generation == generation => return Ok(known),
            Some(_) => self.known.invalidate(token),
            None => {}
        }
        // Only ours are remembered: others must not push them out.
        let verified = self.tokens.verify(token, now)?;
        let holder = Arc::new(Holder { token: verified, generation, place: Place::default() });
        // Of many requests that come first with a token, all wait at the place of one.
        Ok(self.known.get_with_by_ref(token, || holder))
    }
}

/// The token of `Bearer <token>`, empty when there is none; `None` for another scheme (RFC 9110, 11.1: the scheme
/// is written in any case).
fn bearer(authorization: &str) -> Option<&str> {
    let text = authorization.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
