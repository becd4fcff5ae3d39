//! What this node has changed about who may do what: whoever remembers an answer compares before using it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use socle_kit::db::Db;
use socle_kit::kernel::Result;

/// How many changes this process has made. The services and the authenticator are made at different doors: what
/// they share is the database, and so the counter is kept with it.
#[derive(Clone, Default)]
pub struct Changes(Arc<AtomicU64>);

impl Changes {
    /// The counter of this database, begun by whoever asks first. Blocks for a moment: to be called at start.
    pub fn of(db: &Db) -> Result<Self> {
        if let Some(begun) = db.read_blocking(|conn| Ok(conn.attachment::<Self>()))? {
            return Ok((*begun).clone());
        }
        let begun = Self::default();
        db.attach(begun.clone());
        Ok(begun)
    }

    /// A session, an account, a role or a grant has changed, and the change is committed.
    pub fn note(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }

    /// How many changes there were; to be read before the database is.
    pub fn seen(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}
