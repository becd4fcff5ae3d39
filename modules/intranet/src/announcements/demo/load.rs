//! Loads the announcements of the demonstration.

use socle_kit::kernel::{Result, Timestamp, UserId};
use socle_kit::{Demo, Kit};

use super::confirmations::confirmations;
use super::generate::announcements;
use super::record::number_of;
use super::store::numbers;
use crate::announcements::model::Announcement;
use crate::announcements::store;

/// So many announcements in one transaction, each with its confirmations.
const BATCH: usize = 100;

#[derive(Clone)]
struct Entry {
    row: Announcement,
    confirmed: Vec<(UserId, Timestamp)>,
}

/// Adds the announcements that are not there yet: a second load writes nothing. No event is emitted, not even
/// for those of the last days: a demonstration is a state, not a history, and nobody is to be notified of it.
pub(crate) async fn load(kit: &Kit, demo: &mut Demo) -> Result<()> {
    let present = kit.db.read_long(numbers).await?;
    let rows = announcements(&demo.people, &demo.random, demo.today)?;
    let missing: Vec<Entry> = rows
        .into_iter()
        .filter(|row| !present.contains(&number_of(row.id)))
        .map(|row| {
            let confirmed = confirmations(&row, &demo.people, &demo.random, demo.today);
            Entry { row, confirmed }
        })
        .collect();
    for batch in missing.chunks(BATCH) {
        let batch = batch.to_vec();
        kit.db
            .write(move |tx| {
                for Entry { row, confirmed } in &batch {
                    store::insert(tx, row)?;
                    for (reader, read_at) in confirmed {
                        store::confirm(tx, row.id, *reader, *read_at)?;
                    }
                }
                Ok(())
            })
            .await?;
    }
    demo.loaded.push(("announcements", missing.len()));
    Ok(())
}
