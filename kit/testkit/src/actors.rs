//! The people of a test, and the two ports that know them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use socle_kit::contracts::{self, Group, People, Person};
use socle_kit::http::{Authenticator, BoxFuture, Caller, HeaderMap, Means, Origin, Who};
use socle_kit::kernel::{Actor, ActorKind, Id, PermissionSet, Result, Timestamp, UserId, codes};

/// Everybody a test has made.
#[derive(Clone, Default)]
pub(crate) struct Cast(Arc<Mutex<Vec<SignedInActor>>>);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedInActor {
    /// Who acts.
    pub actor: Actor,
    /// What they present.
    pub token: String,
}

impl SignedInActor {
    /// The account.
    pub fn id(&self) -> UserId {
        self.actor.user.expect("a signed-in actor has an account")
    }
}

/// Somebody about to sign in.
pub struct ActorBuilder {
    pub(crate) cast: Cast,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) department: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) everything: bool,
}

impl ActorBuilder {
    /// With this role (default: `employee`).
    #[must_use]
    pub fn role(mut self, role: &str) -> Self {
        role.clone_into(&mut self.role);
        self
    }

    /// In this department.
    #[must_use]
    pub fn department(mut self, department: &str) -> Self {
        self.department = Some(department.to_owned());
        self
    }

    /// With this permission.
    #[must_use]
    pub fn permission(mut self, name: &str) -> Self {
        self.permissions.push(name.to_owned());
        self
    }

    /// With every permission.
    #[must_use]
    pub fn administrator(mut self) -> Self {
        self.everything = true;
        "admin".clone_into(&mut self.role);
        self
    }

    /// Signs in.
    pub fn sign_in(self) -> SignedInActor {
        let mut cast = self.cast.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = cast.len() + 1;
        let permissions =
            if self.everything { PermissionSet::all() } else { PermissionSet::of(self.permissions) };
        let signed_in = SignedInActor {
            actor: Actor {
                kind: ActorKind::User,
                user: Some(Id::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128)),
                name: self.name.into(),
                role: self.role.into(),
                department: self.department.map(Into::into),
                permissions: Arc::new(permissions),
                address: None,
            },
            token: format!("test-{number}"),
        };
        cast.push(signed_in.clone());
        signed_in
    }
}

impl Cast {
    fn everybody(&self) -> Vec<SignedInActor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Authenticator for Cast {
    fn authenticate<'a>(&'a self, headers: &'a HeaderMap, _: &'a Origin) -> BoxFuture<'a, Result<Who>> {
        Box::pin(async move {
            let Some(header) = headers.get("authorization") else { return Ok(Who::Anonymous) };
            let token = header.to_str().unwrap_or_default().trim_start_matches("Bearer ");
            let known = self.everybody().into_iter().find(|known| known.token == token);
            Ok(known.map_or(Who::Refused(codes::UNAUTHORIZED), |known| {
                Who::Known(Caller {
                    session: known.token.into(),
                    actor: known.actor,
                    means: Means::Bearer,
                    // The people of a test have always just proved who they are.
                    proved_until: Some(Timestamp::from_seconds(i64::from(u32::MAX))),
                    language: None,
                    confined: None,
                })
            }))
        })
    }
}

impl People for Cast {
    fn names<'a>(&'a self, ids: &'a [UserId]) -> contracts::BoxFuture<'a, Result<HashMap<UserId, String>>> {
        let known = self.everybody().into_iter().map(|known| (known.id(), known.actor.name.to_string()));
        let names = known.filter(|(id, _)| ids.contains(id)).collect();
        Box::pin(async move { Ok(names) })
    }

    fn members<'a>(&'a self, group: &'a Group) -> contracts::BoxFuture<'a, Result<Vec<Person>>> {
        let all = group.roles.is_empty() && group.departments.is_empty();
        let mut people: Vec<Person> = self
            .everybody()
            .into_iter()
            .map(|known| Person {
                id: known.id(),
                name: known.actor.name.to_string(),
                role: known.actor.role.to_string(),
                department: known.actor.department.as_deref().map(str::to_owned),
            })
            .filter(|person| {
                let department = person.department.as_ref();
                all || group.roles.contains(&person.role)
                    || department.is_some_and(|own| group.departments.contains(own))
            })
            .collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        Box::pin(async move { Ok(people) })
    }
}
