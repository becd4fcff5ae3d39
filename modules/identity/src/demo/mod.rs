//! The people of the demonstration, and the passwords that everybody knows.

mod company;
mod load;
mod names;
pub(crate) mod store;

#[cfg(test)]
mod tests;

pub(crate) use company::is_demo_password;
pub(crate) use load::load;
