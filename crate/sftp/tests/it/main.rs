//! The client against real servers and doubles, and the codec's properties.

#![expect(
    clippy::unwrap_used,
    reason = "helpers fail as the tests that they help"
)]

#[cfg(not(target_arch = "wasm32"))]
mod checksum;
#[cfg(not(target_arch = "wasm32"))]
mod copy;
#[cfg(not(target_arch = "wasm32"))]
mod download;
#[cfg(not(target_arch = "wasm32"))]
mod folder;
#[cfg(not(target_arch = "wasm32"))]
mod folder_check;
#[cfg(not(target_arch = "wasm32"))]
mod folder_upload;
#[cfg(not(target_arch = "wasm32"))]
mod hostile;
#[cfg(not(target_arch = "wasm32"))]
mod hostile_folder;
#[cfg(not(target_arch = "wasm32"))]
mod in_place;
#[cfg(not(target_arch = "wasm32"))]
mod lanes;
#[cfg(not(target_arch = "wasm32"))]
mod liar;
#[cfg(not(target_arch = "wasm32"))]
mod library;
#[cfg(not(target_arch = "wasm32"))]
mod local;
#[cfg(not(target_arch = "wasm32"))]
mod openssh;
#[cfg(not(target_arch = "wasm32"))]
mod resume;
#[cfg(not(target_arch = "wasm32"))]
mod scripted;
#[cfg(not(target_arch = "wasm32"))]
mod support;
#[cfg(not(target_arch = "wasm32"))]
mod tree;
#[cfg(not(target_arch = "wasm32"))]
mod upload;

mod codec;
mod glob;
