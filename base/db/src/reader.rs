//! Whose reads these are.

use std::future::Future;

tokio::task_local! {
    static READER: u64;
}

/// Does `work` in the name of this reader.
pub(crate) async fn scope<F: Future>(reader: u64, work: F) -> F::Output {
    READER.scope(reader, work).await
}

/// In whose name the current task works, if anybody's.
pub(crate) fn current() -> Option<u64> {
    READER.try_with(|reader| *reader).ok()
}
