//! Opening a stream, and what comes out of it.

use std::time::Duration;

use futures_util::Stream;
use socle_kit::config::{Setting, SettingKind};
use socle_kit::contracts::changes_access;
use socle_kit::events::{Events, Feed, Recorded};
use socle_kit::http::{Shutdown, StreamItem};
use socle_kit::kernel::Random;
use socle_kit::prelude::*;
use tokio::time::{Instant, sleep_until};

use super::api;
use super::model::{Kinds, Place, Places};

/// As many streams as a user may hold are open already.
const TOO_MANY_STREAMS: Code = Code::new("TOO_MANY_STREAMS", Kind::TooMany);
/// The codes of this resource.
pub(crate) const ERRORS: &[Code] = &[TOO_MANY_STREAMS];

const PER_USER: &str = "streams.per_user";
/// The settings of this resource.
pub(crate) const SETTINGS: &[Setting] = &[Setting::new(
    PER_USER,
    SettingKind::Integer { min: 1, max: 1_000 },
    "5",
    "Live streams of events one user may hold open at once, on each node.",
)];

/// When a refused client may try again: a stream that was lost is noticed at the next comment or sooner.
const RETRY: Duration = Duration::from_secs(15);
/// The times of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// How often a reader's place is moved past events that were not for it.
    pub(crate) cursor_every: Duration,
    /// A stream lives this long at least.
    pub(crate) life: Duration,
    /// And so much longer at most: streams that began together, after a restart, must not all come back together.
    pub(crate) life_spread: Duration,
}

const PACE: Pace = Pace {
    cursor_every: Duration::from_secs(30),
    life: Duration::from_secs(12 * 60),
    life_spread: Duration::from_secs(3 * 60),
};

/// The live streams of this node.
#[derive(Clone)]
pub(crate) struct Streams {
    events: Events,
    shutdown: Shutdown,
    random: Random,
    places: Places,
    per_user: usize,
    pub(crate) pace: Pace,
}

impl Streams {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            events: kit.events.clone(),
            shutdown: kit.shutdown.clone(),
            random: kit.random.clone(),
            places: Places::default(),
            per_user: usize::try_from(kit.settings.integer(PER_USER)?).map_err(Error::internal)?,
            pace: PACE,
        })
    }

    /// The events after `after` (from now on when none) that are of these kinds and that `actor` may see.
    ///
    /// What the actor may see is decided by the permissions of the request that opened the stream. So that a
    /// permission withdrawn, a role changed or a session ended takes effect, the stream ends when a letter tells
    /// of it, and within fifteen minutes in any case; the client, which reconnects, is authenticated anew.
    pub(crate) async fn follow(
        &self,
        actor: Actor,
        kinds: &[String],
        after: Option<i64>,
    ) -> Result<impl Stream<Item = StreamItem> + Send + use<>> {
        let kinds = Kinds::parse(kinds)?;
        let place = self.places.take(actor.user()?, self.per_user).ok_or_else(|| self.too_many())?;
        let newest = self.events.latest().await?;
        // A place that does not exist yet comes from another database, or from before a restore: nothing up to
        // there will ever come, so the stream begins now.
        let start = after.unwrap_or(newest).min(newest);
        let follower = Follower {
            feed: self.events.feed_from(Some(start)),
            actor,
            kinds,
            shutdown: self.shutdown.clone(),
            greeting: Some(api::ready(start, newest)),
            opened_at: newest,
            told: start,
            seen: start,
            cursor_every: self.pace.cursor_every,
            cursor_at: Instant::now() + self.pace.cursor_every,
            ends_at: Instant::now() + self.life(),
            _place: place,
        };
        let entries =
            |mut follower: Follower| async move { follower.next().await.map(|item| (item, follower)) };
        Ok(futures_util::stream::unfold(follower, entries))
    }

    fn too_many(&self) -> Error {
        let max = i64::try_from(self.per_user).unwrap_or(i64::MAX);
        Error::new(TOO_MANY_STREAMS).arg("max", max).retry_after(RETRY)
    }

    fn life(&self) -> Duration {
        let spread = u64::try_from(self.pace.life_spread.as_millis()).unwrap_or(u64::MAX);
        self.pace.life + Duration::from_millis(self.random.below(spread))
    }
}

/// One open stream.
struct Follower {
    feed: Feed,
    actor: Actor,
    kinds: Kinds,
    shutdown: Shutdown,
    greeting: Option<StreamItem>,
    /// The newest event when the stream was opened.
    opened_at: i64,
    /// The last place the client knows.
    told: i64,
    /// The last place looked at.
    seen: i64,
    cursor_every: Duration,
    cursor_at: Instant,
    ends_at: Instant,
    _place: Place,
}

impl Follower {
    async fn next(&mut self) -> Option<StreamItem> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        loop {
            // In this order: the end must not wait behind a busy feed.
            let event = tokio::select! {
                biased;
                () = self.shutdown.draining() => return self.cursor(),
                () = sleep_until(self.ends_at) => return self.cursor(),
                () = sleep_until(self.cursor_at) => {
                    self.cursor_at = Instant::now() + self.cursor_every;
                    if let Some(cursor) = self.cursor() {
                        return Some(cursor);
                    }
                    continue;
                }
                event = self.feed.next() => event?,
            };
            self.seen = event.sequence;
            // What was before the stream was opened was known when the reader was let in.
            if event.sequence > self.opened_at && concerns_access_of(&self.actor, &event) {
                return None;
            }
            if !self.kinds.wants(&event.kind) || !event.audience.admits(&self.actor) {
                continue;
            }
            self.told = event.sequence;
            match api::entry(&event) {
                Ok(entry) => return Some(entry),
                // A client that resumed here would meet the same event for ever: it is passed over.
                Err(error) => {
                    tracing::error!(event = %event.id, %error, "event {} cannot be shown", event.id);
                }
            }
        }
    }

    /// The client's new place, when it has one: once told, there is none until something else is passed over.
    fn cursor(&mut self) -> Option<StreamItem> {
        if self.seen == self.told {
            return None;
        }
        self.told = self.seen;
        Some(api::cursor(self.seen))
    }
}

/// Is this a change of what the reader may do (signed out, another role, another password, a permission or a key taken
/// back)? Then the stream ends; the client comes back and is judged anew. The client is not told the place, so nothing is
/// passed over.
fn concerns_access_of(actor: &Actor, event: &Recorded) -> bool {
    actor.user.is_some_and(|user| changes_access(event, user, &actor.role))
}
