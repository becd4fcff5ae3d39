//! What a browser takes along to the provider: sealed in a cookie, so that nothing is written down for those who never
//! come back, and nobody but this browser can come back with it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use socle_identity_core::sessions::model::Session;
use socle_kit::crypto::{Sealer, Token, TokenHash, same, sha256};
use socle_kit::kernel::{Error, Id, Random, Result, Secret, Timestamp, UserId};

use crate::errors::OIDC_STATE_INVALID;

/// How long somebody may take to sign in at the provider.
pub(super) const LIFETIME: Duration = Duration::from_secs(10 * 60);
const CONTEXT: &str = "identity_oidc.errand:cookie";

/// What is sent along, and what for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Errand {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// What the app alone can prove, where one has begun.
    pub(super) challenge: Option<String>,
    /// Who wants to link, in which session; else somebody wants to sign in.
    pub(super) linking: Option<(UserId, Id<Session>)>,
    expires_at: i64,
}

impl Errand {
    /// A new one.
    pub(super) fn new(
        random: &Random,
        now: Timestamp,
        challenge: Option<String>,
        linking: Option<(UserId, Id<Session>)>,
    ) -> Self {
        let token = || Token::generate(random).0.expose().clone();
        let expires_at = now.plus(LIFETIME).micros();
        Self { state: token(), nonce: token(), verifier: token(), challenge, linking, expires_at }
    }

    /// As a cookie holds it.
    pub(super) fn sealed(&self, sealer: &Sealer) -> Result<String> {
        let text = Secret::new(serde_json::to_vec(self).map_err(Error::internal)?);
        sealer.seal(CONTEXT, text.expose())
    }

    /// What the cookie of a browser holds, while it is not over.
    pub(super) fn open(sealer: &Sealer, cookie: Option<&str>, now: Timestamp) -> Result<Self> {
        let invalid = || Error::new(OIDC_STATE_INVALID);
        let text = sealer.open(CONTEXT, cookie.ok_or_else(invalid)?).map_err(|_| invalid())?;
        let errand: Self = serde_json::from_slice(text.expose()).map_err(|_| invalid())?;
        if errand.expires_at().micros() <= now.micros() { Err(invalid()) } else { Ok(errand) }
    }

    pub(super) fn expires_at(&self) -> Timestamp {
        Timestamp::from_micros(self.expires_at)
    }

    /// Did the provider send back what it was sent?
    pub(super) fn matches(&self, state: Option<&str>) -> bool {
        state.is_some_and(|state| same(state.as_bytes(), self.state.as_bytes()))
    }

    pub(super) fn state_hash(&self) -> TokenHash {
        TokenHash::of(&self.state)
    }
}

/// What proves that one has the verifier without showing it (RFC 7636, `S256`).
pub(super) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge_of(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn an_errand_is_read_by_its_maker_until_it_is_over() {
        let sealer =
            |key: &str| Sealer::new(&[Secret::new(key.as_bytes().to_vec())], Random::seeded(1)).unwrap();
        let now = Timestamp::from_seconds(1_000);
        let errand = Errand::new(&Random::seeded(2), now, None, None);
        let cookie = errand.sealed(&sealer("a")).unwrap();
        assert!(!cookie.contains(&errand.state) && cookie.len() < 1_000);
        let open = |key: &str, cookie: Option<&str>, now| Errand::open(&sealer(key), cookie, now).ok();
        let read = open("a", Some(&cookie), now).unwrap();
        assert!(read.matches(Some(&errand.state)) && !read.matches(Some("other")) && !read.matches(None));
        assert!(open("b", Some(&cookie), now).is_none() && open("a", None, now).is_none());
        assert!(open("a", Some(&cookie), now.plus(LIFETIME)).is_none());
    }
}
