//! A `WebSocket` as a sequence of messages, with the back-pressure that the API leaves out.

mod high_water;

use core::cell::Cell;
use core::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::JsFailure;
use crate::time::{monotonic, sleep};
use high_water::HighWater;

/// How often a congested socket is looked at: the API has no event for it. Browsers make it 4 ms
/// once timers follow timers.
const CONGESTED_POLL: Duration = Duration::from_millis(2);

/// An open `WebSocket`. Dropping it closes it and removes its listeners.
///
/// Incoming messages queue here without a bound of their own, because a page cannot pause a
/// `WebSocket`: the bound is the window granted to the relay.
#[derive(Debug)]
pub struct Socket {
    ws: WebSocket,
    events: UnboundedReceiver<SocketEvent>,
    high_water: Cell<HighWater>,
    _listeners: [Closure<dyn FnMut(JsValue)>; 4],
}

#[derive(Debug)]
enum SocketEvent {
    Open,
    Message(Bytes),
    Text,
    Error,
    Closed(SocketClosed),
}

/// Why a socket is closed or did not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketClosed {
    /// Close code, [RFC 6455 §7.4]; 1006 where there was no closing handshake.
    ///
    /// [RFC 6455 §7.4]: https://www.rfc-editor.org/rfc/rfc6455#section-7.4
    pub code: u16,
    /// The other end's words. Untrusted.
    pub reason: String,
}

impl SocketClosed {
    /// No closing handshake took place ([RFC 6455 §7.1.5]).
    ///
    /// [RFC 6455 §7.1.5]: https://www.rfc-editor.org/rfc/rfc6455#section-7.1.5
    fn abnormal() -> Self {
        Self {
            code: 1006,
            reason: String::new(),
        }
    }
}

impl Socket {
    /// Opens a socket to `url`, offering `subprotocol` when it is not empty.
    ///
    /// # Errors
    ///
    /// [`SocketClosed`] when the address is not one, nobody answers, or the answer is no.
    ///
    /// # Cancel safety
    ///
    /// A dropped call closes the socket.
    pub async fn open(url: &str, subprotocol: &str) -> Result<Self, SocketClosed> {
        let mut socket =
            Self::start(url, subprotocol).map_err(|failure: JsFailure| SocketClosed {
                code: 1006,
                reason: failure.message,
            })?;
        loop {
            match socket.events.next().await {
                Some(SocketEvent::Open) => return Ok(socket),
                Some(SocketEvent::Closed(closed)) => return Err(closed),
                Some(_) => {}
                None => return Err(SocketClosed::abnormal()),
            }
        }
    }

    fn start(url: &str, subprotocol: &str) -> Result<Self, JsFailure> {
        let ws = if subprotocol.is_empty() {
            WebSocket::new(url)?
        } else {
            let offered = Array::of1(&JsValue::from_str(subprotocol));
            WebSocket::new_with_str_sequence(url, &offered)?
        };
        ws.set_binary_type(BinaryType::Arraybuffer);
        let (sender, events) = unbounded();
        let listeners = [
            listener(&sender, |_| SocketEvent::Open),
            listener(&sender, message),
            listener(&sender, |_| SocketEvent::Error),
            listener(&sender, |event| SocketEvent::Closed(closed(event))),
        ];
        let [open, message, error, close] = &listeners;
        ws.set_onopen(Some(open.as_ref().unchecked_ref()));
        ws.set_onmessage(Some(message.as_ref().unchecked_ref()));
        ws.set_onerror(Some(error.as_ref().unchecked_ref()));
        ws.set_onclose(Some(close.as_ref().unchecked_ref()));
        Ok(Self {
            ws,
            events,
            high_water: Cell::default(),
            _listeners: listeners,
        })
    }

    /// Waits for the next binary message. Text is not ours and counts as a close.
    ///
    /// # Errors
    ///
    /// [`SocketClosed`] once the socket is closed and every message was taken.
    ///
    /// # Cancel safety
    ///
    /// No message is lost.
    pub async fn next(&mut self) -> Result<Bytes, SocketClosed> {
        loop {
            match self.events.next().await {
                Some(SocketEvent::Message(bytes)) => return Ok(bytes),
                Some(SocketEvent::Closed(closed)) => return Err(closed),
                Some(SocketEvent::Text) => {
                    return Err(SocketClosed {
                        // 1003: cannot accept this type of data, RFC 6455 §7.4.1.
                        code: 1003,
                        reason: String::new(),
                    });
                }
                Some(SocketEvent::Open | SocketEvent::Error) => {}
                None => return Err(SocketClosed::abnormal()),
            }
        }
    }

    /// Sends one binary message. Sending into a closed socket does nothing: the close itself
    /// is told by [`Socket::next`].
    pub fn send(&self, message: &[u8]) {
        // The only exception here is "still connecting", which `open` rules out.
        let _ = self.ws.send_with_u8_array(message);
    }

    /// Whether the browser holds so much unsent that nothing should be added.
    pub fn is_congested(&self) -> bool {
        let waiting_bytes = self.ws.buffered_amount();
        let mut high_water = self.high_water.get();
        let congested = high_water.look(waiting_bytes, monotonic);
        self.high_water.set(high_water);
        congested
    }

    /// Bytes that the browser holds for the network.
    pub fn waiting_bytes(&self) -> u32 {
        self.ws.buffered_amount()
    }

    /// Waits a moment for a sender that found the socket congested; for ever otherwise.
    pub async fn room(congested: bool) {
        if congested {
            sleep(CONGESTED_POLL).await;
        } else {
            futures::future::pending::<()>().await;
        }
    }

    /// Starts the closing handshake with code 1000.
    pub fn close(&self) {
        // Closing twice is allowed, and 1000 is always a valid code.
        let _ = self.ws.close_with_code(1000);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.ws.set_onopen(None);
        self.ws.set_onmessage(None);
        self.ws.set_onerror(None);
        self.ws.set_onclose(None);
        self.close();
    }
}

fn listener(
    sender: &UnboundedSender<SocketEvent>,
    read: impl Fn(JsValue) -> SocketEvent + 'static,
) -> Closure<dyn FnMut(JsValue)> {
    let sender = sender.clone();
    Closure::new(move |event| {
        // The receiver lives as long as the listeners; after it nobody wants the event.
        let _ = sender.unbounded_send(read(event));
    })
}

fn message(event: JsValue) -> SocketEvent {
    let data = event.unchecked_into::<MessageEvent>().data();
    match data.dyn_into::<ArrayBuffer>() {
        Ok(buffer) => SocketEvent::Message(Uint8Array::new(&buffer).to_vec().into()),
        Err(_) => SocketEvent::Text,
    }
}

fn closed(event: JsValue) -> SocketClosed {
    let event = event.unchecked_into::<CloseEvent>();
    SocketClosed {
        code: event.code(),
        reason: event.reason(),
    }
}
