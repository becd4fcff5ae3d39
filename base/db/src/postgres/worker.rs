//! One thread of a pool and its connection, which is replaced when it dies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socle_kernel::{Error, Random, Result};

use crate::conn::{Conn, Session};
use crate::control::Control;
use crate::failure::{Failure, Poison, unavailable};
use crate::job::{ReadJob, WriteJob};
use crate::postgres::address::{Address, Role};
use crate::postgres::session::PostgresSession;
use crate::shared::Shared;
use crate::snapshot;
use crate::tx::Tx;

/// How often a closure is run before the caller is told to come back.
const TRIES: u32 = 8;
/// How often a dead connection is replaced for one closure.
const REPLACEMENTS: u32 = 2;

/// Which sort of read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Each statement sees the newest state.
    Short,
    /// All statements see one moment.
    Long,
}

/// A thread's connection.
pub(crate) struct Worker {
    address: Address,
    role: Role,
    shared: Arc<Shared>,
    random: Random,
    conn: Option<Conn>,
}

/// What came of one run of a closure.
struct Run {
    outcome: Result<()>,
    poison: Option<Poison>,
    wakes: bool,
    is_committing: bool,
}

impl Worker {
    pub(crate) fn new(address: Address, role: Role, shared: Arc<Shared>) -> Self {
        Self { address, role, shared, random: Random::system(), conn: None }
    }

    /// The connection, opened when there is none.
    pub(crate) fn conn(&mut self) -> Result<&mut Conn> {
        let is_closed = self.conn.as_mut().is_some_and(|conn| match conn.session() {
            Session::Postgres(session) => session.is_closed(),
            Session::Sqlite(_) => false,
        });
        if is_closed {
            self.conn = None;
        }
        match &mut self.conn {
            Some(conn) => Ok(conn),
            empty => {
                let session = PostgresSession::new(self.address.connect(self.role)?);
                Ok(empty.insert(Conn::new(Session::Postgres(Box::new(session)), self.shared.clone())))
            }
        }
    }

    /// Is there a connection that was used before?
    pub(crate) fn is_connected(&self) -> bool {
        self.conn.is_some()
    }

    /// Runs a read, again when the connection died under it.
    pub(crate) fn read(&mut self, job: &mut dyn ReadJob, kind: Kind) -> Result<()> {
        self.persist(|conn| {
            let outcome = match kind {
                Kind::Short => job.run(conn),
                Kind::Long => snapshot::read(conn, job),
            };
            let poison = conn.take_poison();
            Run { outcome, poison, wakes: false, is_committing: false }
        })
    }

    /// Runs a write in a transaction, again when it conflicts with another one.
    pub(crate) fn write(&mut self, job: &mut dyn WriteJob) -> Result<()> {
        let started = Instant::now();
        let mut wakes = false;
        let outcome = self.persist(|conn| {
            let run = transact(conn, job);
            wakes = run.wakes;
            run
        });
        metrics::histogram!("db_write_batch_size").record(1.0);
        metrics::histogram!("db_write_seconds").record(started.elapsed());
        if outcome.is_ok() && wakes {
            self.shared.committed();
        }
        outcome
    }

    fn persist(&mut self, mut run: impl FnMut(&mut Conn) -> Run) -> Result<()> {
        let (mut tries, mut replacements) = (0, 0);
        loop {
            let Run { outcome, poison, is_committing, .. } = run(self.conn()?);
            let Err(error) = outcome else { return Ok(()) };
            match poison {
                None | Some(Poison::Statement) => return Err(error),
                Some(Poison::Lost) => {
                    self.conn = None;
                    if is_committing {
                        return Err(Error::internal(error)
                            .arg("outcome", "unknown: the connection was lost at COMMIT"));
                    }
                    replacements += 1;
                    if replacements > REPLACEMENTS {
                        return Err(error);
                    }
                }
                Some(Poison::StalePlan) => {
                    tries += 1;
                    self.forget_statements();
                }
                Some(Poison::Serialization) => {
                    tries += 1;
                    self.pause(tries);
                }
            }
            if tries >= TRIES {
                return Err(unavailable(format!(
                    "given up after {tries} conflicts with other transactions: {error}"
                )));
            }
            metrics::counter!("db_retries").increment(1);
        }
    }

    fn forget_statements(&mut self) {
        if let Some(Session::Postgres(session)) = self.conn.as_mut().map(Conn::session) {
            session.forget_statements();
        }
    }

    /// A pause that grows, and differs so that those who met do not meet again.
    fn pause(&self, tries: u32) {
        let most = 1_000_u64 << tries.min(7);
        std::thread::sleep(Duration::from_micros(most / 4 + self.random.below(most)));
    }
}

fn transact(conn: &mut Conn, job: &mut dyn WriteJob) -> Run {
    let failed = |conn: &mut Conn, failure: Failure, is_committing| {
        conn.take_poison();
        Run { outcome: Err(failure.error), poison: Some(failure.poison), wakes: false, is_committing }
    };
    if let Err(failure) = conn.control(Control::Begin) {
        return failed(conn, failure, false);
    }
    let mut tx = Tx::new(conn);
    let outcome = job.run(&mut tx).and_then(|()| tx.refuse_when_poisoned());
    let wakes = tx.wakes();
    let poison = conn.take_poison();
    if outcome.is_ok() {
        let started = Instant::now();
        let committed = conn.control(Control::Commit);
        metrics::histogram!("db_commit_seconds").record(started.elapsed());
        if let Err(failure) = committed {
            return failed(conn, failure, true);
        }
    }
    let is_rolled_back = outcome.is_ok() || conn.control(Control::Rollback).is_ok();
    // A connection that cannot even roll back is of no use.
    let poison = if is_rolled_back { poison } else { Some(Poison::Lost) };
    Run { outcome, poison, wakes, is_committing: false }
}
