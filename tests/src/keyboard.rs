//! Real keys, as the browser gets them from a keyboard.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::browser::Browser;

/// A key with modifiers held.
#[derive(Clone, Debug)]
pub struct Chord {
    held: Vec<Key>,
    key: String,
}

impl Chord {
    /// `Ctrl` and a key.
    pub fn ctrl(key: impl Into<String>) -> Self {
        Self::new(vec![Key::Control], key)
    }

    /// `Alt` and a key.
    pub fn alt(key: impl Into<String>) -> Self {
        Self::new(vec![Key::Alt], key)
    }

    /// `Ctrl`, `Shift` and a key.
    pub fn ctrl_shift(key: impl Into<String>) -> Self {
        Self::new(vec![Key::Control, Key::Shift], key)
    }

    /// Any modifiers and a key.
    pub fn new(held: Vec<Key>, key: impl Into<String>) -> Self {
        Self {
            held,
            key: key.into(),
        }
    }
}

impl Browser {
    /// Types text into what has the focus, key by key.
    pub async fn type_text(&self, text: impl Into<String>) -> Result<()> {
        let text: String = text.into();
        self.driver()
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
            .send_keys(text)
            .perform()
            .await?;
        Ok(())
    }

    /// Types text and Enter.
    pub async fn enter(&self, line: &str) -> Result<()> {
        self.type_text(format!("{line}{}", char::from(Key::Enter)))
            .await
    }

    /// Presses a key of its own, such as a function key.
    pub async fn key(&self, key: Key) -> Result<()> {
        self.type_text(char::from(key)).await
    }

    /// Presses a key with modifiers.
    pub async fn chord(&self, chord: &Chord) -> Result<()> {
        let mut chain = self
            .driver()
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO));
        for held in &chord.held {
            chain = chain.key_down(char::from(held.clone()));
        }
        chain = chain.send_keys(chord.key.as_str());
        for held in chord.held.iter().rev() {
            chain = chain.key_up(char::from(held.clone()));
        }
        chain.perform().await?;
        Ok(())
    }

    /// Sends a key event with exactly these properties, for keys that WebDriver has no word for:
    /// dead keys, and characters that a layout puts behind AltGr.
    ///
    /// - `fields`: parameters of DevTools' `Input.dispatchKeyEvent`, without `type`.
    pub async fn raw_key(&self, fields: Value) -> Result<()> {
        for kind in ["keyDown", "keyUp"] {
            let mut event = fields.clone();
            if let Some(event) = event.as_object_mut() {
                event.insert("type".into(), kind.into());
                if kind == "keyUp" {
                    event.remove("text");
                }
            }
            self.on_page("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Shows `text` as what an input method is composing.
    pub async fn compose(&self, text: &str) -> Result<()> {
        let end = text.encode_utf16().count();
        let params = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.on_page("Input.imeSetComposition", params).await
    }

    /// Commits `text`, as an input method does at the end.
    pub async fn commit(&self, text: &str) -> Result<()> {
        self.on_page("Input.insertText", json!({ "text": text }))
            .await
    }

    async fn on_page(&self, method: &str, params: Value) -> Result<()> {
        let session = self.page_session().await?;
        self.devtools().call(Some(&session), method, params).await?;
        Ok(())
    }
}
