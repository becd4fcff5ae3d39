//! The embedded engine as a whole: its connections and its threads.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use socle_kernel::Result;

use crate::conn::{Conn, Session};
use crate::job::{ReadJob, WriteJob, catching, closed};
use crate::lead::LocalLeads;
use crate::queue::{Incoming, Queue};
use crate::settings::Settings;
use crate::shared::Shared;
use crate::snapshot;
use crate::sqlite::checkpoint;
use crate::sqlite::open::{self, Role};
use crate::sqlite::session::SqliteSession;
use crate::sqlite::writer::Writer;

/// Reader threads serve long reads only, which are bound by the processor and the disk.
const MOST_READERS: usize = 4;
/// Connections kept for inline reads; there are never more in use than threads that read.
const MOST_IDLE: usize = 64;

/// A SQLite file, open.
pub(crate) struct SqliteEngine {
    pool: Arc<Pool>,
    pub(crate) is_inline: bool,
    pub(crate) writes: Queue<dyn WriteJob>,
    pub(crate) reads: Queue<dyn ReadJob>,
    pub(crate) leads: LocalLeads,
    checkpointer: Mutex<Option<JoinHandle<()>>>,
}

/// Connections that only read.
struct Pool {
    path: PathBuf,
    shared: Arc<Shared>,
    idle: Mutex<Vec<Conn>>,
    is_closed: AtomicBool,
}

impl Pool {
    fn take(&self) -> Result<Conn> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(closed());
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn open(&self) -> Result<Conn> {
        let session = SqliteSession::new(open::connect(&self.path, Role::Reader)?);
        Ok(Conn::new(Session::Sqlite(session), self.shared.clone()))
    }

    fn give_back(&self, conn: Conn) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE && !self.is_closed.load(Ordering::Acquire) {
            idle.push(conn);
        }
    }
}

impl SqliteEngine {
    /// Opens the file, which is made when it does not exist.
    pub(crate) fn open(path: &Path, settings: &Settings, shared: &Arc<Shared>) -> Result<Self> {
        open::prepare_file(path)?;
        let mut session = SqliteSession::new(open::connect(path, Role::Writer)?);
        let (nudge, checkpointer) = checkpoint::start(path)?;
        session.count_pages(nudge.pages()).map_err(|failure| failure.error)?;
        let writer = Writer { conn: Conn::new(Session::Sqlite(session), shared.clone()), nudge };
        let writes = Queue::start("db-write", settings.queue, vec![move |incoming| writer.serve(incoming)])?;
        let pool = Arc::new(Pool {
            path: path.to_owned(),
            shared: shared.clone(),
            idle: Mutex::default(),
            is_closed: AtomicBool::new(false),
        });
        let readers = (0..settings.readers.clamp(1, MOST_READERS)).map(|_| {
            let pool = pool.clone();
            move |incoming| serve_reads(&pool, incoming)
        });
        let reads = Queue::start("db-read", settings.queue, readers.collect())?;
        let checkpointer = Mutex::new(Some(checkpointer));
        Ok(Self {
            pool,
            is_inline: settings.inline_reads,
            writes,
            reads,
            leads: LocalLeads::default(),
            checkpointer,
        })
    }

    /// Runs a short read on the calling thread.
    pub(crate) fn read_inline<T>(&self, mut read: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.pool.take()?;
        let outcome = catching(|| read(&mut conn));
        self.pool.give_back(conn);
        outcome
    }

    /// Finishes what is queued, ends the threads and closes the file.
    pub(crate) fn close(&self) {
        self.writes.close();
        self.reads.close();
        self.pool.is_closed.store(true, Ordering::Release);
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let checkpointer = self.checkpointer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = checkpointer.map(JoinHandle::join) {
            tracing::error!("the thread that moves the log ended in a panic");
        }
    }
}

fn serve_reads(pool: &Pool, mut incoming: Incoming<dyn ReadJob>) {
    while let Some(mut job) = incoming.next() {
        if job.is_abandoned() {
            continue;
        }
        let outcome = pool.take().and_then(|mut conn| {
            let outcome = snapshot::read(&mut conn, &mut *job);
            pool.give_back(conn);
            outcome
        });
        job.answer(outcome);
    }
}
