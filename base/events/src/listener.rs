//! Durable listeners: told every event of their kinds at least once, in order, by one node at a time.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use socle_db::Lead;
use socle_kernel::{Error, Result};
use tokio::time::timeout;

use crate::patience::Patience;
use crate::recorded::Recorded;
use crate::shared::{BATCH, LONGEST_PAUSE, Shared};
use crate::store;

/// How often a node asks whether it may take over a listener that another one runs.
const LEAD_RETRY: Duration = Duration::from_secs(1);
/// The longest pause before an event that a listener could not digest is presented again.
const LONGEST_RETRY: Duration = Duration::from_secs(60);
/// How much work may be repeated after a crash: the position is saved that often.
const SAVE_EVERY: Duration = Duration::from_millis(100);

/// A future whose type is hidden.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Somebody who is told every event of some kinds, at least once each and in order.
///
/// A new listener begins with the first event there is. An event it fails on is presented again, with growing
/// pauses, until it succeeds: nothing is skipped. After a crash the last events may be presented again, so the
/// handler must bear a repetition; the identifier of the event tells one.
#[derive(Clone)]
pub struct Listener {
    /// Its name, for ever: its place in the order is saved under it.
    pub name: &'static str,
    /// The kinds it is told of; empty for all.
    pub kinds: &'static [&'static str],
    /// What it does.
    pub handle: Arc<dyn Fn(Arc<Recorded>) -> BoxFuture<'static, Result<()>> + Send + Sync>,
}

impl Listener {
    /// A listener that does `handle`.
    pub fn new<F>(
        name: &'static str,
        kinds: &'static [&'static str],
        handle: impl Fn(Arc<Recorded>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        Self { name, kinds, handle: Arc::new(move |event| Box::pin(handle(event))) }
    }

    fn hears(&self, event: &Recorded) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&event.kind.as_str())
    }

    /// Presents one event. A panic is a failure like any other: it must not end the listener.
    async fn present(&self, event: &Arc<Recorded>) -> Result<()> {
        let work = async { (self.handle)(event.clone()).await };
        AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
            let error = Error::internal("the listener panicked");
            Err(error.arg("listener", self.name).arg("event", event.id.to_string()))
        })
    }
}

/// Refuses two listeners of one name: they would share a position and each miss what the other was told.
pub(crate) fn check_names(listeners: &[Listener]) -> Result<()> {
    let mut names: Vec<&str> = listeners.iter().map(|listener| listener.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(pair) => Err(Error::internal(format!("two listeners are called {}", pair.concat()))),
        None => Ok(()),
    }
}

/// Runs until the events stop: leads when no other node does.
pub(crate) async fn run(shared: Arc<Shared>, listener: Listener) {
    let lead_name = format!("outbox-listener-{}", listener.name);
    let mut patience = Patience::new(format!("leading the listener {}", listener.name), LONGEST_PAUSE);
    while !shared.is_stopping() {
        let outcome = match shared.db.try_lead(&lead_name).await {
            Ok(Some(lead)) => attend(&shared, &listener, &lead).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => {
                patience.succeeded();
                shared.pause(LEAD_RETRY).await;
            }
            Err(error) => shared.pause(patience.failed(&error)).await,
        }
    }
}

/// Presents events as long as this node leads.
async fn attend(shared: &Shared, listener: &Listener, lead: &Lead) -> Result<()> {
    let name = listener.name;
    let mut news = shared.position.subscribe();
    let mut progress = Progress::load(shared, name).await?;
    while !shared.is_stopping() && lead.is_held() {
        news.mark_unchanged();
        let batch = shared.after(progress.done, BATCH).await?;
        if batch.is_empty() {
            // Woken now and then without news, to see whether this node still leads.
            shared.unless_stopping(timeout(LEAD_RETRY, news.changed())).await;
            continue;
        }
        for event in batch.into_iter().map(Arc::new) {
            if listener.hears(&event) && !persist(shared, listener, lead, &event, &mut progress).await? {
                return Ok(());
            }
            progress.done = event.sequence;
            progress.save_if_due(shared).await?;
        }
        progress.save(shared).await?;
    }
    Ok(())
}

/// Presents an event until the listener has digested it: true; false when the end or another leader comes first.
async fn persist(
    shared: &Shared,
    listener: &Listener,
    lead: &Lead,
    event: &Arc<Recorded>,
    progress: &mut Progress,
) -> Result<bool> {
    let what = format!("listener {} at event {} ({})", listener.name, event.id, event.kind);
    let mut patience = Patience::new(what, LONGEST_RETRY);
    loop {
        let Err(error) = listener.present(event).await else {
            patience.succeeded();
            return Ok(true);
        };
        progress.save(shared).await?;
        shared.pause(patience.failed(&error)).await;
        if shared.is_stopping() || !lead.is_held() {
            return Ok(false);
        }
    }
}

/// How far a listener has come, here and in the database.
struct Progress {
    name: &'static str,
    done: i64,
    saved: i64,
    saved_at: Instant,
}

impl Progress {
    async fn load(shared: &Shared, name: &'static str) -> Result<Self> {
        // In a transaction of its own kind: a replica may not know yet what the last leader saved.
        let done = shared.db.write(move |tx| store::position(tx, name)).await?;
        Ok(Self { name, done, saved: done, saved_at: Instant::now() })
    }

    async fn save_if_due(&mut self, shared: &Shared) -> Result<()> {
        if self.saved_at.elapsed() < SAVE_EVERY { Ok(()) } else { self.save(shared).await }
    }

    async fn save(&mut self, shared: &Shared) -> Result<()> {
        if self.saved < self.done {
            let (name, done) = (self.name, self.done);
            shared.db.write(move |tx| store::save_position(tx, name, done)).await?;
            self.saved = done;
        }
        self.saved_at = Instant::now();
        Ok(())
    }
}
