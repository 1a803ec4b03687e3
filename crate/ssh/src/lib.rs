//! The SSH client: connect, trust, authenticate, channels. The only client crate that names russh.
