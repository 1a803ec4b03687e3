//! The page: it asks and shows. It speaks no SSH, holds no key and opens no connection; the
//! engine in its worker does all of that, behind `transom-protocol`.
//!
//! - `state`: what is known, as values with pure steps. Compiles and is tested natively.
//! - `service`: live things: the engine's ports, the browser's storage.
//! - `xterm`: xterm.js, the only module that names it.
//! - `hook`, `component`, `page`: what is drawn.

mod app;
mod component;
mod hook;
mod page;
mod route;
mod service;
mod state;
mod xterm;

/// Draws the page into the document's body.
pub fn start() {
    service::words::prepare(|| {
        yew::Renderer::<app::App>::new().render();
    });
}
