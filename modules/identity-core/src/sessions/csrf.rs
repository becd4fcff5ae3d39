//! The token that shows that a write comes from a page of ours: tied to the session, and stored nowhere.

use socle_kit::crypto::{KeyedHash, same};
use socle_kit::kernel::Id;

use super::model::Session;

/// The header in which a write by cookie brings it.
pub const HEADER: &str = "x-csrf-token";

/// Makes and checks these tokens.
#[derive(Clone)]
pub struct Csrf(KeyedHash);

impl Csrf {
    /// With the secret of identity.
    pub const fn new(hash: KeyedHash) -> Self {
        Self(hash)
    }

    /// The token of a session.
    pub fn token(&self, session: &str) -> String {
        self.0.tag_text("token of forms", session.as_bytes())
    }

    /// As [`Self::token`], of the session's identifier.
    pub fn token_of(&self, session: Id<Session>) -> String {
        self.token(&session.to_string())
    }

    /// Is it the token of this session? In constant time.
    pub fn holds(&self, session: &str, presented: &str) -> bool {
        same(self.token(session).as_bytes(), presented.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use socle_kit::kernel::Secret;

    use super::*;

    #[test]
    fn a_token_belongs_to_one_session_and_one_server() {
        let csrf = |key: &[u8]| Csrf::new(KeyedHash::new(&Secret::new(key.to_vec())));
        let (ours, theirs) = (csrf(b"ours"), csrf(b"theirs"));
        let token = ours.token("a session");
        assert!(ours.holds("a session", &token));
        assert!(!ours.holds("another", &token) && !theirs.holds("a session", &token));
        assert!(!ours.holds("a session", "") && !ours.holds("a session", &token[1..]));
    }
}
