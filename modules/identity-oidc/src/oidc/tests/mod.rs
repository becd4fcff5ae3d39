//! Signing in with accounts of elsewhere: with a real provider, and with one that lies.

mod app;
mod hostile;
mod journey;
mod lying;
mod real;
mod tickets;
mod whose;
