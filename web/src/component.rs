//! Parts of pages. They hold view whims only; facts live in `state`, live things in `service`.

pub(crate) mod copy_button;
pub(crate) mod cover;
pub(crate) mod dialog;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod held;
pub(crate) mod host_key;
pub(crate) mod icon;
pub(crate) mod key_card;
pub(crate) mod key_file;
pub(crate) mod key_maker;
pub(crate) mod log_in;
pub(crate) mod palette;
pub(crate) mod paste_guard;
pub(crate) mod phase_rail;
pub(crate) mod prompt_form;
pub(crate) mod question;
pub(crate) mod rail;
pub(crate) mod search_bar;
pub(crate) mod status_line;
pub(crate) mod tab_strip;
pub(crate) mod terminal_notice;
pub(crate) mod terminal_pane;
pub(crate) mod trust_strip;
