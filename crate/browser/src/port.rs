//! Message ports that carry `[envelope, bytes, object]`.

use bytes::Bytes;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

use crate::JsFailure;

/// One message: what it says, and the bytes that go with it.
#[derive(Debug)]
pub struct PortMessage<T> {
    /// What it says.
    pub envelope: T,
    /// The bytes that belong to it.
    pub bytes: Option<Bytes>,
    /// An object of the browser that goes with it, such as a `File`.
    pub object: Option<JsValue>,
}

/// The sending side of a port. Cloning it names the same port.
#[derive(Clone, Debug)]
pub struct Port(MessagePort);

impl Port {
    /// Wraps `port`.
    pub fn new(port: MessagePort) -> Self {
        Self(port)
    }

    /// Sends a message; the bytes are copied out of wasm memory once and then transferred.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the envelope cannot be expressed as a JavaScript value, or the browser
    /// refuses the message.
    pub fn send(&self, envelope: &impl Serialize, bytes: Option<&[u8]>) -> Result<(), JsFailure> {
        let envelope = envelope
            .serialize(&Serializer::json_compatible())
            .map_err(|error| JsFailure::from(JsValue::from(error)))?;
        match bytes {
            None => self.0.post_message(&Array::of1(&envelope))?,
            Some(bytes) => {
                let bytes = Uint8Array::from(bytes);
                let transfer = Array::of1(&bytes.buffer());
                self.0
                    .post_message_with_transferable(&Array::of2(&envelope, &bytes), &transfer)?;
            }
        }
        Ok(())
    }

    /// Sends a message with an object of the browser that goes with it; it is cloned.
    ///
    /// # Errors
    ///
    /// As [`Port::send`], and when the object cannot be cloned.
    pub fn send_object(
        &self,
        envelope: &impl Serialize,
        object: &JsValue,
    ) -> Result<(), JsFailure> {
        let envelope = envelope
            .serialize(&Serializer::json_compatible())
            .map_err(|error| JsFailure::from(JsValue::from(error)))?;
        let message = Array::of3(&envelope, &JsValue::UNDEFINED, object);
        Ok(self.0.post_message(&message)?)
    }

    /// Receives: calls `on_message` for each message and `on_close` when the other end is gone,
    /// in browsers that tell it. A message that is not one of ours is passed over.
    pub fn listen<T: DeserializeOwned>(
        &self,
        mut on_message: impl FnMut(PortMessage<T>) + 'static,
        mut on_close: impl FnMut() + 'static,
    ) -> PortListener {
        let message = Closure::new(move |event: JsValue| {
            if let Some(message) = read(&event.unchecked_into::<MessageEvent>().data()) {
                on_message(message);
            }
        });
        let close = Closure::new(move |_: JsValue| on_close());
        self.0.set_onmessage(Some(message.as_ref().unchecked_ref()));
        // web-sys has no `onclose` for ports yet; a browser without it never calls it.
        let added = self
            .0
            .add_event_listener_with_callback("close", close.as_ref().unchecked_ref());
        debug_assert!(added.is_ok());
        PortListener {
            port: self.0.clone(),
            _message: message,
            close,
        }
    }
}

fn read<T: DeserializeOwned>(data: &JsValue) -> Option<PortMessage<T>> {
    let parts = data.dyn_ref::<Array>()?;
    let envelope = serde_wasm_bindgen::from_value(parts.get(0)).ok()?;
    let bytes = parts
        .get(1)
        .dyn_ref::<Uint8Array>()
        .map(|bytes| bytes.to_vec().into());
    let object = Some(parts.get(2)).filter(JsValue::is_object);
    Some(PortMessage {
        envelope,
        bytes,
        object,
    })
}

/// Keeps a port's listeners alive. Dropping it removes them and closes the port.
#[derive(Debug)]
#[must_use = "dropping the listener closes the port"]
pub struct PortListener {
    port: MessagePort,
    _message: Closure<dyn FnMut(JsValue)>,
    close: Closure<dyn FnMut(JsValue)>,
}

impl Drop for PortListener {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        let removed = self
            .port
            .remove_event_listener_with_callback("close", self.close.as_ref().unchecked_ref());
        debug_assert!(removed.is_ok());
        self.port.close();
    }
}
