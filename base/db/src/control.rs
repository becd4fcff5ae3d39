//! The statements that open, end and leave transactions: the room's own, forbidden in the texts of stores.

/// One such statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// Opens a transaction that will write.
    Begin,
    /// Opens a transaction that reads one snapshot.
    BeginSnapshot,
    Commit,
    Rollback,
    /// Marks a place to come back to.
    Mark,
    /// Forgets the last mark, keeping what was done since.
    Keep,
    /// Undoes what was done since the last mark, and forgets it.
    Undo,
    /// Goes back to the last mark, before `Keep`.
    BackToMark,
}
