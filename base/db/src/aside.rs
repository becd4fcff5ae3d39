//! Work on a thread of its own: PostgreSQL's client cannot be used on a thread of the runtime.

use std::thread;

use socle_kernel::Result;

use crate::failure::panicked;

/// Does `work` on a new thread and waits for it.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| scope.spawn(work).join().unwrap_or_else(|payload| Err(panicked(&*payload))))
}
