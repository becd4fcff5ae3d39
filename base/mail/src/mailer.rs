//! Putting mail into the queue.

use socle_crypto::Sealer;
use socle_db::{Conn, Tx};
use socle_kernel::{Clock, Error, Ids, Result};

use crate::mail::Mail;
use crate::store::{self, Message};

/// The post office: what is handed in within a transaction is sent when it commits. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    clock: Clock,
    ids: Ids,
    sealer: Sealer,
}

impl Mailer {
    /// With these handles.
    pub fn new(clock: Clock, ids: Ids, sealer: Sealer) -> Self {
        Self { clock, ids, sealer }
    }

    /// Hands a mail in, in the transaction of what it tells of.
    pub fn send(&self, tx: &mut Tx, mail: &Mail) -> Result<()> {
        let (id, now) = (self.ids.next(), self.clock.now());
        let text = serde_json::to_vec(mail).map_err(Error::internal)?;
        let sealed = self.sealer.seal(&context(&id), &text)?;
        let template = mail.template.clone();
        store::insert(tx, &Message { id, template, sealed, created_at: now, due_at: now, attempts: 0 })
    }

    /// The first mails that wait, at most `limit`, oldest first: for tests, and for an operator who asks.
    pub fn waiting(&self, conn: &mut Conn, limit: i64) -> Result<Vec<Mail>> {
        store::waiting(conn, limit)?.iter().map(|message| self.read(message)).collect()
    }

    pub(crate) fn read(&self, message: &Message) -> Result<Mail> {
        let text = self.sealer.open(&context(&message.id), &message.sealed)?;
        serde_json::from_slice(text.expose()).map_err(Error::internal)
    }
}

fn context(id: &socle_kernel::Id<Message>) -> String {
    format!("mail_message.sealed:{id}")
}
