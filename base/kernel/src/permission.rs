//! Permissions: the only thing that is ever checked.

use std::fmt;
use std::sync::Arc;

/// A permission as a module declares it. Roles are bundles of these, kept as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// The stable name, in snake case: `manage_announcements`.
    pub name: &'static str,
    /// What its holder may do, in one English sentence; the translation key is `permission-<name>`.
    pub description: &'static str,
    /// The roles that hold it from the start; administrators hold everything.
    pub default_roles: &'static [&'static str],
}

/// The permissions somebody holds.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PermissionSet {
    all: bool,
    names: Vec<Arc<str>>,
}

impl PermissionSet {
    /// Every permission there is and will be: an administrator's.
    pub const fn all() -> Self {
        Self { all: true, names: Vec::new() }
    }

    /// The set of these names.
    pub fn of<S: Into<Arc<str>>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut names: Vec<Arc<str>> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        Self { all: false, names }
    }

    /// Does the set hold this permission?
    pub fn holds(&self, permission: &Permission) -> bool {
        self.holds_name(permission.name)
    }

    /// Does the set hold the permission with this name?
    pub fn holds_name(&self, name: &str) -> bool {
        self.all || self.names.binary_search_by(|held| (**held).cmp(name)).is_ok()
    }

    /// Does the set hold the permission with this name, everywhere or within this scope?
    ///
    /// A permission that holds within a scope alone stands in the set as [`scoped`] writes it, so that whoever does not
    /// ask for a scope does not find it.
    pub fn holds_within(&self, name: &str, scope: &str) -> bool {
        self.holds_name(name) || self.holds_name(&scoped(name, scope))
    }

    /// Is it the set of everything?
    pub const fn is_all(&self) -> bool {
        self.all
    }

    /// The names it holds one by one, sorted; empty for the set of everything.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }
}

/// A permission that holds within a scope alone, as sets and answers name it: `manage_events@department:sales`.
pub fn scoped(name: &str, scope: &str) -> String {
    format!("{name}@{scope}")
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all { f.write_str("{all}") } else { f.debug_set().entries(&self.names).finish() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Permission = Permission { name: "read", description: "Read.", default_roles: &[] };

    #[test]
    fn a_set_holds_what_it_names_and_the_administrators_holds_everything() {
        assert!(PermissionSet::of(["write", "read"]).holds(&READ));
        assert!(!PermissionSet::of(["write"]).holds(&READ));
        assert!(PermissionSet::all().holds(&READ));
        assert!(!PermissionSet::default().holds(&READ));
    }

    #[test]
    fn what_holds_within_a_scope_holds_nowhere_else() {
        let set = PermissionSet::of([scoped("read", "department:sales"), "write".to_owned()]);
        assert!(set.holds_within("read", "department:sales") && !set.holds(&READ));
        assert!(!set.holds_within("read", "department:law"));
        assert!(set.holds_within("write", "department:law"), "what holds everywhere holds within");
    }
}
