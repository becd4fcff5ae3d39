//! The keys of the provider: remembered, and asked for anew when it signs with one that is not known, but not more
//! often than it can bear.

use std::time::Duration;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};
use reqwest::Url;
use socle_kit::kernel::{Clock, Result, Timestamp};
use tokio::sync::Mutex;

use super::failure::{LastFailure, refused};
use super::fetch::Fetch;
use super::id_token::IdToken;

/// How long keys are believed, and how long at least between two questions.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
const PAUSE: Duration = Duration::from_secs(60);

pub(super) struct Keys {
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: Option<(Timestamp, JwkSet)>,
    failure: LastFailure,
}

impl Keys {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// The key that the token names.
    pub(super) async fn find(
        &self,
        fetch: &Fetch,
        address: &Url,
        token: &IdToken<'_>,
    ) -> Result<DecodingKey> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some((at, keys)) = known.keys.as_ref()
            && now < at.plus(REMEMBERED)
        {
            match select(keys, token) {
                Some(key) => return decoding(key),
                None if now < at.plus(PAUSE) => return Err(refused("signed with a key that is not known")),
                None => {}
            }
        }
        known.failure.check(now)?;
        let answer = fetch.json(fetch.get(address)?).await;
        let keys: JwkSet = known.failure.note(answer, self.clock.now())?;
        let found = select(&keys, token).map(decoding);
        known.keys = Some((now, keys));
        found.unwrap_or_else(|| Err(refused("signed with a key that is not the provider's")))
    }
}

/// The key of this name that signs, and signs with this algorithm; without a name, the only one there is.
fn select<'a>(keys: &'a JwkSet, token: &IdToken<'_>) -> Option<&'a Jwk> {
    let fits = |key: &&Jwk| {
        let signs = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
        let named = key.common.key_algorithm.is_none_or(|name| name.to_string() == token.algorithm_name());
        signs && named && is_public(key)
    };
    match token.key() {
        Some(name) => keys.keys.iter().filter(fits).find(|key| key.common.key_id.as_deref() == Some(name)),
        None => {
            let mut fitting = keys.keys.iter().filter(fits);
            let first = fitting.next();
            first.filter(|_| fitting.next().is_none())
        }
    }
}

/// A key that everybody may see cannot be a secret that signs: whoever reads it could sign as well.
fn is_public(key: &Jwk) -> bool {
    matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_)
            | AlgorithmParameters::EllipticCurve(_)
            | AlgorithmParameters::OctetKeyPair(_)
    )
}

fn decoding(key: &Jwk) -> Result<DecodingKey> {
    DecodingKey::from_jwk(key).map_err(|_| refused("the provider's key is none"))
}
