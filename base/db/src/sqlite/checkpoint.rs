//! Moves pages from the write-ahead log into the file, aside from the writer as long as that suffices.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use socle_kernel::{Error, Result};

use crate::sqlite::open::{self, Role};
use crate::sqlite::session::SqliteSession;

/// From so many waiting pages (of 4 KiB) on, they are moved without holding anybody up;
const ASIDE: i64 = 2_000;
/// from so many on, the writer waits until they are moved.
const PRESSING: i64 = 8_000;
/// The shortest time between two rounds: each costs a flush of the file.
const REST: Duration = Duration::from_millis(20);

/// Moves all pages that no reader needs in the log, and waits for no reader.
const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The writer's side: tells that there is work, and does it when there is too much.
pub(crate) struct Nudge {
    pages: Arc<AtomicI64>,
    sender: Sender<()>,
    session: Arc<Mutex<SqliteSession>>,
    /// The next number of pages at which the writer waits.
    pressing: i64,
}

impl Nudge {
    /// What the writer's connection counts its waiting pages in.
    pub(crate) fn pages(&self) -> Arc<AtomicI64> {
        self.pages.clone()
    }

    /// Called between two batches, when nothing is being written.
    ///
    /// A log begins anew only at a moment when all of it is in the file. Writers who never rest leave no such
    /// moment to a thread that works aside, and the log would grow without end: so they wait here.
    pub(crate) fn after_commit(&mut self) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < PRESSING {
            self.pressing = PRESSING;
        }
        if pages >= self.pressing {
            move_pages(&self.session);
            // Where an old reader still needs the log, trying again at once would only cost time.
            self.pressing = pages + ASIDE;
        } else if pages >= ASIDE {
            // Full means that the thread knows already.
            let _ = self.sender.try_send(());
        }
    }
}

/// The thread that works aside. It ends when the [`Nudge`] is gone.
pub(crate) fn start(path: &Path) -> Result<(Nudge, JoinHandle<()>)> {
    let session = Arc::new(Mutex::new(SqliteSession::new(open::connect(path, Role::Checkpointer)?)));
    let (sender, receiver) = bounded(1);
    let nudge = Nudge { pages: Arc::default(), sender, session: session.clone(), pressing: PRESSING };
    let thread = std::thread::Builder::new()
        .name("db-checkpoint".to_owned())
        .spawn(move || run(&session, &receiver))
        .map_err(Error::internal)?;
    Ok((nudge, thread))
}

fn run(session: &Mutex<SqliteSession>, nudges: &Receiver<()>) {
    while nudges.recv().is_ok() {
        move_pages(session);
        std::thread::sleep(REST);
    }
}

/// One at a time: who comes second waits for the first, and moves what came meanwhile.
fn move_pages(session: &Mutex<SqliteSession>) {
    let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(failure) = session.query_privileged(MOVE) {
        tracing::warn!(error = %failure.error, "the log of the database could not be moved into its file");
    }
}
