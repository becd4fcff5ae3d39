//! The wire shape of our public keys: a JSON Web Key Set (RFC 7517, RFC 8037).

use serde::Serialize;
use socle_kit::kernel::{Error, Id, Result};

use super::model::SigningKey;
use super::ring::KeyRing;

/// The public keys.
#[derive(Serialize)]
struct KeySet {
    keys: Vec<PublicKey>,
}

#[derive(Serialize)]
struct PublicKey {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    kid: Id<SigningKey>,
    x: String,
}

impl From<SigningKey> for PublicKey {
    fn from(key: SigningKey) -> Self {
        Self { kty: "OKP", crv: "Ed25519", alg: "EdDSA", usage: "sig", kid: key.id, x: key.public_key }
    }
}

/// What stands at `/.well-known/jwks.json`; an empty set where tokens are signed with a secret.
pub fn key_set(ring: Option<&KeyRing>) -> Result<String> {
    let keys = ring.map(KeyRing::rows).unwrap_or_default();
    let keys = keys.into_iter().map(PublicKey::from).collect();
    serde_json::to_string(&KeySet { keys }).map_err(Error::internal)
}
