//! The keys that sign access tokens: a ring in the database, known to every node before a new one signs.

pub mod api;
pub mod model;
pub mod ring;
pub mod rotation;
pub mod store;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use socle_kit::Kit;
use socle_kit::http::WellKnown;
use socle_kit::kernel::Result;

use crate::access_token::signs_with_secret;
use ring::KeyRing;

/// Shorter than a new key is announced: who keeps our keys for so long has it before it signs.
const KEPT: Duration = Duration::from_secs(60);

/// The public keys, at the root.
pub(crate) fn well_known(kit: &Kit) -> Result<WellKnown> {
    let ring = ring_of(kit)?;
    let write = move || -> socle_kit::http::BoxFuture<'static, Result<String>> {
        let set = api::key_set(ring.as_ref());
        Box::pin(async move { set })
    };
    Ok(WellKnown {
        path: "/.well-known/jwks.json",
        media: "application/jwk-set+json",
        life: KEPT,
        write: Arc::new(write),
    })
}

/// What a node does from time to time: reads what others have done, rotates, removes what is over.
pub(crate) async fn tend(kit: &Kit) -> Result<()> {
    match kit.db.read(|conn| Ok(conn.attachment::<KeyRing>())).await? {
        Some(ring) => ring.tend().await,
        None => Ok(()),
    }
}

fn ring_of(kit: &Kit) -> Result<Option<KeyRing>> {
    if signs_with_secret(&kit.settings)? {
        return Ok(None);
    }
    KeyRing::of(&kit.db, &kit.settings, &kit.sealer, &kit.clock, &kit.random).map(Some)
}
