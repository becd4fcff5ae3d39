//! Reads numbered events once for the whole process and shares them among the feeds.

use std::sync::Arc;

use socle_kernel::Result;

use crate::patience::Patience;
use crate::shared::{BATCH, LONGEST_PAUSE, POLL, REST, Shared, Wake};
use crate::store;

/// Runs until the events stop.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut patience = Patience::new("reading events", LONGEST_PAUSE);
    let mut last = None;
    while !shared.is_stopping() {
        match advance(&shared, last).await {
            Ok(position) => {
                patience.succeeded();
                last = Some(position);
                shared.pause(REST).await;
                if shared.wait(&shared.numbered, POLL).await == Wake::Stopped {
                    return;
                }
            }
            Err(error) => shared.pause(patience.failed(&error)).await,
        }
    }
}

/// Shares everything after `last` and returns the new position. The process begins with what is newest, and
/// while nobody listens nothing is read but the position.
async fn advance(shared: &Shared, last: Option<i64>) -> Result<i64> {
    let Some(mut last) = last.filter(|_| shared.live.receiver_count() > 0) else {
        let latest = shared.db.read(store::latest).await?;
        let position = last.map_or(latest, |last| last.max(latest));
        shared.announce(position);
        return Ok(position);
    };
    loop {
        let batch = shared.after(last, BATCH).await?;
        let is_full = batch.len() >= BATCH.unsigned_abs().try_into().unwrap_or(usize::MAX);
        for event in batch {
            last = event.sequence;
            // The last feed may just have gone: then nobody misses it.
            let _nobody_listens = shared.live.send(Arc::new(event));
        }
        shared.announce(last);
        if !is_full {
            return Ok(last);
        }
    }
}
