//! The relay as its clients see it: a real WebSocket client, real TCP servers on loopback.

mod admission;
mod bin;
mod flow;
mod plain;
mod policy;
mod session;
mod site;
mod stop;
mod support;
