//! What both ends rely on: addresses are read as people mean them, secrets are not printed, and
//! the envelopes keep their shape on the wire.

mod envelope;
mod files;
mod link;
mod secret;
mod target;
