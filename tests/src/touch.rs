//! A phone: its screen, and fingers on it.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::WebElement;

use crate::browser::Browser;

impl Browser {
    /// Makes the front window a phone's, of this width and height in CSS pixels: touch, no mouse.
    pub async fn become_phone(&self, width: u32, height: u32) -> Result<()> {
        self.emulate(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true }),
        )
        .await?;
        self.emulate(
            "Emulation.setTouchEmulationEnabled",
            json!({ "enabled": true, "maxTouchPoints": 5 }),
        )
        .await?;
        let media = json!({ "features": [
            { "name": "pointer", "value": "coarse" }, { "name": "hover", "value": "none" },
        ]});
        self.emulate("Emulation.setEmulatedMedia", media).await
    }

    /// Taps the middle of an element with a finger.
    pub async fn touch(&self, element: &WebElement) -> Result<()> {
        let at = self.middle(element).await?;
        self.finger("touchStart", Some(at)).await?;
        self.finger("touchEnd", None).await
    }

    /// Puts a finger down, moves it or lifts it (`None`), as DevTools' `Input.dispatchTouchEvent`
    /// calls it.
    pub async fn finger(&self, kind: &str, at: Option<(f64, f64)>) -> Result<()> {
        let points: Vec<Value> = at.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect();
        self.emulate(
            "Input.dispatchTouchEvent",
            json!({ "type": kind, "touchPoints": points }),
        )
        .await
    }

    /// The middle of an element, in CSS pixels of the window; it is brought into sight first.
    pub async fn middle(&self, element: &WebElement) -> Result<(f64, f64)> {
        let find = "arguments[0].scrollIntoView({ block: 'nearest', inline: 'nearest' });
            const box = arguments[0].getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];";
        let place = self.script(find, vec![element.to_json()?]).await?;
        let number = |at: usize| place.get(at).and_then(Value::as_f64).unwrap_or_default();
        Ok((number(0), number(1)))
    }

    /// Types on a keyboard on the screen: it has no keys, it composes each letter.
    pub async fn type_on_screen(&self, text: &str) -> Result<()> {
        for letter in text.chars().map(String::from) {
            self.compose(&letter).await?;
            self.commit(&letter).await?;
            // xterm.js reads its field in a timer, and no finger is as fast as this.
            let read = "return new Promise((done) => setTimeout(() => done(1)))";
            self.script(read, vec![]).await?;
        }
        Ok(())
    }

    async fn emulate(&self, method: &str, params: Value) -> Result<()> {
        let session = self.page_session().await?;
        self.devtools().call(Some(&session), method, params).await?;
        Ok(())
    }
}
