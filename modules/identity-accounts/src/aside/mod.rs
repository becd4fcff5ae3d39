//! What is done aside, once its answer has left: the mails that people ask for without saying who they are.

pub(crate) mod service;
