//! The roof: the list of rooms, their wiring, and the command line. It sees everybody; nobody sees it.

pub mod cli;
pub mod configuration;
pub mod encrypted_file;
pub mod ground;
pub mod modules;
pub mod profiles;
mod terminal;
pub mod weak_secrets;
pub mod wiring;
