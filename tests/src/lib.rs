//! Harness of the end-to-end tests: real sshd, real relay, real browser.
//!
//! A test is a [`scenario`]: it gets a [`World`] on free loopback ports, talks to the page by
//! the roles and accessible names that a person's screen reader would say, and leaves a
//! screenshot and every log in `tests/artifacts/<test>/` when it fails. At its end each
//! scenario also checks that the page logged no error, broke no Content-Security-Policy and
//! asked no other origin for anything.
//!
//! What the browser is told to do goes through WebDriver, so that another browser can join;
//! what only Chromium can tell (worker memory, console, requests, network loss) goes through
//! its DevTools, in [`devtools`].
#![expect(
    clippy::missing_errors_doc,
    reason = "every error of the harness ends the test that meets it"
)]

mod artifact;
mod browser;
mod control;
mod conversation;
pub mod devtools;
mod keyboard;
mod memory;
mod picture;
mod process;
mod relay;
mod scenario;
pub mod server;
mod tap;
mod terminal;
mod touch;
mod wait;
mod world;

pub use artifact::Artifacts;
pub use browser::{Browser, BrowserOptions};
pub use control::Role;
pub use conversation::TOLD_WITHIN;
pub use keyboard::Chord;
pub use memory::{Memory, memory_holds};
pub use picture::Picture;
pub use process::{Process, free_port};
pub use relay::{RelayOptions, RelayProcess};
pub use scenario::{Need, scenario};
pub use server::{Login, Server, ServerOptions};
pub use tap::{Echo, SCRIPT, Tap};
pub use wait::{PATIENCE, until, until_some};
pub use world::{World, WorldOptions};
