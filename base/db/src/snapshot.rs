//! A long read: all its statements see the same moment.

use socle_kernel::Result;

use crate::conn::Conn;
use crate::control::Control;
use crate::job::ReadJob;

/// Runs `job` in a transaction that reads one snapshot.
pub(crate) fn read(conn: &mut Conn, job: &mut dyn ReadJob) -> Result<()> {
    conn.control(Control::BeginSnapshot).map_err(|failure| failure.error)?;
    let outcome = job.run(conn);
    let end = conn.control(Control::Rollback).map_err(|failure| failure.error);
    outcome.and(end)
}
