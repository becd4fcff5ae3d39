//! A bounded queue of work and the threads that do it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use socle_kernel::{Error, Result};

use crate::failure::unavailable;
use crate::job::closed;

enum Message<J: ?Sized> {
    Work(Box<J>),
    Stop,
}

/// The entrance of the queue.
pub(crate) struct Queue<J: ?Sized> {
    name: &'static str,
    sender: Sender<Message<J>>,
    is_closed: AtomicBool,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// The exit of the queue, as one thread sees it.
pub(crate) struct Incoming<J: ?Sized> {
    name: &'static str,
    receiver: Receiver<Message<J>>,
    is_stopped: bool,
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

impl<J: ?Sized + Send + 'static> Queue<J> {
    /// A queue of this capacity, served by one thread for each of these workers.
    pub(crate) fn start<W>(name: &'static str, capacity: usize, workers: Vec<W>) -> Result<Self>
    where
        W: FnOnce(Incoming<J>) + Send + 'static,
    {
        let (sender, receiver) = bounded(capacity.max(1));
        let queue = Self { name, sender, is_closed: AtomicBool::new(false), threads: Mutex::default() };
        for (worker, number) in workers.into_iter().zip(1..) {
            let incoming = Incoming { name, receiver: receiver.clone(), is_stopped: false };
            let thread = thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || worker(incoming))
                .map_err(Error::internal)?;
            queue.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        }
        Ok(queue)
    }

    /// Puts work in the queue, or refuses: never waits.
    pub(crate) fn submit(&self, work: Box<J>) -> Result<()> {
        self.offer(work).map_err(|(error, _)| error)
    }

    /// As `submit`, but a refused work is given back.
    pub(crate) fn offer(&self, work: Box<J>) -> Result<(), (Error, Box<J>)> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err((closed(), work));
        }
        let (error, message) = match self.sender.try_send(Message::Work(work)) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(message)) => {
                (unavailable(format!("the queue {} is full", self.name)), message)
            }
            Err(TrySendError::Disconnected(message)) => (closed(), message),
        };
        match message {
            Message::Work(work) => Err((error, work)),
            Message::Stop => Ok(()),
        }
    }

    /// Lets the threads finish what is in the queue, and waits for them to end.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let here = thread::current().id();
        let others: Vec<_> = threads.into_iter().filter(|thread| thread.thread().id() != here).collect();
        // Does nothing where every thread has ended already.
        others.iter().for_each(|_| drop(self.sender.send(Message::Stop)));
        for thread in others {
            if thread.join().is_err() {
                tracing::error!(queue = self.name, "a database thread of {} ended in a panic", self.name);
            }
        }
    }
}
