//! A link to an account of elsewhere, and what is on its way back: the rows and their pure rules.

use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::kernel::{Id, Timestamp, UserId};

/// An account of elsewhere that opens an account here.
#[derive(Debug, Clone, Row)]
pub(crate) struct Link {
    pub(crate) id: Id<Link>,
    pub(crate) user_id: UserId,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Timestamp,
}

/// A sign-in that the provider has answered, for the app to take once.
#[derive(Debug, Clone, Row)]
pub(crate) struct Ticket {
    pub(crate) ticket_hash: TokenHash,
    pub(crate) user_id: UserId,
    pub(crate) state_hash: TokenHash,
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: Timestamp,
}

/// A user name that the rules may accept, made of what the provider calls the person: what may not stand in one is
/// left out. Empty when nothing is left.
pub(crate) fn username_of(candidate: &str, longest: usize) -> String {
    let local = candidate.split('@').next().unwrap_or_default();
    let plain = socle_kit::kernel::fold(local);
    let allowed = plain.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let name: String = allowed.skip_while(|c| !c.is_ascii_alphanumeric()).take(longest).collect();
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_what_is_left_of_a_name_of_elsewhere() {
        for (candidate, name) in [
            ("zoe.durand@example.org", "zoe.durand"),
            ("Zoé", "zoe"),
            ("_-root", "root"),
            ("a b/c", "abc"),
            ("王", ""),
            ("abcdefghij", "abcdefgh"),
        ] {
            assert_eq!(username_of(candidate, 8.max(name.len())), name, "{candidate}");
        }
    }
}
