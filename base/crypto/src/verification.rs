//! What comes of holding a password against a hash.

/// What a verification says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// It is the password.
    Match,
    /// It is the password, and its hash is weaker than new ones: hash it again.
    MatchButOutdated,
    /// It is not.
    NoMatch,
}
