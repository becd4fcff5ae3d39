//! Numbers committed events, on engines whose transactions commit out of order.
//!
//! Every node runs one. It numbers right after a commit of its own node, and now and then looks for events
//! whose node died between the commit and the numbering: nobody has to notice a death and take over. A lock
//! in the database lets one work at a time (`store::number`).

use std::sync::Arc;

use socle_kernel::Result;

use crate::patience::Patience;
use crate::shared::{BATCH, LONGEST_PAUSE, POLL, REST, Shared, Wake};
use crate::store;

/// Runs until the events stop.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut patience = Patience::new("numbering events", LONGEST_PAUSE);
    loop {
        let outcome = match shared.wait(&shared.committed, POLL).await {
            Wake::Stopped => return,
            Wake::Called => number_all(&shared).await,
            Wake::Polled => number_orphans(&shared).await,
        };
        match outcome {
            // One round numbers all that came meanwhile: a short rest makes rounds fewer and fuller.
            Ok(()) => {
                patience.succeeded();
                shared.pause(REST).await;
            }
            Err(error) => {
                shared.pause(patience.failed(&error)).await;
                shared.committed.notify_one();
            }
        }
    }
}

/// Numbers everything that is committed by now.
pub(crate) async fn number_all(shared: &Shared) -> Result<()> {
    loop {
        let numbered = shared.db.write(|tx| store::number(tx, BATCH)).await?;
        if numbered > 0 {
            shared.numbered.notify_one();
        }
        if numbered < BATCH.unsigned_abs() {
            return Ok(());
        }
    }
}

async fn number_orphans(shared: &Shared) -> Result<()> {
    if shared.db.read(store::are_waiting).await? { number_all(shared).await } else { Ok(()) }
}
