//! A reader's own way through the events: what it missed from the database, then live.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::Stream;
use tokio::sync::{broadcast, watch};

use crate::patience::Patience;
use crate::recorded::Recorded;
use crate::shared::{BATCH, LONGEST_PAUSE, REST, Shared};

/// Every event after a place, once each and in order, until the events stop.
///
/// The process announces how far the outbox has come; the events shared live are a cache in front of the
/// database. A feed that was too slow for the cache, or finds it empty, reads the database after its own last
/// place: it misses nothing and holds one batch at most.
pub struct Feed {
    shared: Arc<Shared>,
    live: broadcast::Receiver<Arc<Recorded>>,
    position: watch::Receiver<Option<i64>>,
    /// The last place delivered; none until it is known where "now" is.
    last: Option<i64>,
    backlog: VecDeque<Arc<Recorded>>,
    patience: Patience,
}

impl Feed {
    pub(crate) fn new(shared: Arc<Shared>, after: Option<i64>) -> Self {
        // First the subscription, then the position: an event between the two is seen twice by this code, and
        // delivered once; the other way round it would be lost.
        let live = shared.live.subscribe();
        let position = shared.position.subscribe();
        let last = after.or(*position.borrow());
        let patience = Patience::new("catching up with events", LONGEST_PAUSE);
        Self { shared, live, position, last, backlog: VecDeque::new(), patience }
    }

    /// The next event; `None` when the events have stopped. Nothing is lost when the wait is abandoned.
    pub async fn next(&mut self) -> Option<Arc<Recorded>> {
        loop {
            if self.shared.is_stopping() {
                return None;
            }
            let Some(last) = self.last else {
                self.last = self.now().await;
                continue;
            };
            if let Some(event) = self.backlog.pop_front() {
                self.last = Some(event.sequence);
                return Some(event);
            }
            match self.live.try_recv() {
                Ok(event) if event.sequence <= last => {}
                Ok(event) if event.sequence == last.saturating_add(1) => {
                    self.last = Some(event.sequence);
                    return Some(event);
                }
                Ok(_) | Err(broadcast::error::TryRecvError::Lagged(_)) => self.catch_up(last).await,
                Err(_) if self.is_behind(last) => self.catch_up(last).await,
                Err(_) => self.news().await,
            }
        }
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Arc<Recorded>> + Send {
        futures_util::stream::unfold(
            self,
            |mut feed| async move { feed.next().await.map(|event| (event, feed)) },
        )
    }

    /// The place this feed has reached: what to resume after.
    pub fn last(&self) -> Option<i64> {
        self.last
    }

    async fn now(&mut self) -> Option<i64> {
        let position = &mut self.position;
        self.shared.unless_stopping(async { position.wait_for(Option::is_some).await.map(drop) }).await;
        *self.position.borrow()
    }

    /// How many events were shared live and not yet taken.
    #[cfg(test)]
    pub(crate) fn unread(&self) -> usize {
        self.live.len()
    }

    async fn news(&mut self) {
        let _changed_or_stopped = self.shared.unless_stopping(self.position.changed()).await;
    }

    fn is_behind(&mut self, last: i64) -> bool {
        self.position.borrow_and_update().is_some_and(|position| position > last)
    }

    async fn catch_up(&mut self, last: i64) {
        match self.shared.after(last, BATCH).await {
            Ok(batch) if batch.is_empty() => self.shared.pause(REST).await,
            Ok(batch) => {
                self.patience.succeeded();
                self.backlog = batch.into_iter().map(Arc::new).collect();
            }
            Err(error) => {
                let pause = self.patience.failed(&error);
                self.shared.pause(pause).await;
            }
        }
    }
}
