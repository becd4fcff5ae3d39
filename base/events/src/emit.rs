//! Writing a letter in the transaction of the change it tells of.

use socle_db::Tx;
use socle_kernel::{Actor, Clock, Error, Ids, Result};

use crate::letter::Letter;
use crate::recorded::Unnumbered;
use crate::store;

/// Where the identifier and the time of a letter come from; attached to the database by `Events::new`.
pub(crate) struct Stamps {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
}

/// Writes letters into the outbox.
pub trait Emit {
    /// Writes `letter`, an act of `actor`, in this transaction: it is delivered when the transaction commits
    /// and leaves no trace when it does not.
    fn emit<L: Letter>(&mut self, actor: &Actor, letter: L) -> Result<()>;
}

impl Emit for Tx<'_> {
    fn emit<L: Letter>(&mut self, actor: &Actor, letter: L) -> Result<()> {
        let stamps = self.attachment::<Stamps>().ok_or_else(|| {
            Error::internal("a letter was written on a database for which Events::new was not called")
        })?;
        let event = Unnumbered::new(stamps.ids.next(), stamps.clock.now(), actor, &letter)?;
        store::insert(self, &event)?;
        self.wake();
        Ok(())
    }
}
