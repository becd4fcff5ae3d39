//! The database: where closures come in and answers go out.

use std::future::Future;
use std::sync::Arc;

use socle_kernel::{Clock, Result};

use crate::conn::Conn;
use crate::dialect::Dialect;
use crate::job::{Task, closed};
use crate::lead::Lead;
use crate::migrate::{self, MigrationReport, MigrationSet, MigrationStatus, PlannedMigration};
use crate::postgres::engine::PostgresEngine;
use crate::reader;
use crate::settings::{Settings, Target};
use crate::shared::Shared;
use crate::sqlite::engine::SqliteEngine;
use crate::tx::Tx;

/// A database, open. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    shared: Arc<Shared>,
    settings: Settings,
}

enum Engine {
    Sqlite(Box<SqliteEngine>),
    Postgres(Box<PostgresEngine>),
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.engine.close();
    }
}

impl Engine {
    fn close(&self) {
        match self {
            Self::Sqlite(engine) => engine.close(),
            Self::Postgres(engine) => engine.close(),
        }
    }
}

impl Db {
    /// Opens the database: before the runtime starts, or from a thread of its own. A SQLite file is made when
    /// it does not exist; a PostgreSQL server must answer.
    pub fn open(settings: &Settings) -> Result<Self> {
        let target = Target::of(&settings.url)?;
        let dialect = target.dialect();
        let shared = Shared::new(dialect, settings.record_statements);
        let engine = match target {
            Target::Sqlite(path) => Engine::Sqlite(Box::new(SqliteEngine::open(&path, settings, &shared)?)),
            Target::Postgres => Engine::Postgres(Box::new(PostgresEngine::open(settings, &shared)?)),
        };
        Ok(Self(Arc::new(Inner { engine, shared, settings: settings.clone() })))
    }

    /// Which engine this is.
    pub fn dialect(&self) -> Dialect {
        self.0.shared.dialect
    }

    /// A short read. On SQLite it runs at once, on the calling thread. Each statement sees the newest state.
    pub async fn read<T, F>(&self, mut read: F) -> Result<T>
    where
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(engine) if engine.is_inline => engine.read_inline(read),
            Engine::Sqlite(engine) => {
                let (task, answer) = Task::awaited(move |conn: &mut Conn| read(conn));
                engine.reads.submit(task)?;
                answer.await.unwrap_or_else(|_| Err(closed()))
            }
            Engine::Postgres(engine) => {
                let (task, answer) = Task::awaited(read);
                engine.read(task, reader::current())?;
                answer.await.unwrap_or_else(|_| Err(closed()))
            }
        }
    }

    /// A read that scans or exports: always on a database thread, and all its statements see the same moment.
    pub async fn read_long<T, F>(&self, read: F) -> Result<T>
    where
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (task, answer) = Task::awaited(read);
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.reads.submit(task)?,
            Engine::Postgres(engine) => engine.read_long(task, reader::current())?,
        }
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// One transaction, durable when this returns. The closure may run again, after a conflict with another
    /// transaction or the failure of one that shares its commit, so it has no effect but those of the transaction.
    pub async fn write<T, F>(&self, write: F) -> Result<T>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (task, answer) = Task::awaited(write);
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.writes.submit(task)?,
            Engine::Postgres(engine) => engine.write(task, reader::current())?,
        }
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// As [`Db::read`], for commands and start-up: not on a thread of the runtime.
    pub fn read_blocking<T, F>(&self, read: F) -> Result<T>
    where
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.read_inline(read),
            Engine::Postgres(engine) => {
                let (task, answer) = Task::blocking(read);
                engine.read(task, None)?;
                answer.recv().unwrap_or_else(|_| Err(closed()))
            }
        }
    }

    /// As [`Db::write`], for commands and start-up: not on a thread of the runtime.
    pub fn write_blocking<T, F>(&self, write: F) -> Result<T>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (task, answer) = Task::blocking(write);
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.writes.submit(task)?,
            Engine::Postgres(engine) => engine.write(task, None)?,
        }
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Says whose reads and writes `work` does: with a read replica, this reader sees its own writes.
    pub async fn as_reader<F: Future>(reader: u64, work: F) -> F::Output {
        reader::scope(reader, work).await
    }

    /// `callback` is called after each commit with a closure that asked for it by [`Tx::wake`], once per
    /// batch. It must be quick.
    pub fn on_commit(&self, callback: Arc<dyn Fn() + Send + Sync>) {
        self.0.shared.on_commit(callback);
    }

    /// Keeps a value with the database, one of each type, where every transaction finds it
    /// ([`Conn::attachment`]).
    pub fn attach<T: Send + Sync + 'static>(&self, value: T) {
        self.0.shared.attach(value);
    }

    /// Takes the lead in something that only one node may do at a time; `None` while somebody else has it.
    pub async fn try_lead(&self, name: &str) -> Result<Option<Lead>> {
        match &self.0.engine {
            Engine::Sqlite(engine) => Ok(engine.leads.try_lead(name)),
            Engine::Postgres(engine) => engine.leads.try_lead(name).await,
        }
    }

    /// Applies what is missing of these migrations, under a lock. Nothing is applied when an applied file has
    /// changed, or when the database knows more than these sets.
    pub fn migrate(&self, sets: &[MigrationSet], clock: &Clock) -> Result<MigrationReport> {
        migrate::up(&self.0.settings, sets, clock)
    }

    /// What is applied and what is missing.
    pub fn migration_status(&self, sets: &[MigrationSet]) -> Result<Vec<MigrationStatus>> {
        migrate::migration_status(&self.0.settings, sets)
    }

    /// What `migrate` would apply, as SQL.
    pub fn migration_plan(&self, sets: &[MigrationSet]) -> Result<Vec<PlannedMigration>> {
        migrate::migration_plan(&self.0.settings, sets)
    }

    /// Prepares a text without running it: is it right for this engine and these tables?
    pub fn prepare_check(&self, sql: &str) -> Result<()> {
        let sql = sql.to_owned();
        self.read_blocking(move |conn| conn.prepare(&sql))
    }

    /// The texts seen so far, in order, when the settings ask for them to be kept.
    pub fn statements_seen(&self) -> Vec<String> {
        self.0.shared.seen()
    }

    /// Finishes what is queued, refuses what comes, and waits for the threads to end.
    pub fn close(&self) {
        self.0.engine.close();
    }
}
