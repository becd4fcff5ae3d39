//! The secret of identity: it tags what is not to be guessed (names that were tried, children of refresh tokens, forms),
//! and signs access tokens where the operator wants a secret for it. Set by the operator, or made at the first start.

use socle_kit::config::Values;
use socle_kit::crypto::{KeyedHash, load_or_create};
use socle_kit::kernel::{Random, Result, Secret, Trouble};

/// The least number of bytes (R3-220: 256 bits).
const LEAST: usize = 32;

/// What documentation and tutorials show, in lower case and without signs: everybody knows these.
const SAMPLES: &[&str] = &[
    "astringsecretatleast256bitslong",
    "changeme",
    "changethis",
    "jwtsecret",
    "keyboardcat",
    "mysecret",
    "replaceme",
    "secretkey",
    "supersecret",
    "verysecret",
    "your256bitsecret",
    "your384bitsecret",
    "your512bitsecret",
    "yoursecret",
    "yourjwtsecret",
    "yoursupersecret",
];

/// The secret in force. In production, one that is short or known is refused.
pub fn load(settings: &Values, random: &Random) -> Result<Secret<Vec<u8>>> {
    let Some(secret) = settings.secret("jwt.secret")? else {
        // Nodes that share what seals share this too.
        if let Some(key) = settings.secret("encryption.key")? {
            let key = Secret::new(key.expose().trim().as_bytes().to_vec());
            let tag = KeyedHash::new(&key).tag("the secret of identity", b"");
            return Ok(Secret::new(tag.to_vec()));
        }
        return load_or_create(&settings.path("data_dir")?.join("keys/jwt.key"), LEAST, random);
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

/// Why the server must not sign with it.
fn weakness(secret: &str) -> Option<Trouble> {
    let text = |reason: &str| {
        format!(
            "setting jwt.secret {reason}; give 32 random bytes or more, or leave it unset to have a key made"
        )
    };
    if secret.len() < LEAST {
        return Some(Trouble::new("secret-short", text("is shorter than 32 bytes")));
    }
    let letters: String =
        secret.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if SAMPLES.iter().any(|sample| letters.contains(sample)) {
        return Some(Trouble::new("secret-known", text("holds a sample that everybody knows")));
    }
    let distinct: std::collections::BTreeSet<char> = secret.chars().collect();
    (distinct.len() < 8).then(|| Trouble::new("secret-monotonous", text("repeats a few characters")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_220_a_secret_in_production_is_long_unknown_and_varied() {
        for bad in [
            "short",
            "a-string-secret-at-least-256-bits-long",
            "your-super-secret-jwt-key-change-this-in-production",
            "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(weakness(bad).is_some(), "{bad}");
        }
        assert_eq!(weakness("q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa"), None);
    }
}
