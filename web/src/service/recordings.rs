//! Kept recordings: what is known of each in the database, their text in the private storage of
//! this origin. JavaScript does the latter, fetched when it is first needed.

use js_sys::{Object, Promise};
use serde::{Deserialize, Serialize};
use transom_browser::JsFailure;
use transom_browser::vault::{DEFAULT_NAME, Store, Vault};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use crate::state::recording::Recording;

#[wasm_bindgen(module = "/lazy.js")]
extern "C" {
    /// The module of `web/recordings.js`.
    #[wasm_bindgen(catch)]
    async fn recordings() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The module.
    type Module;

    #[wasm_bindgen(method)]
    fn append(this: &Module, id: &str, part: u32, text: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn read(this: &Module, id: &str) -> Promise;

    #[wasm_bindgen(method, js_name = remove)]
    fn remove_files(this: &Module, id: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn transcript(this: &Module, cast: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn play(this: &Module, element: &Element, cast: &str, font: &str) -> Promise;

    /// The player.
    #[wasm_bindgen(extends = Object)]
    type JsPlayer;

    #[wasm_bindgen(method, js_name = seek)]
    fn seek_to(this: &JsPlayer, seconds: f64) -> Promise;

    #[wasm_bindgen(method)]
    fn dispose(this: &JsPlayer);
}

/// Fonts of the player, as the terminal has them.
const FONT: &str = "'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace";

/// What stood on the screen of a recording, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Transcript {
    /// Seconds from the beginning, and a line without its trailing blanks.
    pub(crate) lines: Vec<(f64, String)>,
    /// Seconds from the beginning, and a label.
    pub(crate) markers: Vec<(f64, String)>,
    /// The length of the recording.
    pub(crate) seconds: f64,
}

/// A player on the page; dropping it removes it.
pub(crate) struct Player(JsPlayer);

impl Player {
    /// Shows the recording as it was after so many seconds.
    pub(crate) fn seek(&self, seconds: f64) {
        // A recording that cannot be read says so itself.
        let _seeking = self.0.seek_to(seconds);
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.0.dispose();
    }
}

async fn module() -> Result<Module, JsFailure> {
    let module = recordings().await.map_err(JsFailure::from)?;
    Ok(module.unchecked_into())
}

/// What is known of every recording, the newest first.
///
/// # Errors
///
/// [`JsFailure`] when the browser keeps no data for this page.
pub(crate) async fn all() -> Result<Vec<Recording>, JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    let mut all: Vec<Recording> = vault.records(Store::Recordings).await?;
    all.sort_by(|one, other| other.started_ms.total_cmp(&one.started_ms));
    Ok(all)
}

/// Keeps what is known of a recording.
///
/// # Errors
///
/// [`JsFailure`] when it could not be kept.
pub(crate) async fn put(recording: &Recording) -> Result<(), JsFailure> {
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.put_record(Store::Recordings, recording).await
}

/// Adds to the text of a recording.
///
/// - `part`: counts from 0; parts are never written twice.
///
/// # Errors
///
/// [`JsFailure`] when the storage is full, or the browser has none.
pub(crate) async fn append(id: &str, part: u32, text: &str) -> Result<(), JsFailure> {
    JsFuture::from(module().await?.append(id, part, text)).await?;
    Ok(())
}

/// The text of a recording, as asciicast.
///
/// # Errors
///
/// [`JsFailure`] when it is not there.
pub(crate) async fn read(id: &str) -> Result<String, JsFailure> {
    let text = JsFuture::from(module().await?.read(id)).await?;
    Ok(text.as_string().unwrap_or_default())
}

/// Removes a recording for good.
///
/// # Errors
///
/// [`JsFailure`] when what is known of it could not be removed.
pub(crate) async fn remove(id: &str) -> Result<(), JsFailure> {
    // Its text may be gone already, with what a person cleared.
    let _ = JsFuture::from(module().await?.remove_files(id)).await;
    let vault = Vault::open(DEFAULT_NAME).await?;
    vault.remove_record(Store::Recordings, id).await
}

/// What stood on the screen of a recording.
///
/// # Errors
///
/// [`JsFailure`] where the text is no recording.
pub(crate) async fn transcript(cast: &str) -> Result<Transcript, JsFailure> {
    let text = JsFuture::from(module().await?.transcript(cast)).await?;
    let text = text.as_string().unwrap_or_default();
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

/// Shows a recording in `element`.
///
/// # Errors
///
/// [`JsFailure`] when the player could not be fetched.
pub(crate) async fn play(element: &Element, cast: &str) -> Result<Player, JsFailure> {
    let player = JsFuture::from(module().await?.play(element, cast, FONT)).await?;
    Ok(Player(player.unchecked_into()))
}
