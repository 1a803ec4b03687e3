//! The worker program: one SSH connection, served to any number of pages.
//!
//! It joins the browser's parts (`transom-browser`) and the SSH client (`transom-ssh`) behind the
//! engine protocol (`transom-protocol`). It has no DOM and draws nothing; whatever it cannot
//! decide alone it asks. `engine.js` beside this crate starts it.

mod agent;
mod engine;
mod files;
mod keys;
mod known_hosts;
mod link;
mod login;
mod page;
mod question;
mod session;
mod shell;
mod stored_key;
mod tried;
mod trust;
mod way;
mod words;

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessagePort;

/// The engine as the script of its worker sees it.
#[wasm_bindgen(js_name = Engine)]
#[derive(Debug)]
pub struct Worker(std::rc::Rc<engine::Engine>);

#[wasm_bindgen(js_class = Engine)]
impl Worker {
    /// Starts an engine. `name` is the worker's name, `conn-<id>`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> Self {
        let id = name.strip_prefix("conn-").unwrap_or(name);
        Self(engine::Engine::new(id.to_owned()))
    }

    /// Serves a page over `port` until the page goes away.
    pub fn attach(&self, port: MessagePort) {
        engine::Engine::attach(&self.0, port);
    }
}
