//! End-to-end tests.

mod harness;
mod server;
