//! A closure on its way to a database thread, and its answer on the way back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use socle_kernel::{Error, Result};
use tokio::sync::oneshot;

use crate::conn::Conn;
use crate::failure::{panicked, unavailable};
use crate::tx::Tx;

/// Work for a database thread.
pub(crate) trait Job: Send {
    /// Is nobody waiting for the answer any more?
    fn is_abandoned(&self) -> bool;

    /// Answers: with the value of the last run, or with this error.
    fn answer(self: Box<Self>, outcome: Result<()>);
}

/// Work that reads.
pub(crate) trait ReadJob: Job {
    /// Runs the closure and keeps its value.
    fn run(&mut self, conn: &mut Conn) -> Result<()>;
}

/// Work that writes.
pub(crate) trait WriteJob: Job {
    /// Runs the closure and keeps its value.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<()>;
}

/// A closure, its value once it ran, and where the answer goes.
pub(crate) struct Task<F, T> {
    closure: F,
    value: Option<T>,
    reply: Reply<T>,
}

enum Reply<T> {
    Async(oneshot::Sender<Result<T>>),
    Blocking(mpsc::SyncSender<Result<T>>),
}

impl<F, T> Task<F, T> {
    /// Work whose answer is awaited.
    pub(crate) fn awaited(closure: F) -> (Box<Self>, oneshot::Receiver<Result<T>>) {
        let (sender, receiver) = oneshot::channel();
        (Box::new(Self { closure, value: None, reply: Reply::Async(sender) }), receiver)
    }

    /// Work whose answer a thread waits for.
    pub(crate) fn blocking(closure: F) -> (Box<Self>, mpsc::Receiver<Result<T>>) {
        let (sender, receiver) = mpsc::sync_channel(1);
        (Box::new(Self { closure, value: None, reply: Reply::Blocking(sender) }), receiver)
    }

    fn keep(&mut self, run: impl FnOnce(&mut F) -> Result<T>) -> Result<()> {
        self.value = None;
        let closure = &mut self.closure;
        self.value = Some(catching(move || run(closure))?);
        Ok(())
    }
}

impl<F: Send, T: Send> Job for Task<F, T> {
    fn is_abandoned(&self) -> bool {
        match &self.reply {
            Reply::Async(sender) => sender.is_closed(),
            Reply::Blocking(_) => false,
        }
    }

    fn answer(self: Box<Self>, outcome: Result<()>) {
        let Self { value, reply, .. } = *self;
        let answer = outcome.and_then(|()| value.ok_or_else(never_ran));
        // The caller may be gone: then nobody misses the answer.
        match reply {
            Reply::Async(sender) => drop(sender.send(answer)),
            Reply::Blocking(sender) => drop(sender.send(answer)),
        }
    }
}

impl<F, T> ReadJob for Task<F, T>
where
    F: FnMut(&mut Conn) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, conn: &mut Conn) -> Result<()> {
        self.keep(|closure| closure(conn))
    }
}

impl<F, T> WriteJob for Task<F, T>
where
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.keep(|closure| closure(tx))
    }
}

/// Runs something; a panic becomes an error.
pub(crate) fn catching<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    // What a panic may have left half done is a transaction, which is then undone, and the closure's own
    // variables, which are dropped with it.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| Err(panicked(&*payload)))
}

/// The answer when the thread went away with the question: the database is closing.
pub(crate) fn closed() -> Error {
    unavailable("the database is closed")
}

fn never_ran() -> Error {
    Error::internal("a database closure was answered before it ran")
}
