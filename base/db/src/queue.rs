//! A bounded queue of work and the threads that do it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use socle_kernel::{Error, Result};

use crate::failure::unavailable;
use crate::job::closed;

/// How long the end of a queue that is full waits before it looks whether anybody still empties it.
const LOOK: Duration = Duration::from_millis(50);

enum Message<J: ?Sized> {
    Work(Box<J>),
    Stop,
}

/// The entrance of the queue.
pub(crate) struct Queue<J: ?Sized> {
    name: &'static str,
    sender: Sender<Message<J>>,
    /// The exit, for what no thread will take any more.
    receiver: Receiver<Message<J>>,
    is_closed: AtomicBool,
    alive: Arc<AtomicUsize>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// The exit of the queue, as one thread sees it.
pub(crate) struct Incoming<J: ?Sized> {
    name: &'static str,
    receiver: Receiver<Message<J>>,
    is_stopped: bool,
    alive: Arc<AtomicUsize>,
}

impl<J: ?Sized> Incoming<J> {
    /// The next work, waited for; `None` when the thread should end.
    pub(crate) fn next(&mut self) -> Option<Box<J>> {
        if self.is_stopped {
            return None;
        }
        let message = self.receiver.recv().ok()?;
        metrics::gauge!("db_queue_depth", "queue" => self.name).set(self.receiver.len() as f64);
        self.take(message)
    }

    /// The next work, if it is there already.
    pub(crate) fn next_waiting(&mut self) -> Option<Box<J>> {
        if self.is_stopped {
            return None;
        }
        let message = self.receiver.try_recv().ok()?;
        self.take(message)
    }

    fn take(&mut self, message: Message<J>) -> Option<Box<J>> {
        match message {
            Message::Work(work) => Some(work),
            Message::Stop => {
                self.is_stopped = true;
                None
            }
        }
    }
}

impl<J: ?Sized> Drop for Incoming<J> {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!(queue = self.name, "a database thread of {} ended in a panic", self.name);
        }
        if self.alive.fetch_sub(1, Ordering::SeqCst) == 1 {
            give_up(&self.receiver);
        }
    }
}

/// Drops the work that nobody will do, and with it the promise of an answer: a channel keeps what is in it even
/// when its last receiver is gone, and the callers would wait for ever.
fn give_up<J: ?Sized>(receiver: &Receiver<Message<J>>) {
    receiver.try_iter().for_each(drop);
}

impl<J: ?Sized + Send + 'static> Queue<J> {
    /// A queue of this capacity, served by one thread for each of these workers.
    pub(crate) fn start<W>(name: &'static str, capacity: usize, workers: Vec<W>) -> Result<Self>
    where
        W: FnOnce(Incoming<J>) + Send + 'static,
    {
        let (sender, receiver) = bounded(capacity.max(1));
        let alive = Arc::<AtomicUsize>::default();
        let mut threads = Vec::with_capacity(workers.len());
        for (worker, number) in workers.into_iter().zip(1..) {
            alive.fetch_add(1, Ordering::SeqCst);
            let incoming =
                Incoming { name, receiver: receiver.clone(), is_stopped: false, alive: alive.clone() };
            let thread = thread::Builder::new().name(format!("{name}-{number}"));
            threads.push(thread.spawn(move || worker(incoming)).map_err(Error::internal)?);
        }
        let is_closed = AtomicBool::new(false);
        Ok(Self { name, sender, receiver, is_closed, alive, threads: Mutex::new(threads) })
    }

    /// Puts work in the queue, or refuses: never waits.
    pub(crate) fn submit(&self, work: Box<J>) -> Result<()> {
        self.offer(work).map_err(|(error, _)| error)
    }

    /// As `submit`, but a refused work is given back.
    pub(crate) fn offer(&self, work: Box<J>) -> Result<(), (Error, Box<J>)> {
        if self.is_closed.load(Ordering::Acquire) || self.is_deserted() {
            return Err((closed(), work));
        }
        let message = match self.sender.try_send(Message::Work(work)) {
            Ok(()) => {
                // The last thread may have ended meanwhile: either it saw this work, or its end is seen here.
                if self.is_deserted() {
                    give_up(&self.receiver);
                }
                return Ok(());
            }
            Err(TrySendError::Full(message) | TrySendError::Disconnected(message)) => message,
        };
        match message {
            Message::Work(work) => Err((unavailable(format!("the queue {} is full", self.name)), work)),
            Message::Stop => Ok(()),
        }
    }

    /// Lets the threads finish what is in the queue, and waits for them to end.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let here = thread::current().id();
        let others: Vec<_> = threads.into_iter().filter(|thread| thread.thread().id() != here).collect();
        for _ in &others {
            while !self.is_deserted() && self.sender.send_timeout(Message::Stop, LOOK).is_err() {}
        }
        // One that ended in a panic has said so itself.
        others.into_iter().for_each(|thread| drop(thread.join()));
    }

    /// Has every thread ended?
    fn is_deserted(&self) -> bool {
        self.alive.load(Ordering::SeqCst) == 0
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use socle_kernel::codes;

    use super::*;

    /// More than any of this takes: what is not there by then never comes.
    const NEVER: Duration = Duration::from_secs(20);

    /// Work that tells when it is dropped: its receiver is then disconnected.
    type Work = mpsc::Sender<()>;

    #[test]
    fn what_a_dead_thread_leaves_behind_is_given_up_and_more_is_refused() {
        let (open, gate) = mpsc::channel::<()>();
        let dying = move |mut incoming: Incoming<Work>| {
            let _first = incoming.next();
            gate.recv().ok();
            panic!("on purpose");
        };
        let queue = Queue::start("test", 8, vec![dying]).unwrap();
        let (first, first_end) = mpsc::channel();
        let (second, second_end) = mpsc::channel();
        queue.submit(Box::new(first)).unwrap();
        queue.submit(Box::new(second)).unwrap();
        open.send(()).unwrap();
        for end in [first_end, second_end] {
            assert_eq!(end.recv_timeout(NEVER), Err(mpsc::RecvTimeoutError::Disconnected));
        }
        queue.close();
        let error = queue.submit(Box::new(mpsc::channel().0)).unwrap_err();
        assert_eq!(error.code(), codes::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn work_that_comes_while_the_queue_closes_is_done_or_given_up_and_never_kept() {
        for _ in 0..300 {
            let serve = |mut incoming: Incoming<Work>| while incoming.next().is_some() {};
            let queue = Queue::start("test", 4, vec![serve]).unwrap();
            // Submitted without a pause, so that some come at the very end; the ends are looked at afterwards.
            let submit = || -> Vec<mpsc::Receiver<()>> {
                let attempts = (0..400).map(|_| {
                    let (work, end) = mpsc::channel();
                    // Refused work is dropped as well.
                    drop(queue.submit(Box::new(work)));
                    end
                });
                attempts.collect()
            };
            let ends = thread::scope(|scope| {
                let submitters = [scope.spawn(submit), scope.spawn(submit)];
                queue.close();
                submitters.map(|submitter| submitter.join().unwrap())
            });
            for end in ends.into_iter().flatten() {
                assert_eq!(end.recv_timeout(NEVER), Err(mpsc::RecvTimeoutError::Disconnected));
            }
        }
    }
}
