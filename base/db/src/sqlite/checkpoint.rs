//! Moves pages from the write-ahead log into the file, aside from the writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use socle_kernel::{Error, Result};

use crate::sqlite::open::{self, Role};
use crate::sqlite::session::SqliteSession;

/// From so many waiting pages (of 4 KiB) on, they are moved without holding anybody up;
const ASIDE: i64 = 2_000;
/// from so many on, readers and the writer are held up a moment, so that the log begins anew.
const PRESSING: i64 = 16_000;
/// The shortest time between two rounds: each costs a flush of the file.
const REST: Duration = Duration::from_millis(20);

/// How the writer tells that there is work.
#[derive(Clone)]
pub(crate) struct Nudge {
    pub(crate) pages: Arc<AtomicI64>,
    sender: Sender<()>,
}

impl Nudge {
    pub(crate) fn after_commit(&self) {
        if self.pages.load(Ordering::Relaxed) >= ASIDE {
            // Full means that the thread knows already.
            let _ = self.sender.try_send(());
        }
    }
}

/// The thread that moves the pages. It ends when every [`Nudge`] is gone.
pub(crate) fn start(path: &Path) -> Result<(Nudge, JoinHandle<()>)> {
    let session = SqliteSession::new(open::connect(path, Role::Checkpointer)?);
    let (sender, receiver) = bounded(1);
    let pages = Arc::<AtomicI64>::default();
    let nudge = Nudge { pages: pages.clone(), sender };
    let thread = std::thread::Builder::new()
        .name("db-checkpoint".to_owned())
        .spawn(move || run(session, &receiver, &pages))
        .map_err(Error::internal)?;
    Ok((nudge, thread))
}

fn run(mut session: SqliteSession, nudges: &Receiver<()>, pages: &AtomicI64) {
    while nudges.recv().is_ok() {
        let sql = if pages.load(Ordering::Relaxed) >= PRESSING {
            "PRAGMA wal_checkpoint(RESTART)"
        } else {
            "PRAGMA wal_checkpoint(PASSIVE)"
        };
        if let Err(failure) = session.query_privileged(sql) {
            tracing::warn!(error = %failure.error, "the log of the database could not be moved into its file");
        }
        std::thread::sleep(REST);
    }
}
