//! The one writer: many closures, each undone alone when it fails, in one durable commit.

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

    /// Runs one closure between a savepoint and its end.
    fn run(&mut self, mut job: Boxed, batch: &mut Batch) {
        let started = Instant::now();
        let mut wakes = false;
        let outcome = self.conn.control(Control::Mark).map_err(|failure| failure.error).and_then(|()| {
            let mut tx = Tx::new(&mut self.conn);
            let outcome = job.run(&mut tx).and_then(|()| tx.refuse_when_poisoned());
            wakes = tx.wakes();
            outcome
        });
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
        let took = started.elapsed();
        if took > SLOW {
            tracing::warn!(
                milliseconds = took.as_millis(),
                "a write closure held up all writers for {} ms: hash, compute and fetch outside",
                took.as_millis()
            );
        }
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
        metrics::histogram!("db_write_batch_jobs").record(batch.jobs.len() as f64);
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

    fn is_in_transaction(&mut self) -> bool {
        match self.conn.session() {
            Session::Sqlite(session) => session.is_in_transaction(),
            Session::Postgres(_) => false,
        }
    }
}
