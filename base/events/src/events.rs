//! The outbox as the rest of the process sees it.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use socle_db::{Db, Dialect};
use socle_kernel::{Clock, Error, Ids, Result, Timestamp};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::emit::Stamps;
use crate::feed::Feed;
use crate::listener::{self, Listener};
use crate::recorded::Recorded;
use crate::shared::{BATCH, Shared};
use crate::{reader, sequencer, store};

/// How long `stop` waits for a listener that is at work.
const STOP_WAIT: Duration = Duration::from_secs(10);

/// The outbox: what was committed, in order, live and from any place. Cheap to clone.
#[derive(Clone)]
pub struct Events(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    is_started: AtomicBool,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Events {
    /// The outbox of this database. From now on letters can be written (`Emit`), their times from `clock` and
    /// their identifiers from `ids`; they are delivered from `start` on.
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        db.attach(Stamps { clock, ids });
        let is_numbered_at_insert = matches!(db.dialect(), Dialect::Sqlite);
        let shared = Arc::new(Shared::new(db, is_numbered_at_insert));
        // Weak: the database outlives the events that listen to it, and must not keep them alive.
        let listening: Weak<Shared> = Arc::downgrade(&shared);
        shared.db.on_commit(Arc::new(move || {
            if let Some(shared) = listening.upgrade() {
                shared.call();
            }
        }));
        Self(Arc::new(Inner { shared, is_started: AtomicBool::new(false), tasks: Mutex::default() }))
    }

    /// Begins to deliver, on the current runtime, until `stop` is called or `shutdown` resolves. Fails when it
    /// has begun before and when two listeners share a name.
    pub fn start(
        &self,
        listeners: Vec<Listener>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        listener::check_names(&listeners)?;
        if self.0.is_started.swap(true, Ordering::SeqCst) {
            return Err(Error::internal("the events are started twice"));
        }
        let shared = &self.0.shared;
        let ending = shared.clone();
        let mut tasks = vec![tokio::spawn(async move {
            ending.unless_stopping(shutdown).await;
            ending.stop();
        })];
        if !shared.is_numbered_at_insert {
            tasks.push(tokio::spawn(sequencer::run(shared.clone())));
        }
        tasks.push(tokio::spawn(reader::run(shared.clone())));
        tasks.extend(listeners.into_iter().map(|each| tokio::spawn(listener::run(shared.clone(), each))));
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
        Ok(())
    }

    /// Ends all feeds and waits, ten seconds at most, for the listeners to finish the event they are at.
    pub async fn stop(&self) {
        self.0.shared.stop();
        let tasks = std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        let aborts: Vec<_> = tasks.iter().map(JoinHandle::abort_handle).collect();
        if timeout(STOP_WAIT, futures_util::future::join_all(tasks)).await.is_err() {
            tracing::warn!(
                "a listener is still at work {} s after the stop: it is cut off",
                STOP_WAIT.as_secs()
            );
            aborts.iter().for_each(tokio::task::AbortHandle::abort);
        }
    }

    /// Every event from now on.
    pub fn subscribe(&self) -> Feed {
        self.feed_from(None)
    }

    /// Every event after this place: first those of the past, then live, without a hole and without a double.
    /// Without a place, every event from now on.
    pub fn feed_from(&self, after: Option<i64>) -> Feed {
        Feed::new(self.0.shared.clone(), after)
    }

    /// At most `limit` events after this place, in order.
    pub async fn after(&self, sequence: i64, limit: i64) -> Result<Vec<Recorded>> {
        self.0.shared.after(sequence, limit).await
    }

    /// Every event committed so far, in order, whether or not delivery has begun: for tests and small outboxes.
    pub async fn everything(&self) -> Result<Vec<Recorded>> {
        if !self.0.shared.is_numbered_at_insert {
            sequencer::number_all(&self.0.shared).await?;
        }
        let mut all: Vec<Recorded> = Vec::new();
        loop {
            let batch = self.after(all.last().map_or(0, |event| event.sequence), BATCH).await?;
            if batch.is_empty() {
                return Ok(all);
            }
            all.extend(batch);
        }
    }

    /// When the last event was written; none when there is none. Blocks.
    pub fn latest_time(db: &Db) -> Result<Option<Timestamp>> {
        db.read_blocking(store::latest_time)
    }

    /// The last place taken; 0 when there is none. Asked in a transaction that could write: a replica may not
    /// know yet of a place that a client was told by another node.
    pub async fn latest(&self) -> Result<i64> {
        self.0.shared.db.write(|tx| store::latest(tx)).await
    }
}
