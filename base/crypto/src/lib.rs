//! Password hashing on a bounded pool, tokens, keyed hashes, sealing, signature keys, key files.

mod argon;
mod estimate;
mod foreign;
mod key_file;
mod keyed_hash;
mod passwords;
mod pepper;
mod seal;
mod signature;
mod strength;
mod token;
mod verification;
mod weak_secret;
mod words;

pub use estimate::{Estimate, SUGGESTIONS, WARNINGS};
pub use key_file::{load_if_there, load_or_create};
pub use keyed_hash::KeyedHash;
pub use passwords::{PasswordSettings, Passwords};
pub use seal::Sealer;
pub use signature::SignatureKey;
pub use strength::{PasswordRule, Weakness, is_common};
pub use token::{Token, TokenHash, same, sha256};
pub use verification::Verification;
pub use weak_secret::secret_weakness;
