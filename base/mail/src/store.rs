//! The SQL of the queue.

use socle_db::{Conn, Row, Tx};
use socle_kernel::{Id, Result, Timestamp};

/// A mail that waits to be sent.
#[derive(Debug, Clone, Row)]
pub(crate) struct Message {
    pub(crate) id: Id<Message>,
    pub(crate) template: String,
    pub(crate) sealed: String,
    pub(crate) created_at: Timestamp,
    pub(crate) due_at: Timestamp,
    pub(crate) attempts: i64,
}

pub(crate) fn insert(tx: &mut Tx, message: &Message) -> Result<()> {
    tx.insert("mail_message", message)
}

/// The first that wait, oldest first.
pub(crate) fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<Message>> {
    conn.all("SELECT * FROM mail_message ORDER BY created_at, id LIMIT ?1", &[&limit])
}
