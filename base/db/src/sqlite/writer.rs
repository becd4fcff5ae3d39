//! The one writer: many closures, each undone alone when it fails, in one durable commit.
//!
//! A savepoint around every closure costs a copy of each page it touches, and nearly none is ever used. So a
//! batch begins without: a closure that fails before it has changed anything leaves nothing to undo, and one
//! that fails later has the whole batch undone and run again, this time with a savepoint each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socle_kernel::{Error, Result};

use crate::conn::{Conn, Session};
use crate::control::Control;
use crate::job::WriteJob;
use crate::queue::Incoming;
use crate::sqlite::checkpoint::Nudge;
use crate::tx::Tx;

/// A batch ends after so many closures, or
const JOBS: usize = 512;
/// after so much time, so that the first of them does not wait long for its answer.
const TIME: Duration = Duration::from_millis(4);
/// A closure that holds up all writers for longer is told of.
const SLOW: Duration = Duration::from_millis(50);

type Boxed = Box<dyn WriteJob>;

/// The writer's connection and those it tells.
pub(crate) struct Writer {
    pub(crate) conn: Conn,
    pub(crate) nudge: Nudge,
}

/// What became of the closures of one batch.
#[derive(Default)]
struct Batch {
    jobs: Vec<(Boxed, Result<()>)>,
    wakes: bool,
    /// Does each closure run in a savepoint of its own?
    is_marked: bool,
    /// The engine undid the transaction by itself; why.
    lost: Option<String>,
}

impl Writer {
    /// Serves the queue until it is closed.
    pub(crate) fn serve(mut self, mut incoming: Incoming<dyn WriteJob>) {
        while let Some(first) = incoming.next() {
            if !first.is_abandoned() {
                self.serve_batch(first, &mut incoming);
            }
        }
    }

    fn serve_batch(&mut self, first: Boxed, incoming: &mut Incoming<dyn WriteJob>) {
        let started = Instant::now();
        if let Err(failure) = self.conn.control(Control::Begin) {
            self.conn.take_poison();
            first.answer(Err(failure.error));
            return;
        }
        let mut batch = Batch::default();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if !job.is_abandoned() {
                self.run(job, &mut batch);
            }
            if batch.lost.is_none() && batch.jobs.len() < JOBS && started.elapsed() < TIME {
                next = incoming.next_waiting();
            }
        }
        let failure = batch.lost.take().or_else(|| self.commit(&batch).err());
        self.answer(batch, failure.as_deref(), started);
    }

    fn run(&mut self, job: Boxed, batch: &mut Batch) {
        if batch.is_marked {
            self.run_marked(job, batch);
        } else {
            self.run_plain(job, batch);
        }
    }

    /// Runs one closure in the transaction of all.
    fn run_plain(&mut self, mut job: Boxed, batch: &mut Batch) {
        let before = self.changes();
        let (outcome, wakes) = self.closure(&mut *job);
        self.conn.take_poison();
        let is_lost = !self.is_in_transaction();
        let is_half_done = outcome.is_err() && self.changes() != before;
        if is_lost {
            batch.lost = Some(outcome.as_ref().err().map_or_else(String::new, ToString::to_string));
        }
        batch.wakes |= wakes && outcome.is_ok();
        batch.jobs.push((job, outcome));
        if is_half_done && !is_lost {
            self.begin_again(batch);
        }
    }

    /// Undoes the batch and runs it again with savepoints, for the sake of all but its last closure.
    fn begin_again(&mut self, batch: &mut Batch) {
        metrics::counter!("db_write_batches_again_total").increment(1);
        batch.is_marked = true;
        batch.wakes = false;
        for control in [Control::Rollback, Control::Begin] {
            if let Err(failure) = self.conn.control(control) {
                self.conn.take_poison();
                batch.lost = Some(failure.error.to_string());
                return;
            }
        }
        if batch.jobs.len() == 1 {
            // It was alone: it has failed, and nothing of it is left.
            return;
        }
        // Those that failed run again too: they may have seen what is undone now.
        for (job, _) in std::mem::take(&mut batch.jobs) {
            if batch.lost.is_some() {
                batch.jobs.push((job, Ok(())));
            } else {
                self.run_marked(job, batch);
            }
        }
    }

    /// Runs one closure between a savepoint and its end.
    fn run_marked(&mut self, mut job: Boxed, batch: &mut Batch) {
        let (outcome, wakes) = match self.conn.control(Control::Mark) {
            Ok(()) => self.closure(&mut *job),
            Err(failure) => (Err(failure.error), false),
        };
        self.conn.take_poison();
        let end = if outcome.is_ok() { Control::Keep } else { Control::Undo };
        if !self.is_in_transaction() {
            batch.lost = Some(outcome.as_ref().err().map_or_else(String::new, ToString::to_string));
        } else if let Err(failure) = self.conn.control(end) {
            self.conn.take_poison();
            batch.lost = Some(failure.error.to_string());
        }
        batch.wakes |= wakes && outcome.is_ok();
        batch.jobs.push((job, outcome));
    }

    /// Runs the closure itself; its outcome, and whether it asked for those who listen to commits.
    fn closure(&mut self, job: &mut dyn WriteJob) -> (Result<()>, bool) {
        let started = Instant::now();
        let mut tx = Tx::new(&mut self.conn);
        let outcome = job.run(&mut tx).and_then(|()| tx.refuse_when_poisoned());
        let wakes = tx.wakes();
        let took = started.elapsed();
        if took > SLOW {
            tracing::warn!(
                milliseconds = took.as_millis(),
                "a write closure held up all writers for {} ms: hash, compute and fetch outside",
                took.as_millis()
            );
        }
        (outcome, wakes)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), String> {
        let has_changes = batch.jobs.iter().any(|(_, outcome)| outcome.is_ok());
        let started = Instant::now();
        let end = if has_changes { Control::Commit } else { Control::Rollback };
        let outcome = self.conn.control(end).map_err(|failure| failure.error.to_string());
        metrics::histogram!("db_commit_seconds").record(started.elapsed());
        outcome
    }

    fn answer(&mut self, batch: Batch, failure: Option<&str>, started: Instant) {
        if failure.is_some() && self.is_in_transaction() {
            drop(self.conn.control(Control::Rollback));
        }
        self.conn.take_poison();
        metrics::histogram!("db_write_batch_size").record(batch.jobs.len() as f64);
        if batch.wakes && failure.is_none() {
            Arc::clone(self.conn.shared()).committed();
        }
        for (job, outcome) in batch.jobs {
            job.answer(match failure {
                // Also those that failed by themselves: what they saw of the others is undone.
                Some(why) => Err(Error::internal(format!("the batch was not committed: {why}"))),
                None => outcome,
            });
        }
        metrics::histogram!("db_write_seconds").record(started.elapsed());
        self.nudge.after_commit();
    }

    /// How many rows this connection has changed so far.
    fn changes(&mut self) -> u64 {
        match self.conn.session() {
            Session::Sqlite(session) => session.changes(),
            Session::Postgres(_) => 0,
        }
    }

    fn is_in_transaction(&mut self) -> bool {
        match self.conn.session() {
            Session::Sqlite(session) => session.is_in_transaction(),
            Session::Postgres(_) => false,
        }
    }
}
