//! Hashes that other systems have made (bcrypt): accepted, and weaker than ours, so that sign-in replaces them.

use bcrypt::HashParts;
use socle_kernel::{Error, Result, Secret};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::verification::Verification;

/// The beginnings of bcrypt's texts, whichever program wrote them.
const BEGINNINGS: [&str; 3] = ["$2a$", "$2b$", "$2y$"];
/// What a stored hash may ask for at most: about a second. An imported row must not take the machine.
const MOST_COST: u32 = 14;

/// Does the text claim to be a bcrypt hash?
pub(crate) fn is_foreign(stored: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| stored.starts_with(beginning))
}

/// Refuses a text that is no bcrypt hash, or asks for too much work. The error does not repeat it.
pub(crate) fn check(stored: &str) -> Result<()> {
    let parts: HashParts =
        stored.parse().map_err(|_| Error::internal("the stored bcrypt hash cannot be read"))?;
    if parts.get_cost() > MOST_COST {
        return Err(Error::internal("the stored bcrypt hash asks for more work than is allowed"));
    }
    Ok(())
}

/// Is this the password? Never more than outdated. Only the first 72 bytes count, as they did where the hash was made.
pub(crate) fn verify(password: &Secret<String>, stored: &str) -> Result<Verification> {
    check(stored)?;
    let composed: Zeroizing<String> = Zeroizing::new(password.expose().nfc().collect());
    let matches = bcrypt::verify(composed.as_bytes(), stored)
        .map_err(|_| Error::internal("the stored bcrypt hash cannot be verified"))?;
    Ok(if matches { Verification::MatchButOutdated } else { Verification::NoMatch })
}
