//! The secret of identity: it tags what is not to be guessed (names that were tried, children of refresh tokens, forms),
//! and signs access tokens where the operator wants a secret for it. Set by the operator, or made at the first start.

use socle_kit::config::Values;
use socle_kit::crypto::{KeyedHash, load_or_create, secret_weakness};
use socle_kit::kernel::{Random, Result, Secret, Trouble};

/// How many bytes a key has that is made here.
const LENGTH: usize = 32;

/// The secret in force. In production, one that is short or known is refused.
pub fn load(settings: &Values, random: &Random) -> Result<Secret<Vec<u8>>> {
    let Some(secret) = settings.secret("jwt.secret")? else {
        // Nodes that share what seals share this too.
        if let Some(key) = settings.secret("encryption.key")? {
            let key = Secret::new(key.expose().trim().as_bytes().to_vec());
            let tag = KeyedHash::new(&key).tag("the secret of identity", b"");
            return Ok(Secret::new(tag.to_vec()));
        }
        return load_or_create(&settings.path("data_dir")?.join("keys/jwt.key"), LENGTH, random);
    };
    if settings.choice("environment")? == "production"
        && let Some(weakness) = weakness(secret.expose())
    {
        return Err(weakness.into());
    }
    Ok(Secret::new(secret.expose().clone().into_bytes()))
}

/// What is weak about the secret that is set. Production refuses it; elsewhere the operator is warned.
pub fn weakness_of(settings: &Values) -> Result<Option<Trouble>> {
    Ok(settings.secret("jwt.secret")?.and_then(|secret| weakness(secret.expose())))
}

fn weakness(secret: &str) -> Option<Trouble> {
    secret_weakness("jwt.secret", "JWT_SECRET", secret)
}
