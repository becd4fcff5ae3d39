//! What is remembered of a session, and for how long it may be believed.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use socle_kit::http::{Caller, Means};
use socle_kit::kernel::{Actor, ActorKind, Id, PermissionSet};

use super::store::Presence;
use socle_identity_core::roles::store::ADMIN;
use socle_identity_core::sessions::model::Session;

/// A change made on another node is seen here within this time.
const BELIEVED: Duration = Duration::from_secs(1);

/// What is known of the session of one token, and whose turn it is to look it up again.
#[derive(Default)]
pub(super) struct Place {
    known: RwLock<Option<Known>>,
    pub(super) turn: tokio::sync::Mutex<()>,
}

struct Known {
    /// None when the session or its account is over.
    caller: Option<Caller>,
    looked_up: Instant,
    changes: u64,
}

impl Place {
    /// What is known, when it may still be believed after this many changes.
    pub(super) fn fresh(&self, changes: u64) -> Option<Option<Caller>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        let fresh = known.changes == changes && known.looked_up.elapsed() < BELIEVED;
        fresh.then(|| known.caller.clone())
    }

    /// Remembers an answer; `looked_up` and `changes` are from before the question was put.
    pub(super) fn remember(&self, caller: Option<Caller>, looked_up: Instant, changes: u64) {
        let known = Known { caller, looked_up, changes };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

/// The caller whom a bearer token of this session makes.
pub(super) fn caller(session: Id<Session>, presence: &Presence, proof_lifetime: Duration) -> Caller {
    let permissions = if presence.role == ADMIN {
        PermissionSet::all()
    } else {
        PermissionSet::of(presence.permissions.iter().flat_map(|names| names.split(',')))
    };
    let actor = Actor {
        kind: ActorKind::User,
        user: Some(presence.user_id),
        name: presence.name.as_str().into(),
        role: presence.role.as_str().into(),
        department: presence.department.as_deref().map(Into::into),
        permissions: Arc::new(permissions),
        // The edge adds the address of each request.
        address: None,
    };
    Caller {
        actor,
        session: session.to_string().into(),
        means: Means::Bearer,
        proved_until: Some(presence.proved_at.plus(proof_lifetime)),
        language: presence.language,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_believed_for_a_second_and_not_past_a_change_of_this_node() {
        let place = Place::default();
        assert!(place.fresh(0).is_none());
        let now = Instant::now();
        place.remember(None, now, 3);
        assert!(place.fresh(3).is_some());
        assert!(place.fresh(4).is_none(), "a change of this node");
        place.remember(None, now.checked_sub(BELIEVED).unwrap(), 4);
        assert!(place.fresh(4).is_none(), "a second has passed");
    }
}
