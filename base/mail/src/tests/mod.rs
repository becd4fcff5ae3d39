//! Tests of the queue on both engines, of the words, and of real conversations with a mail server.

mod conversations;
mod faces;
mod patience;
mod queue;
mod sink;
mod world;
