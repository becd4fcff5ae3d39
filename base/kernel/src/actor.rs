//! Who acts.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use crate::{Code, Error, Id, Permission, PermissionSet, Result, codes};

/// The marker of an account: the rows are identity's, the identifier is everybody's.
#[derive(Debug)]
pub struct User;

/// The identifier of an account.
pub type UserId = Id<User>;

/// What sort of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Nobody known.
    Anonymous,
    /// An account.
    User,
    /// Socle itself: a periodic task, a command of the operator.
    System,
}

/// Who acts, with all that a rule may ask about them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The sort of actor.
    pub kind: ActorKind,
    /// The account; present exactly when the actor is a user.
    pub user: Option<UserId>,
    /// The name shown to others; empty for the anonymous.
    pub name: Arc<str>,
    /// The role's name; empty for the anonymous.
    pub role: Arc<str>,
    /// The department, where the account has one.
    pub department: Option<Arc<str>>,
    /// What the actor may do.
    pub permissions: Arc<PermissionSet>,
    /// The address the request came from, after the trusted-proxy rules; none for the system.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// Nobody known: holds no permission.
    pub fn anonymous() -> Self {
        static ANONYMOUS: LazyLock<Actor> = LazyLock::new(|| Actor {
            kind: ActorKind::Anonymous,
            user: None,
            name: "".into(),
            role: "".into(),
            department: None,
            permissions: Arc::default(),
            address: None,
        });
        ANONYMOUS.clone()
    }

    /// Socle itself: holds every permission.
    pub fn system() -> Self {
        Self {
            kind: ActorKind::System,
            name: "Socle".into(),
            role: "system".into(),
            permissions: Arc::new(PermissionSet::all()),
            ..Self::anonymous()
        }
    }

    /// Does the actor hold this permission?
    pub fn may(&self, permission: &Permission) -> bool {
        self.permissions.holds(permission)
    }

    /// Does the actor hold this permission, everywhere or within this scope?
    pub fn may_within(&self, permission: &Permission, scope: &str) -> bool {
        self.permissions.holds_within(permission.name, scope)
    }

    /// Refuses (`FORBIDDEN`, 403) an actor without this permission.
    pub fn require(&self, permission: &Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(Error::forbidden(permission)) }
    }

    /// The account that acts, or `UNAUTHORIZED` (401) when there is none.
    pub fn user(&self) -> Result<UserId> {
        const SIGN_IN: Code = codes::UNAUTHORIZED;
        self.user.ok_or_else(|| Error::new(SIGN_IN))
    }

    /// Is this the account that acts?
    pub fn is(&self, user: UserId) -> bool {
        self.user == Some(user)
    }
}
