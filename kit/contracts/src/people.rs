//! The question "who are these people?": implemented by identity, asked by the other rooms.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use socle_kernel::{Result, UserId};

/// A future whose type is hidden: what a port can be asked for.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The most people one answer holds.
pub const PEOPLE_MAX: i64 = 50_000;

/// An active account, as others may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The name shown.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// The department, where there is one.
    pub department: Option<String>,
}

/// Some of the active accounts: everybody when all lists are empty, else those that are in one of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Names of roles.
    pub roles: Vec<String>,
    /// Names of departments.
    pub departments: Vec<String>,
}

/// Who are these people?
pub trait People: Send + Sync {
    /// The names shown of these accounts; unknown ones are left out.
    fn names<'a>(&'a self, ids: &'a [UserId]) -> BoxFuture<'a, Result<HashMap<UserId, String>>>;

    /// The active accounts of a group, by name, at most [`PEOPLE_MAX`].
    fn members<'a>(&'a self, group: &'a Group) -> BoxFuture<'a, Result<Vec<Person>>>;
}
