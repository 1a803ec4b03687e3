//! The connection for files: requests out, answers in, in any order.
//!
//! [`Shared`] is what all handles of a connection share; [`Driver`] moves the bytes. Nothing
//! here awaits while the state is locked.

mod asked;
mod begin;
mod driver;
mod handle;
mod shared;
mod window;

pub use driver::Driver;

pub(crate) use asked::{Answer, Asked, Bulk, Why};
pub(crate) use begin::begin;
pub(crate) use handle::RemoteHandle;
pub(crate) use shared::Shared;
