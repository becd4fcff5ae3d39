//! The people of the demonstration, and the passwords that everybody knows.

mod company;
mod load;
mod names;
pub mod store;

#[cfg(test)]
mod tests;

pub use company::is_demo_password;
pub use load::load;
