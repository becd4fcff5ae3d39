//! Whose reads these are, so that with a replica everybody sees their own writes at once.

use std::future::Future;

use socle_kit::db::Db;
use socle_kit::kernel::UserId;

/// Runs `work` as this account's: by the same number under which the edge runs its requests.
pub async fn as_reader<F: Future>(user: UserId, work: F) -> F::Output {
    Db::as_reader(user.uuid().as_u64_pair().1, work).await
}
