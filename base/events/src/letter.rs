//! What rooms tell each other, and who may hear it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use socle_kernel::{Actor, Error, FromValue, Result, ToValue, UserId, Value, ValueError};

/// A domain event: plain data, declared in `contracts` by the room that writes it.
pub trait Letter: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its stable kind, `<thing>.<what happened>`: `announcement.published`.
    const KIND: &'static str;

    /// The identifier of the thing it is about.
    fn subject(&self) -> String;

    /// Who may hear it live. Listeners inside hear everything.
    fn audience(&self) -> Audience;
}

/// Who may hear a letter live.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Nobody outside: for the listeners only.
    #[default]
    Nobody,
    /// Every signed-in user.
    Everyone,
    /// These users.
    Users(Vec<UserId>),
    /// Whoever holds the permission of this name.
    Permission(String),
    /// Whoever fits one of these, whichever: nobody when all are empty.
    Match {
        /// Names of roles.
        roles: Vec<String>,
        /// Names of departments.
        departments: Vec<String>,
        /// Users, one by one.
        users: Vec<UserId>,
        /// The name of a permission.
        permission: Option<String>,
    },
}

impl Audience {
    /// May this actor hear it?
    pub fn admits(&self, actor: &Actor) -> bool {
        let is_named = |users: &[UserId]| actor.user.is_some_and(|user| users.contains(&user));
        match self {
            Self::Nobody => false,
            Self::Everyone => actor.user.is_some(),
            Self::Users(users) => is_named(users),
            Self::Permission(name) => actor.permissions.holds_name(name),
            Self::Match { roles, departments, users, permission } => {
                is_named(users)
                    || has(roles, Some(&actor.role))
                    || has(departments, actor.department.as_deref())
                    || permission.as_ref().is_some_and(|name| actor.permissions.holds_name(name))
            }
        }
    }
}

/// The anonymous have an empty role: an empty name never fits.
fn has(names: &[String], name: Option<&str>) -> bool {
    name.is_some_and(|name| !name.is_empty() && names.iter().any(|wanted| wanted == name))
}

impl ToValue for Audience {
    fn to_value(&self) -> Value {
        // Lists of texts always serialise; should that ever change, nobody hears what cannot be written down.
        Value::Text(serde_json::to_string(self).unwrap_or_else(|_| "\"nobody\"".to_owned()))
    }
}
impl FromValue for Audience {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        serde_json::from_str(&String::from_value(value)?).map_err(|_| ValueError::new("an audience"))
    }
}

/// Serialises a letter as it is stored.
pub(crate) fn payload_of<L: Letter>(letter: &L) -> Result<String> {
    serde_json::to_string(letter).map_err(|error| Error::internal(error).arg("kind", L::KIND))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use socle_kernel::PermissionSet;

    use super::*;

    const ANN: UserId = UserId::from_u128(1);
    const BOB: UserId = UserId::from_u128(2);

    fn ann() -> Actor {
        Actor {
            kind: socle_kernel::ActorKind::User,
            user: Some(ANN),
            role: "teacher".into(),
            department: Some("science".into()),
            permissions: Arc::new(PermissionSet::of(["manage_users"])),
            ..Actor::anonymous()
        }
    }

    fn fitting(roles: &[&str], departments: &[&str], users: &[UserId], permission: Option<&str>) -> Audience {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Audience::Match {
            roles: owned(roles),
            departments: owned(departments),
            users: users.to_vec(),
            permission: permission.map(str::to_owned),
        }
    }

    #[test]
    fn everyone_is_every_signed_in_user_and_nobody_is_nobody() {
        assert!(Audience::Everyone.admits(&ann()));
        assert!(!Audience::Everyone.admits(&Actor::anonymous()));
        assert!(!Audience::Nobody.admits(&ann()));
        assert!(!Audience::Nobody.admits(&Actor::system()));
        assert_eq!(Audience::default(), Audience::Nobody);
    }

    #[test]
    fn users_and_holders_of_a_permission_are_admitted_and_others_are_not() {
        assert!(Audience::Users(vec![BOB, ANN]).admits(&ann()));
        assert!(!Audience::Users(vec![BOB]).admits(&ann()));
        assert!(Audience::Permission("manage_users".into()).admits(&ann()));
        assert!(!Audience::Permission("manage_roles".into()).admits(&ann()));
    }

    #[test]
    fn one_fit_of_a_match_is_enough_and_an_empty_match_admits_nobody() {
        for fits in [
            fitting(&["teacher"], &["law"], &[BOB], Some("x")),
            fitting(&["x"], &["science"], &[], None),
            fitting(&[], &[], &[ANN], None),
            fitting(&[], &[], &[], Some("manage_users")),
        ] {
            assert!(fits.admits(&ann()), "{fits:?}");
        }
        assert!(!fitting(&["student"], &["law"], &[BOB], Some("x")).admits(&ann()));
        let empty = fitting(&[], &[], &[], None);
        assert!(!empty.admits(&ann()) && !empty.admits(&Actor::system()));
        assert!(!fitting(&[""], &[""], &[], None).admits(&Actor::anonymous()));
    }

    #[test]
    fn an_audience_is_read_back_as_it_was_stored() {
        for audience in [
            Audience::Nobody,
            Audience::Everyone,
            Audience::Users(vec![ANN, BOB]),
            Audience::Permission("a".into()),
            fitting(&["r\"ole"], &["d"], &[ANN], None),
        ] {
            assert_eq!(Audience::from_value(audience.to_value()), Ok(audience));
        }
        assert!(Audience::from_value(Value::Text("\"all\"".into())).is_err());
    }
}
