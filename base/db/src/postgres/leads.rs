//! Leads on PostgreSQL: advisory locks of one session, which the server frees when the session ends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use postgres::Client;
use sha2::{Digest, Sha256};
use socle_kernel::{Error, Result};
use tokio::sync::oneshot;

use crate::failure::unavailable;
use crate::job::closed;
use crate::lead::Lead;
use crate::postgres::address::{Address, Role};

/// How often the connection is tried while it holds a lead: so long may a lost lead go unnoticed.
const CHECK: Duration = Duration::from_secs(2);

enum Command {
    Try(String, oneshot::Sender<Result<Option<Lead>>>),
    Release(String, Arc<AtomicBool>),
    Stop,
}

/// The leads of this node: one thread and one connection for all, begun with the first.
pub(crate) struct Leads {
    address: Address,
    thread: Mutex<Option<(Sender<Command>, JoinHandle<()>)>>,
    is_closed: AtomicBool,
}

impl Leads {
    pub(crate) fn new(address: Address) -> Self {
        Self { address, thread: Mutex::default(), is_closed: AtomicBool::new(false) }
    }

    /// The lead, unless another node or somebody here has it.
    pub(crate) async fn try_lead(&self, name: &str) -> Result<Option<Lead>> {
        let (reply, answer) = oneshot::channel();
        // Few and small: one for each singleton of this node.
        self.commands()?.send(Command::Try(name.to_owned(), reply)).map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    fn commands(&self) -> Result<Sender<Command>> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_closed.load(Ordering::Acquire) {
            return Err(closed());
        }
        if let Some((commands, _)) = &*thread {
            return Ok(commands.clone());
        }
        let (sender, receiver) = unbounded();
        let holder = Holder { address: self.address.clone(), client: None, held: HashMap::new() };
        let back = sender.clone();
        let handle = std::thread::Builder::new()
            .name("db-lead".to_owned())
            .spawn(move || holder.serve(&receiver, &back))
            .map_err(Error::internal)?;
        *thread = Some((sender.clone(), handle));
        Ok(sender)
    }

    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((commands, handle)) = thread {
            drop(commands.send(Command::Stop));
            if handle.join().is_err() {
                tracing::error!("the thread that holds the leads ended in a panic");
            }
        }
    }
}

struct Holder {
    address: Address,
    client: Option<Client>,
    held: HashMap<String, Arc<AtomicBool>>,
}

impl Holder {
    fn serve(mut self, commands: &Receiver<Command>, back: &Sender<Command>) {
        loop {
            match commands.recv_timeout(CHECK) {
                Ok(Command::Try(name, reply)) => {
                    let outcome = self.try_lead(&name, back);
                    // Nobody waits any more: dropping the lead gives it back.
                    drop(reply.send(outcome));
                }
                Ok(Command::Release(name, is_held)) => self.release(&name, &is_held),
                Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => self.check(),
            }
        }
        self.lose_all();
    }

    fn try_lead(&mut self, name: &str, back: &Sender<Command>) -> Result<Option<Lead>> {
        if self.client.as_ref().is_some_and(Client::is_closed) {
            self.lose_all();
        }
        if self.held.contains_key(name) {
            return Ok(None);
        }
        let is_used = self.client.is_some();
        let mut outcome = self.lock(name);
        if is_used && outcome.is_err() {
            // The connection had died unnoticed; a fresh one may do.
            outcome = self.lock(name);
        }
        let is_ours = outcome?;
        if !is_ours {
            return Ok(None);
        }
        let is_held = Arc::new(AtomicBool::new(true));
        self.held.insert(name.to_owned(), is_held.clone());
        let (back, name, flag) = (back.clone(), name.to_owned(), is_held.clone());
        Ok(Some(Lead::new(is_held, move || drop(back.send(Command::Release(name, flag))))))
    }

    /// Takes the server's lock, unless another session has it. A failure costs the connection and its leads.
    fn lock(&mut self, name: &str) -> Result<bool> {
        let client = match &mut self.client {
            Some(client) => client,
            empty => empty.insert(self.address.connect(Role::Leader)?),
        };
        let outcome = client.query_one("SELECT pg_try_advisory_lock($1)", &[&key(name)]);
        outcome.and_then(|row| row.try_get(0)).map_err(|error| {
            self.lose_all();
            unavailable(error)
        })
    }

    fn release(&mut self, name: &str, is_held: &Arc<AtomicBool>) {
        // A lead that was lost and taken again by somebody else here is not this one.
        if !self.held.get(name).is_some_and(|held| Arc::ptr_eq(held, is_held)) {
            return;
        }
        self.held.remove(name);
        let Some(client) = &mut self.client else { return };
        if client.execute("SELECT pg_advisory_unlock($1)", &[&key(name)]).is_err() {
            self.lose_all();
        }
    }

    fn check(&mut self) {
        if self.client.as_mut().is_some_and(|client| client.simple_query("").is_err()) {
            tracing::warn!("the connection that holds the leads of this node is lost");
            self.lose_all();
        }
    }

    fn lose_all(&mut self) {
        for (_, is_held) in self.held.drain() {
            is_held.store(false, Ordering::Release);
        }
        self.client = None;
    }
}

/// The number the server knows the name by. Two names with one number would exclude each other; of 2^64
/// numbers that is no worry.
fn key(name: &str) -> i64 {
    let digest = Sha256::digest(format!("socle lead {name}"));
    digest.iter().take(8).fold(0_i64, |key, byte| key << 8 | i64::from(*byte))
}
