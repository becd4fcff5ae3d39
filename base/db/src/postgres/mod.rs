//! The server engine: bounded pools of threads, each with a connection of its own.

pub(crate) mod address;
pub(crate) mod certificates;
pub(crate) mod engine;
pub(crate) mod failure;
pub(crate) mod leads;
pub(crate) mod position;
pub(crate) mod replica;
pub(crate) mod session;
pub(crate) mod value;
pub(crate) mod worker;
