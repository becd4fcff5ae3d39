//! What the tasks of the outbox and its feeds have in common.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use socle_db::Db;
use socle_kernel::Result;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{sleep, timeout};

use crate::recorded::Recorded;
use crate::store;

/// How many events are read or numbered at once.
pub(crate) const BATCH: i64 = 500;
/// How often the database is asked for what other nodes wrote.
pub(crate) const POLL: Duration = Duration::from_millis(200);
/// The rest between two rounds, in which events gather.
pub(crate) const REST: Duration = Duration::from_millis(5);
/// The longest pause between two tries when the database is away.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How many events are kept for feeds that are slow; slower ones read the database.
pub(crate) const CACHE: usize = 1024;

/// The database, who is waiting for what, and how far this process has come.
pub(crate) struct Shared {
    pub(crate) db: Db,
    /// The engine numbers at insert, since it commits in the order of insertion.
    pub(crate) is_numbered_at_insert: bool,
    /// Called when something was committed by this node and waits for its number.
    pub(crate) committed: Notify,
    /// Called when something has got its number.
    pub(crate) numbered: Notify,
    /// How far this process has read; none until it has begun.
    pub(crate) position: watch::Sender<Option<i64>>,
    pub(crate) live: broadcast::Sender<Arc<Recorded>>,
    stopping: watch::Sender<bool>,
}

/// Why a wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wake {
    Called,
    Polled,
    Stopped,
}

impl Shared {
    pub(crate) fn new(db: Db, is_numbered_at_insert: bool) -> Self {
        Self {
            db,
            is_numbered_at_insert,
            committed: Notify::new(),
            numbered: Notify::new(),
            position: watch::Sender::new(None),
            live: broadcast::Sender::new(CACHE),
            stopping: watch::Sender::new(false),
        }
    }

    /// Something was committed by this node.
    pub(crate) fn call(&self) {
        let next = if self.is_numbered_at_insert { &self.numbered } else { &self.committed };
        next.notify_one();
    }

    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) async fn after(&self, sequence: i64, limit: i64) -> Result<Vec<Recorded>> {
        self.db.read(move |conn| store::after(conn, sequence, limit)).await
    }

    /// Says how far the process has read; nobody is woken when that is no news.
    pub(crate) fn announce(&self, position: i64) {
        self.position.send_if_modified(|known| known.replace(position) != Some(position));
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Waits until called, until it is time to look anyway, or until the end.
    pub(crate) async fn wait(&self, call: &Notify, poll: Duration) -> Wake {
        match self.unless_stopping(timeout(poll, call.notified())).await {
            None => Wake::Stopped,
            Some(Ok(())) => Wake::Called,
            Some(Err(_)) => Wake::Polled,
        }
    }

    /// Waits that long, or until the end.
    pub(crate) async fn pause(&self, time: Duration) {
        self.unless_stopping(sleep(time)).await;
    }

    /// What the future yields; `None` when the end comes first.
    pub(crate) async fn unless_stopping<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut stopping = self.stopping.subscribe();
        let stopped = pin!(stopping.wait_for(|stopping| *stopping));
        match select(stopped, pin!(future)).await {
            Either::Left(_) => None,
            Either::Right((output, _)) => Some(output),
        }
    }
}
