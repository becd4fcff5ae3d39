//! A believable company: what the demonstration loads, room by room.

use socle_kernel::{Random, Timestamp, UserId};

/// The demonstration under construction. Rooms are asked in the order of the list of modules; identity, which
/// comes first, brings the people.
pub struct Demo {
    /// The people so far.
    pub people: Vec<DemoPerson>,
    /// A repeatable randomness: the same company every time.
    pub random: Random,
    /// The day the demonstration is loaded.
    pub today: Timestamp,
    /// What was loaded, for the operator: (what, how many).
    pub loaded: Vec<(&'static str, usize)>,
}

/// Somebody of the demonstration.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// The account.
    pub id: UserId,
    /// The name shown.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// The department.
    pub department: Option<String>,
}
