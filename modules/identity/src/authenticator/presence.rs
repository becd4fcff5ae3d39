//! What is remembered of a session, and for how long it may be believed.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use socle_kit::config::Values;
use socle_kit::db::{Conn, Db};
use socle_kit::http::{Caller, Means};
use socle_kit::kernel::{Actor, ActorKind, Clock, Code, PermissionSet, Result, Timestamp, UserId};

use super::store::{Person, Presence};
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::FACTOR_ENROLMENT_REQUIRED;
use socle_identity_core::factors::duty::Duty;
use socle_identity_core::roles::store::ADMIN;
use socle_identity_core::sessions::model::CookieLifetimes;
use socle_identity_core::{reader, sessions};

/// A change made on another node is seen here within this time.
const BELIEVED: Duration = Duration::from_secs(1);
/// The moment a session was last used is written down at most once in this time.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// What is known of one token or key, and whose turn it is to look it up again.
pub(super) struct Place<T = Caller> {
    known: RwLock<Option<Known<T>>>,
    pub(super) turn: tokio::sync::Mutex<()>,
}

struct Known<T> {
    /// None when the session, the key or its account is over.
    answer: Option<T>,
    looked_up: Instant,
    changes: u64,
    /// When the answer changes by itself: a grant or a key ends.
    until: Option<Timestamp>,
}

impl<T> Default for Place<T> {
    fn default() -> Self {
        Self { known: RwLock::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<T: Clone> Place<T> {
    /// What is known, when it may still be believed at `now` and after this many changes.
    pub(super) fn fresh(&self, changes: u64, now: Timestamp) -> Option<Option<T>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        let fresh = known.changes == changes
            && known.looked_up.elapsed() < BELIEVED
            && known.until.is_none_or(|until| now < until);
        fresh.then(|| known.answer.clone())
    }

    /// Remembers an answer; `looked_up` and `changes` are from before the question was put.
    pub(super) fn remember(
        &self,
        answer: Option<T>,
        until: Option<Timestamp>,
        looked_up: Instant,
        changes: u64,
    ) {
        let known = Known { answer, looked_up, changes, until };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

/// Asks who is behind a session, and remembers the answer at its place. Cheap to clone.
#[derive(Clone)]
pub(super) struct Presences {
    db: Db,
    clock: Clock,
    changes: Changes,
    proof_lifetime: Duration,
    cookie_lifetimes: CookieLifetimes,
    duty: Duty,
}

impl Presences {
    pub(super) fn new(db: &Db, settings: &Values, clock: &Clock) -> Result<Self> {
        Ok(Self {
            db: db.clone(),
            clock: clock.clone(),
            changes: Changes::of(db)?,
            proof_lifetime: settings.duration("identity.proof_lifetime")?,
            cookie_lifetimes: CookieLifetimes::of(settings)?,
            duty: Duty::of(settings)?,
        })
    }

    pub(super) const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The caller whose session `ask` finds, if it is this user's; none when it is over.
    pub(super) async fn caller(
        &self,
        place: &Place,
        user: UserId,
        means: Means,
        now: Timestamp,
        ask: impl FnMut(&mut Conn) -> Result<Option<Presence>> + Send + 'static,
    ) -> Result<Option<Caller>> {
        let caller = match place.fresh(self.changes.seen(), now) {
            Some(caller) => caller,
            None => self.look_up(place, user, means, now, ask).await?,
        };
        Ok(caller.filter(|caller| caller.actor.is(user)))
    }

    /// Asks the database; of many requests with one credential, one asks and the others wait for its answer.
    async fn look_up(
        &self,
        place: &Place,
        user: UserId,
        means: Means,
        now: Timestamp,
        ask: impl FnMut(&mut Conn) -> Result<Option<Presence>> + Send + 'static,
    ) -> Result<Option<Caller>> {
        let _turn = place.turn.lock().await;
        if let Some(caller) = place.fresh(self.changes.seen(), now) {
            return Ok(caller);
        }
        let (asked, seen) = (Instant::now(), self.changes.seen());
        let presence = reader::as_reader(user, self.db.read(ask)).await?;
        if let Some(presence) = &presence {
            self.note_use(presence, means, now);
        }
        let until = presence.as_ref().and_then(|presence| presence.person.grant_ends_at);
        let caller = presence.map(|presence| self.caller_of(&presence, means, now));
        place.remember(caller.clone(), until, asked, seen);
        Ok(caller)
    }

    /// The caller whom a session makes.
    fn caller_of(&self, presence: &Presence, means: Means, now: Timestamp) -> Caller {
        let person = &presence.person;
        let confined = confined(person, &self.duty, now);
        // Where anybody may come, the confined come as anybody.
        let permissions = if confined.is_some() { PermissionSet::default() } else { held(person) };
        Caller {
            actor: actor(person, permissions),
            session: presence.session_id.to_string().into(),
            means,
            proved_until: Some(presence.proved_at.plus(self.proof_lifetime)),
            language: person.language,
            confined,
        }
    }

    /// Writes down, beside the request, that the session is in use; one by cookie lives on by it.
    fn note_use(&self, presence: &Presence, means: Means, now: Timestamp) {
        if now.since(presence.last_seen_at) < SEEN_EVERY {
            return;
        }
        let (db, session) = (self.db.clone(), presence.session_id);
        let lifetimes = self.cookie_lifetimes.of_role(&presence.person.role);
        let expires_at = (means == Means::Cookie).then(|| lifetimes.expiry(now, presence.ends_at));
        tokio::spawn(async move {
            let write = db.write(move |tx| match expires_at {
                Some(expires_at) => sessions::store::prolong(tx, session, now, expires_at),
                None => sessions::store::touch(tx, session, now),
            });
            if let Err(error) = write.await {
                tracing::debug!(%session, %error, "session {session}: its use was not written down");
            }
        });
    }
}

/// Everything that somebody holds.
pub(super) fn held(person: &Person) -> PermissionSet {
    if person.role == ADMIN {
        PermissionSet::all()
    } else {
        PermissionSet::of(person.permissions.iter().flat_map(|names| names.split(',')))
    }
}

/// Why somebody may reach no more than what lets them add the second factor that their role needs.
fn confined(person: &Person, duty: &Duty, now: Timestamp) -> Option<Code> {
    let is_overdue = person.factor_due.is_some_and(|due| due <= now) && duty.concerns(&person.role);
    is_overdue.then_some(FACTOR_ENROLMENT_REQUIRED)
}

/// Somebody who acts, with these permissions.
pub(super) fn actor(person: &Person, permissions: PermissionSet) -> Actor {
    Actor {
        kind: ActorKind::User,
        user: Some(person.user_id),
        name: person.name.as_str().into(),
        role: person.role.as_str().into(),
        department: person.department.as_deref().map(Into::into),
        permissions: Arc::new(permissions),
        // The edge adds the address of each request.
        address: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_believed_for_a_second_and_not_past_a_change_of_this_node() {
        let (place, at) = (Place::<Caller>::default(), Timestamp::from_seconds);
        assert!(place.fresh(0, at(1)).is_none());
        let now = Instant::now();
        place.remember(None, None, now, 3);
        assert!(place.fresh(3, at(1)).is_some());
        assert!(place.fresh(4, at(1)).is_none(), "a change of this node");
        place.remember(None, None, now.checked_sub(BELIEVED).unwrap(), 4);
        assert!(place.fresh(4, at(1)).is_none(), "a second has passed");
    }

    #[test]
    fn an_answer_is_not_believed_past_the_end_of_a_grant() {
        let (place, at) = (Place::<Caller>::default(), Timestamp::from_seconds);
        place.remember(None, Some(at(10)), Instant::now(), 0);
        assert!(place.fresh(0, at(9)).is_some() && place.fresh(0, at(10)).is_none());
    }
}
