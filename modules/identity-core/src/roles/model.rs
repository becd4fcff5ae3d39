//! What an account holds, and by what: its role, and what was granted to it alone.

use socle_kit::db::Row;
use socle_kit::kernel::{Id, PermissionSet, Timestamp, UserId, scoped};

/// The role that holds everything, without a row for each permission.
pub const ADMIN: &str = "admin";

/// A permission granted to one account, besides those of its role.
#[derive(Debug, Clone, PartialEq, Eq, Row)]
pub struct Grant {
    /// The identifier.
    pub id: Id<Grant>,
    /// The account that holds it.
    pub user_id: UserId,
    /// The name of the permission.
    pub permission: String,
    /// Who granted it.
    pub granted_by: Option<UserId>,
    /// When it is over.
    pub expires_at: Option<Timestamp>,
    /// When it was granted.
    pub created_at: Timestamp,
    /// The scope within which alone it holds; none when it holds everywhere.
    pub scope: Option<String>,
}

impl Grant {
    /// Does it still hold?
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }

    /// Does it cover what is asked for: everything, or its own scope alone?
    pub fn covers(&self, scope: Option<&str>) -> bool {
        self.scope.is_none() || self.scope.as_deref() == scope
    }

    /// The permission as sets name it.
    pub fn name(&self) -> String {
        match &self.scope {
            Some(scope) => scoped(&self.permission, scope),
            None => self.permission.clone(),
        }
    }
}

/// All that decides what an account may do.
#[derive(Debug, Clone)]
pub struct Holding {
    /// The name of its role.
    pub role: String,
    /// May the account be used?
    pub is_active: bool,
    /// The permissions of its role.
    pub bundle: Vec<String>,
    /// What was granted to it, whether or not it is over.
    pub grants: Vec<Grant>,
}

/// Which rule decided whether somebody holds a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Administrators hold everything.
    Administrator,
    /// The role holds it.
    Role(&'a str),
    /// It was granted to the account.
    Grant(&'a Grant),
    /// The account may not be used: it holds nothing.
    Inactive,
    /// Nothing gives it.
    Nothing,
}

impl Decision<'_> {
    /// Is the permission held?
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Administrator | Self::Role(_) | Self::Grant(_))
    }

    /// When what decided is over; none when it is not by itself.
    pub const fn expires_at(self) -> Option<Timestamp> {
        match self {
            Self::Grant(grant) => grant.expires_at,
            _ => None,
        }
    }
}

impl Holding {
    /// Is the permission held now, everywhere or within this scope, and by what?
    pub fn decide(&self, permission: &str, scope: Option<&str>, now: Timestamp) -> Decision<'_> {
        if !self.is_active {
            return Decision::Inactive;
        }
        if self.role == ADMIN {
            return Decision::Administrator;
        }
        if self.bundle.iter().any(|held| held == permission) {
            return Decision::Role(&self.role);
        }
        let granted =
            |grant: &&Grant| grant.permission == permission && grant.covers(scope) && grant.holds_at(now);
        self.grants.iter().find(granted).map_or(Decision::Nothing, Decision::Grant)
    }

    /// Everything held now.
    pub fn permissions(&self, now: Timestamp) -> PermissionSet {
        if !self.is_active {
            return PermissionSet::default();
        }
        if self.role == ADMIN {
            return PermissionSet::all();
        }
        let granted = self.grants.iter().filter(|grant| grant.holds_at(now)).map(Grant::name);
        PermissionSet::of(self.bundle.iter().cloned().chain(granted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(permission: &str, scope: Option<&str>, expires_at: Option<i64>) -> Grant {
        Grant {
            id: Id::from_u128(1),
            user_id: Id::from_u128(2),
            permission: permission.to_owned(),
            granted_by: None,
            expires_at: expires_at.map(Timestamp::from_seconds),
            created_at: Timestamp::EPOCH,
            scope: scope.map(str::to_owned),
        }
    }

    fn holding(role: &str, grants: Vec<Grant>) -> Holding {
        Holding { role: role.to_owned(), is_active: true, bundle: vec!["read".to_owned()], grants }
    }

    #[test]
    fn r4_210_a_role_or_a_grant_gives_a_permission_and_an_administrator_holds_all() {
        let now = Timestamp::from_seconds(10);
        let user = holding("user", vec![grant("write", None, None)]);
        assert_eq!(user.decide("read", None, now), Decision::Role("user"));
        assert!(matches!(user.decide("write", None, now), Decision::Grant(_)));
        assert_eq!(user.decide("erase", None, now), Decision::Nothing);
        assert_eq!(holding(ADMIN, Vec::new()).decide("erase", None, now), Decision::Administrator);
        let switched_off = Holding { is_active: false, ..holding(ADMIN, Vec::new()) };
        assert_eq!(switched_off.decide("read", None, now), Decision::Inactive);
        assert_eq!(switched_off.permissions(now), PermissionSet::default());
    }

    #[test]
    fn a_grant_is_over_at_its_end_and_holds_within_its_scope_alone() {
        let user = holding("user", vec![grant("write", Some("team:a"), Some(10))]);
        let decide = |scope, second| user.decide("write", scope, Timestamp::from_seconds(second));
        assert!(decide(Some("team:a"), 9).is_allowed() && !decide(Some("team:a"), 10).is_allowed());
        assert!(!decide(None, 9).is_allowed() && !decide(Some("team:b"), 9).is_allowed());
        let held = user.permissions(Timestamp::from_seconds(9));
        assert!(held.holds_within("write", "team:a") && !held.holds_name("write"));
    }
}
