//! Putting mail into the queue.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use socle_crypto::Sealer;
use socle_db::{Conn, Tx};
use socle_kernel::{Clock, Error, Id, Ids, Result};

use crate::mail::Mail;
use crate::store::{self, Message};

/// A commit that comes this long after the last mail was handed in is of another transaction.
const COMMITS_WITHIN: Duration = Duration::from_secs(10);

/// The post office: what is handed in within a transaction is sent when it commits. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    clock: Clock,
    ids: Ids,
    sealer: Sealer,
    /// When a mail was last handed in on this node: what tells a commit that may hold one from all others.
    handed_in: Arc<Mutex<Option<Instant>>>,
}

impl Mailer {
    /// With these handles.
    pub fn new(clock: Clock, ids: Ids, sealer: Sealer) -> Self {
        Self { clock, ids, sealer, handed_in: Arc::default() }
    }

    /// Hands a mail in, in the transaction of what it tells of.
    pub fn send(&self, tx: &mut Tx, mail: &Mail) -> Result<()> {
        let (id, now) = (self.ids.next(), self.clock.now());
        let text = serde_json::to_vec(mail).map_err(Error::internal)?;
        let sealed = self.sealer.seal(&context(&id), &text)?;
        let template = mail.template.clone();
        store::insert(tx, &Message::new(id, template, sealed, now))?;
        *self.handed_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        tx.wake();
        Ok(())
    }

    /// Hands a mail in unless one was handed in under this key before: for listeners, which are told things more
    /// than once. Was it the first? Keys are remembered for thirty days.
    pub fn send_once(&self, tx: &mut Tx, key: &str, mail: &Mail) -> Result<bool> {
        let is_first = store::note_once(tx, key, self.clock.now())?;
        if is_first {
            self.send(tx, mail)?;
        }
        Ok(is_first)
    }

    /// The first mails that wait, at most `limit`, oldest first: for tests, and for an operator who asks.
    pub fn waiting(&self, conn: &mut Conn, limit: i64) -> Result<Vec<Mail>> {
        store::waiting(conn, limit)?.iter().map(|message| self.read(message)).collect()
    }

    pub(crate) fn read(&self, message: &Message) -> Result<Mail> {
        let text = self.sealer.open(&context(&message.id), &message.sealed)?;
        serde_json::from_slice(text.expose()).map_err(Error::internal)
    }

    /// May a commit of this moment hold a mail of this node?
    pub(crate) fn may_have_committed(&self) -> bool {
        let handed_in = self.handed_in.lock().unwrap_or_else(PoisonError::into_inner);
        handed_in.is_some_and(|at| at.elapsed() < COMMITS_WITHIN)
    }
}

fn context(id: &Id<Message>) -> String {
    format!("mail_message.sealed:{id}")
}
