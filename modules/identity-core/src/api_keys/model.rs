//! The row of an API key and its pure rules.

use std::time::Duration;

use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::kernel::{Id, PermissionSet, Timestamp, UserId};

/// A key, as it is stored.
#[derive(Debug, Clone, Row)]
pub struct ApiKey {
    /// The identifier.
    pub id: Id<ApiKey>,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The readable beginning of its present secret.
    pub prefix: String,
    /// The hash of the key.
    pub secret_hash: TokenHash,
    /// The hash of the key before the last rotation.
    pub previous_hash: Option<TokenHash>,
    /// Until when the key before the last rotation works.
    pub previous_until: Option<Timestamp>,
    /// The names of the permissions it may use, where its owner holds them.
    pub scopes: Vec<String>,
    /// The networks it may be used from; from anywhere when there are none.
    pub networks: Vec<String>,
    /// The version of the row.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When its present secret was made.
    pub rotated_at: Timestamp,
    /// The end its owner chose.
    pub expires_at: Option<Timestamp>,
    /// When its owner was told that it ends soon.
    pub warned_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// The address it was last used from.
    pub last_address: Option<String>,
    /// When its end was told.
    pub retired_at: Option<Timestamp>,
}

/// When a key ends: when its owner said, or when its secret is too old, whichever comes first (R0-17).
pub fn ends_at(expires_at: Option<Timestamp>, rotated_at: Timestamp, max_age: Duration) -> Timestamp {
    let too_old = rotated_at.plus(max_age);
    expires_at.map_or(too_old, |chosen| chosen.min(too_old))
}

/// Does somebody who holds these hold this scope of a key: a permission, or one within a scope (`name@scope`)?
pub fn is_held(scope: &str, held: &PermissionSet) -> bool {
    match scope.split_once('@') {
        Some((name, within)) => held.holds_within(name, within),
        None => held.holds_name(scope),
    }
}

/// What a key may do: its scopes, as far as its owner holds them now. Never everything, whoever the owner is.
pub fn usable(scopes: &[String], held: &PermissionSet) -> PermissionSet {
    PermissionSet::of(scopes.iter().filter(|scope| is_held(scope, held)).cloned())
}

impl ApiKey {
    /// When it ends.
    pub fn ends_at(&self, max_age: Duration) -> Timestamp {
        ends_at(self.expires_at, self.rotated_at, max_age)
    }

    /// Another version of the row.
    pub fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r0_17_a_key_ends_when_its_owner_said_and_at_its_age_at_the_latest() {
        let (made, day) = (Timestamp::from_seconds(0), Duration::from_secs(86_400));
        assert_eq!(ends_at(None, made, day), made.plus(day));
        assert_eq!(ends_at(Some(made.plus(day * 2)), made, day), made.plus(day));
        assert_eq!(ends_at(Some(made.plus(day / 2)), made, day), made.plus(day / 2));
    }

    #[test]
    fn a_key_may_do_what_it_is_for_and_its_owner_may_and_never_everything() {
        let scopes = ["read".to_owned(), "write".to_owned()];
        assert_eq!(usable(&scopes, &PermissionSet::of(["write", "erase"])), PermissionSet::of(["write"]));
        let administrators = usable(&scopes, &PermissionSet::all());
        assert!(!administrators.is_all() && !administrators.holds_name("erase"));
        let within = usable(&["write@team:a".to_owned()], &PermissionSet::of(["write"]));
        assert!(within.holds_within("write", "team:a") && !within.holds_name("write"));
    }
}
