//! A session, its refresh tokens, and refused sign-ins: the rows and their pure rules.

use std::time::Duration;

use socle_kit::config::Values;
use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::kernel::{Id, Result, Timestamp, UserId};

use crate::roles::store::ADMIN;

/// A place where an account is signed in; also the family of its refresh tokens.
#[derive(Debug, Clone, Row)]
pub struct Session {
    /// The identifier.
    pub id: Id<Session>,
    /// The account.
    pub user_id: UserId,
    /// The address it began at.
    pub address: Option<String>,
    /// The client's name for itself.
    pub user_agent: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// Moves with each refresh.
    pub expires_at: Timestamp,
    /// Does not.
    pub ends_at: Timestamp,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
    /// When the owner last proved who they are.
    pub proved_at: Timestamp,
    /// The hash by which a session by cookie is found; none for a session by tokens.
    pub cookie_hash: Option<TokenHash>,
}

/// What a client is known by from now on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SessionKind {
    /// An access token, and a refresh token for the next.
    #[default]
    Tokens,
    /// A cookie that scripts cannot read.
    Cookie,
}

/// A refresh token: presented once, it becomes its child.
#[derive(Debug, Clone, Row)]
pub struct RefreshToken {
    /// The identifier.
    pub id: Id<RefreshToken>,
    /// The session, which is the family.
    pub session_id: Id<Session>,
    /// The account.
    pub user_id: UserId,
    /// The hash by which the token is found.
    pub token_hash: TokenHash,
    /// The token it replaced.
    pub parent_id: Option<Id<RefreshToken>>,
    /// The token that replaced it.
    pub child_id: Option<Id<RefreshToken>>,
    /// When it was handed out.
    pub issued_at: Timestamp,
    /// Until when it may be presented.
    pub expires_at: Timestamp,
    /// When it was presented.
    pub used_at: Option<Timestamp>,
}

/// Attempts to sign in that did not succeed, to one account or under one name that no account has.
#[derive(Debug, Clone, PartialEq, Eq, Row)]
pub struct SignInFailure {
    /// A keyed hash of the name that was tried.
    pub identifier_hash: String,
    /// Those that were refused.
    pub attempts: i64,
    /// When the first of those counted came.
    pub window_started: Timestamp,
    /// Until when no sign-in is tried.
    pub locked_until: Option<Timestamp>,
    /// Those under way: each might be refused, so each takes one of the places that are left.
    pub pending: i64,
    /// When those under way are thought lost.
    pub pending_until: Option<Timestamp>,
}

/// How long sessions live.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: Duration,
    /// However much it is used.
    pub absolute: Duration,
}

/// How long sessions by cookie live: an open browser is easier to come by than a file with a token.
#[derive(Debug, Clone, Copy)]
pub struct CookieLifetimes {
    common: Lifetimes,
    administrators: Lifetimes,
}

impl CookieLifetimes {
    /// As the settings say.
    pub fn of(settings: &Values) -> Result<Self> {
        let absolute = settings.duration("identity.cookie_lifetime")?;
        let idle = settings.duration("identity.cookie_idle")?;
        let administrators = settings.duration("identity.cookie_idle_admin")?;
        Ok(Self {
            common: Lifetimes { idle, absolute },
            administrators: Lifetimes { idle: administrators.min(idle), absolute },
        })
    }

    /// Those of the holders of a role.
    pub fn of_role(&self, role: &str) -> &Lifetimes {
        if role == ADMIN { &self.administrators } else { &self.common }
    }
}

/// When refused sign-ins lock.
#[derive(Debug, Clone, Copy)]
pub struct LockRule {
    /// How many refusals.
    pub after: i64,
    /// How long.
    pub lasts: Duration,
}

/// Refusals older than this are forgotten, so that one mistyped password a week never locks anybody.
pub const WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

impl Lifetimes {
    /// As the settings say.
    pub fn of(settings: &Values) -> Result<Self> {
        let idle = settings.duration("identity.refresh_token_lifetime")?;
        let absolute = settings.duration("identity.session_lifetime")?;
        Ok(Self { idle, absolute })
    }

    /// The moment until which a session lives that is used now.
    pub fn expiry(&self, now: Timestamp, ends_at: Timestamp) -> Timestamp {
        now.plus(self.idle).min(ends_at)
    }
}

impl LockRule {
    /// As the settings say.
    pub fn of(settings: &Values) -> Result<Self> {
        let after = settings.integer("identity.lock_after")?;
        let lasts = settings.duration("identity.lock_duration")?;
        Ok(Self { after, lasts })
    }
}

impl Session {
    /// A session that begins now.
    pub fn begin(id: Id<Self>, user_id: UserId, lifetimes: &Lifetimes, now: Timestamp) -> Self {
        let ends_at = now.plus(lifetimes.absolute);
        let expires_at = lifetimes.expiry(now, ends_at);
        Self {
            id,
            user_id,
            address: None,
            user_agent: None,
            created_at: now,
            last_seen_at: now,
            expires_at,
            ends_at,
            revoked_at: None,
            proved_at: now,
            cookie_hash: None,
        }
    }

    /// Lives as long as this says, from its beginning.
    pub fn last(&mut self, lifetimes: &Lifetimes) {
        self.ends_at = self.created_at.plus(lifetimes.absolute);
        self.expires_at = lifetimes.expiry(self.created_at, self.ends_at);
    }

    /// Does it still stand?
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// It is used: it lives on, but never past its end.
    pub fn extend(&mut self, lifetimes: &Lifetimes, now: Timestamp) {
        self.expires_at = lifetimes.expiry(now, self.ends_at);
        self.last_seen_at = now;
    }
}

impl RefreshToken {
    /// The first of its session, or the next.
    pub fn issue(id: Id<Self>, token_hash: TokenHash, session: &Session, now: Timestamp) -> Self {
        Self {
            id,
            session_id: session.id,
            user_id: session.user_id,
            token_hash,
            parent_id: None,
            child_id: None,
            issued_at: now,
            expires_at: session.expires_at,
            used_at: None,
        }
    }

    /// May it still be presented again? The answer in which the child was handed out may have been lost.
    pub fn is_in_grace(&self, now: Timestamp) -> bool {
        self.used_at.is_some_and(|used| now < used.plus(GRACE))
    }

    /// The child takes this one's place.
    pub fn replace_by(&mut self, child: &mut Self, now: Timestamp) {
        self.used_at = Some(now);
        self.child_id = Some(child.id);
        child.parent_id = Some(self.id);
    }
}

/// How long after its first use a refresh token is taken for a question whose answer was lost.
pub const GRACE: Duration = Duration::from_secs(10);

/// An attempt that is under way for longer is thought lost: a hash takes milliseconds, its queue a second.
const LOST_AFTER: Duration = Duration::from_secs(60);

impl SignInFailure {
    /// None yet.
    pub fn none(identifier_hash: String, now: Timestamp) -> Self {
        Self {
            identifier_hash,
            attempts: 0,
            window_started: now,
            locked_until: None,
            pending: 0,
            pending_until: None,
        }
    }

    /// How long sign-ins are still locked; none when they are not.
    pub fn locked_for(&self, now: Timestamp) -> Option<Duration> {
        self.locked_until.filter(|until| *until > now).map(|until| until.since(now))
    }

    /// Lets one more attempt begin, if those refused and those under way leave a place for it. A lock that is
    /// over, and a window that is, begin anew (A17).
    pub fn begin(&mut self, rule: &LockRule, now: Timestamp) -> bool {
        let lock_over = self.locked_until.is_some_and(|until| until <= now);
        if lock_over || self.window_started.plus(WINDOW) <= now {
            (self.attempts, self.window_started, self.locked_until) = (0, now, None);
        }
        if self.pending_until.is_some_and(|until| until <= now) {
            self.pending = 0;
        }
        let has_place = self.attempts + self.pending < rule.after;
        if has_place {
            self.pending += 1;
            self.pending_until = Some(now.plus(LOST_AFTER));
        }
        has_place
    }

    /// One that was under way guessed wrong: the last that is allowed locks. Was it that one?
    pub fn refuse(&mut self, rule: &LockRule, now: Timestamp) -> bool {
        self.end();
        self.attempts += 1;
        let locks = self.attempts >= rule.after && self.locked_for(now).is_none();
        if locks {
            self.locked_until = Some(now.plus(rule.lasts));
        }
        locks
    }

    /// What was refused before is forgotten: somebody proved to be its owner.
    pub fn forgive(&mut self) {
        (self.attempts, self.locked_until) = (0, None);
    }

    /// One that was under way guessed at nothing.
    pub fn end(&mut self) {
        self.pending = (self.pending - 1).max(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const RULE: LockRule = LockRule { after: 5, lasts: Duration::from_secs(30 * 60) };
    const LIFETIMES: Lifetimes =
        Lifetimes { idle: Duration::from_secs(7 * 86_400), absolute: Duration::from_secs(30 * 86_400) };

    fn failure(times: usize, now: Timestamp) -> SignInFailure {
        let mut failure = SignInFailure::none("hash".into(), now);
        for _ in 0..times {
            assert!(failure.begin(&RULE, now));
            failure.refuse(&RULE, now);
        }
        failure
    }

    #[test]
    fn r2_51_the_fifth_refusal_locks_for_thirty_minutes() {
        let now = Timestamp::from_seconds(1_000);
        assert_eq!(failure(4, now).locked_for(now), None);
        let locked = failure(5, now);
        assert_eq!(locked.locked_for(now), Some(30 * MINUTE));
        assert_eq!(locked.locked_for(now.plus(30 * MINUTE)), None);
    }

    #[test]
    fn a17_the_count_begins_anew_when_the_lock_is_over() {
        let now = Timestamp::from_seconds(1_000);
        let mut failure = failure(5, now);
        assert!(failure.begin(&RULE, now.plus(31 * MINUTE)));
        failure.refuse(&RULE, now.plus(31 * MINUTE));
        assert_eq!((failure.attempts, failure.locked_until), (1, None));
        assert_eq!(failure.identifier_hash, "hash");
    }

    #[test]
    fn those_under_way_take_the_places_that_are_left_and_give_them_back() {
        let now = Timestamp::from_seconds(1_000);
        let mut failure = failure(3, now);
        assert!(failure.begin(&RULE, now) && failure.begin(&RULE, now));
        assert!(!failure.begin(&RULE, now), "two are under way, and three were refused");
        failure.end();
        assert!(failure.begin(&RULE, now));
        failure.forgive();
        assert_eq!((failure.attempts, failure.pending), (0, 2));
        assert!(failure.locked_for(now).is_none());
    }

    #[test]
    fn those_lost_with_their_node_give_their_places_back_after_a_while() {
        let now = Timestamp::from_seconds(1_000);
        let mut failure = failure(0, now);
        (0..5).for_each(|_| assert!(failure.begin(&RULE, now)));
        assert!(!failure.begin(&RULE, now));
        assert!(failure.begin(&RULE, now.plus(LOST_AFTER)));
        assert_eq!(failure.pending, 1);
    }

    #[test]
    fn refusals_of_another_day_are_forgotten() {
        let now = Timestamp::from_seconds(1_000);
        let mut failure = failure(4, now);
        assert!(failure.begin(&RULE, now.plus(WINDOW)));
        failure.refuse(&RULE, now.plus(WINDOW));
        assert_eq!((failure.attempts, failure.locked_until), (1, None));
    }

    #[test]
    fn c19_a_session_slides_by_seven_days_and_never_past_thirty() {
        let start = Timestamp::from_seconds(0);
        let day = |n: u32| start.plus(Duration::from_secs(86_400) * n);
        let mut session = Session::begin(Id::from_u128(1), Id::from_u128(2), &LIFETIMES, start);
        assert!(session.is_live(day(6)) && !session.is_live(day(7)));
        session.extend(&LIFETIMES, day(6));
        assert_eq!(session.expires_at, day(13));
        session.extend(&LIFETIMES, day(28));
        assert_eq!(session.expires_at, day(30));
        session.revoked_at = Some(day(1));
        assert!(!session.is_live(day(1)));
    }
}
