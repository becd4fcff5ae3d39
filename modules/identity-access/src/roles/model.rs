//! A role, and the rules of changing one.

use std::collections::BTreeSet;

use socle_kit::db::Row;
use socle_kit::prelude::*;

use crate::errors::{NOT_YOURS_TO_GIVE, ROLE_HOLDS_EVERYTHING, UNKNOWN_PERMISSION};
use socle_identity_core::roles::model::{Decision, Holding};
use socle_identity_core::roles::store::ADMIN;

/// A role as it is stored.
#[derive(Debug, Clone, Row)]
pub(crate) struct Role {
    pub(crate) id: Id<Role>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) built_in: bool,
    pub(crate) version: i64,
}

/// What a change gives to a role and takes from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) added: Vec<String>,
    pub(crate) removed: Vec<String>,
}

impl Difference {
    /// From these permissions to those.
    pub(crate) fn between(before: &[String], after: &[String]) -> Self {
        let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
        let only =
            |a: &BTreeSet<&String>, b: &BTreeSet<&String>| a.difference(b).map(|n| (*n).clone()).collect();
        Self { added: only(&after, &before), removed: only(&before, &after) }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// May `actor` make this change to `role`? Nobody gives or takes what they do not hold, or whoever may write roles
    /// could give themselves everything; and the administrators' role is not written at all (R4-209).
    pub(crate) fn check(&self, role: &Role, actor: &Actor) -> Result<()> {
        if role.name == ADMIN && !self.is_nothing() {
            return Err(Error::new(ROLE_HOLDS_EVERYTHING));
        }
        let foreign = self.added.iter().chain(&self.removed).find(|name| !actor.permissions.holds_name(name));
        foreign.map_or(Ok(()), |name| Err(Error::new(NOT_YOURS_TO_GIVE).arg("permission", name.as_str())))
    }

    /// Does whoever makes this change to `role` hold what it takes, as it stands in the database now? What is added is
    /// for good, so it must be held for good: by one's role, or by a grant without an end. And nobody adds to the role
    /// they have themselves: they would keep what may be taken from them alone.
    pub(crate) fn check_held(&self, role: &Role, holding: &Holding, now: Timestamp) -> Result<()> {
        let for_good = |name: &str| match holding.decide(name, None, now) {
            decision if !decision.is_allowed() => false,
            Decision::Administrator => true,
            decision => role.name != holding.role && decision.expires_at().is_none(),
        };
        let lacks_for_good = |name: &&String| !for_good(name);
        let lacks = |name: &&String| !holding.decide(name, None, now).is_allowed();
        let foreign = self.added.iter().find(lacks_for_good).or_else(|| self.removed.iter().find(lacks));
        foreign.map_or(Ok(()), |name| Err(Error::new(NOT_YOURS_TO_GIVE).arg("permission", name.as_str())))
    }

    /// Refuses what no module declares, each by its place in what was written; a role may keep what it has of a module
    /// that is off.
    pub(crate) fn check_names(&self, written: &[String], declared: &[String]) -> Result<()> {
        let unknown = |name: &String| self.added.contains(name) && !declared.contains(name);
        let fields: Vec<FieldError> = (0..)
            .zip(written)
            .filter(|(_, name)| unknown(name))
            .map(|(place, _): (usize, _)| {
                FieldError::new(format!("permissions[{place}]"), UNKNOWN_PERMISSION)
            })
            .collect();
        if fields.is_empty() { Ok(()) } else { Err(Error::invalid(fields)) }
    }
}

#[cfg(test)]
mod tests {
    use socle_kit::kernel::PermissionSet;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn role(name: &str) -> Role {
        Role {
            id: Id::from_u128(1),
            name: name.into(),
            description: String::new(),
            built_in: false,
            version: 1,
        }
    }

    #[test]
    fn nobody_gives_or_takes_what_they_do_not_hold() {
        let held = PermissionSet::of(["a", "b"]);
        let actor = Actor { permissions: std::sync::Arc::new(held), ..Actor::anonymous() };
        let check = |before: &[&str], after: &[&str]| {
            Difference::between(&names(before), &names(after)).check(&role("press"), &actor)
        };
        assert!(check(&["a"], &["b"]).is_ok() && check(&["c"], &["c", "a"]).is_ok());
        assert_eq!(check(&[], &["c"]).unwrap_err().code(), NOT_YOURS_TO_GIVE);
        assert_eq!(check(&["c"], &[]).unwrap_err().code(), NOT_YOURS_TO_GIVE);
    }

    #[test]
    fn r4_209_the_administrators_role_is_not_written() {
        let everything = Actor::system();
        let change = Difference::between(&[], &names(&["a"]));
        assert_eq!(change.check(&role(ADMIN), &everything).unwrap_err().code(), ROLE_HOLDS_EVERYTHING);
        assert!(Difference::default().check(&role(ADMIN), &everything).is_ok());
    }
}
