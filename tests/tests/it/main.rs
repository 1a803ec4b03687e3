//! End-to-end tests: each is a conversation with the page, in a world of its own.

mod a11y;
mod error;
mod escape;
mod fallback;
mod files;
mod files_screen;
mod files_view;
mod find;
mod flood;
mod harness;
mod hostile;
mod hosts;
mod keys;
mod login;
mod palette;
mod parts;
mod plain;
mod reload;
mod resume;
mod secrecy;
mod selection;
mod server;
mod trust;
mod typing;
mod typing_keys;
