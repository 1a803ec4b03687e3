//! The pages of the rail.

pub(crate) mod home;
pub(crate) mod hosts;
pub(crate) mod keys;
pub(crate) mod known_hosts;
pub(crate) mod recordings;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod window;
