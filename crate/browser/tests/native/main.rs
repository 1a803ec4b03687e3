//! What needs no browser.
#![cfg(not(target_arch = "wasm32"))]

mod pipe;
