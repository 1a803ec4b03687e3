//! What the page knows: plain values and pure steps, no DOM and no JavaScript.

pub(crate) mod actions;
pub(crate) mod block;
pub(crate) mod cast;
pub(crate) mod choice;
pub(crate) mod connection;
pub(crate) mod failure_text;
pub(crate) mod file_view;
pub(crate) mod file_words;
pub(crate) mod files;
pub(crate) mod find;
pub(crate) mod hosts;
pub(crate) mod integration;
pub(crate) mod key_press;
pub(crate) mod osc;
pub(crate) mod paste;
pub(crate) mod quick;
pub(crate) mod recents;
pub(crate) mod recording;
pub(crate) mod scheme;
pub(crate) mod settings;
pub(crate) mod snippets;
pub(crate) mod steps;
pub(crate) mod tabs;
pub(crate) mod title;
pub(crate) mod words;
pub(crate) mod workspace;
