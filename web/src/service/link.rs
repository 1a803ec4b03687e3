//! The line to one engine: its worker, and the port that speaks `[envelope, bytes]`.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use transom_browser::JsFailure;
use transom_protocol::{Command, Event};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MessageChannel, MessageEvent, MessagePort, SharedWorker, Worker, WorkerOptions, WorkerType,
};
use yew::Callback;

use crate::service::spare;
use crate::state::connection::ConnectionId;

/// The engine's program. A SharedWorker is found by this address and its name, so it never
/// changes.
const ENGINE: &str = "/engine.js";

#[wasm_bindgen]
extern "C" {
    /// Options of a SharedWorker; web-sys does not know `extendedLifetime` yet.
    #[wasm_bindgen(extends = WorkerOptions, extends = js_sys::Object)]
    type SharedWorkerOptions;

    /// Lets the worker outlive its last page for a while (a reload, a closed tab).
    #[wasm_bindgen(method, setter, js_name = extendedLifetime)]
    fn set_extended_lifetime(this: &SharedWorkerOptions, on: bool);
}

/// What the worker was started as.
enum Host {
    Shared(SharedWorker),
    Dedicated(Worker),
}

/// The line to one engine. Dropping it tells the engine that this page goes away.
pub(crate) struct Link {
    port: MessagePort,
    host: Host,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    on_error: Closure<dyn FnMut(JsValue)>,
}

impl Link {
    /// Starts the engine called `id`, or finds it running.
    ///
    /// - `on_event`: hears everything that the engine says; bytes come as the browser delivers
    ///   them, without a copy.
    /// - `on_crash`: the worker's program could not start or ended by an error.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser has no workers that run modules.
    pub(crate) fn open(
        id: &ConnectionId,
        on_event: impl FnMut(Event, Option<Uint8Array>) + 'static,
        on_crash: impl Fn() + 'static,
    ) -> Result<Self, JsFailure> {
        let (host, port) = start(&format!("conn-{}", id.0))?;
        Ok(Self::over(host, port, plain(on_event), on_crash))
    }

    /// Starts an engine for this page alone, which ends with this value.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser has no workers that run modules.
    pub(crate) fn alone(
        on_event: impl FnMut(Event, Option<Uint8Array>) + 'static,
        on_crash: impl Fn() + 'static,
    ) -> Result<Self, JsFailure> {
        let (host, port) = dedicated("alone")?;
        Ok(Self::over(host, port, plain(on_event), on_crash))
    }

    /// Starts an engine for one piece of work, as [`Link::alone`] does; `None` where the browser has no
    /// workers that run modules.
    ///
    /// - `answer`: picks what `on_answer` hears among the events; that hears `None` when the worker's
    ///   program ends by an error.
    pub(crate) fn for_answers<T: 'static>(
        answer: impl Fn(Event) -> Option<T> + 'static,
        on_answer: Callback<Option<T>>,
    ) -> Option<Self> {
        let crashed = on_answer.clone();
        let hear = move |event, _bytes| {
            if let Some(answer) = answer(event) {
                on_answer.emit(Some(answer));
            }
        };
        Self::alone(hear, move || crashed.emit(None)).ok()
    }

    /// As [`Link::alone`], for events that come with an object of the browser; `undefined` where
    /// there is none.
    ///
    /// # Errors
    ///
    /// [`JsFailure`] when the browser has no workers that run modules.
    pub(crate) fn alone_with_objects(
        mut on_event: impl FnMut(Event, JsValue) + 'static,
        on_crash: impl Fn() + 'static,
    ) -> Result<Self, JsFailure> {
        let (host, port) = dedicated("alone")?;
        let on_event = move |event, parts: &Array| on_event(event, parts.get(2));
        Ok(Self::over(host, port, on_event, on_crash))
    }

    fn over(
        host: Host,
        port: MessagePort,
        mut on_event: impl FnMut(Event, &Array) + 'static,
        on_crash: impl Fn() + 'static,
    ) -> Self {
        let on_message = Closure::<dyn FnMut(_)>::new(move |message: MessageEvent| {
            let message = message.data();
            if let Some((event, parts)) = read(&message) {
                on_event(event, parts);
            }
        });
        let on_error = Closure::<dyn FnMut(_)>::new(move |_: JsValue| on_crash());
        let listener = on_error.as_ref().unchecked_ref();
        match &host {
            Host::Shared(worker) => worker.set_onerror(Some(listener)),
            Host::Dedicated(worker) => worker.set_onerror(Some(listener)),
        }
        // Setting the handler also starts the port.
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Self {
            port,
            host,
            _on_message: on_message,
            on_error,
        }
    }

    /// Sends a command with an object of the browser that goes with it, such as a `File`. A port
    /// changes hands.
    pub(crate) fn send_object(&self, command: &Command, object: &JsValue) {
        let Ok(envelope) = command.serialize(&Serializer::json_compatible()) else {
            debug_assert!(false, "commands are plain data");
            return;
        };
        let message = Array::of3(&envelope, &JsValue::UNDEFINED, object);
        let sent = if object.has_type::<MessagePort>() {
            let transfer = Array::of1(object);
            self.port
                .post_message_with_transferable(&message, &transfer)
        } else {
            self.port.post_message(&message)
        };
        debug_assert!(sent.is_ok(), "files, their handles and ports can be sent");
    }

    /// Sends a command with the bytes that belong to it.
    pub(crate) fn send(&self, command: &Command, bytes: Option<&[u8]>) {
        let Ok(envelope) = command.serialize(&Serializer::json_compatible()) else {
            debug_assert!(false, "commands are plain data");
            return;
        };
        let sent = match bytes {
            None => self.port.post_message(&Array::of1(&envelope)),
            Some(bytes) => {
                let bytes = Uint8Array::from(bytes);
                let transfer = Array::of1(&bytes.buffer());
                self.port
                    .post_message_with_transferable(&Array::of2(&envelope, &bytes), &transfer)
            }
        };
        debug_assert!(sent.is_ok(), "a port takes every plain message");
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.send(&Command::Detach, None);
        self.port.set_onmessage(None);
        self.port.close();
        match &self.host {
            Host::Shared(worker) => worker.set_onerror(None),
            Host::Dedicated(worker) => {
                worker.set_onerror(None);
                // It serves this page only; nothing else could ever reach it.
                worker.terminate();
            }
        }
        let _ = &self.on_error;
    }
}

/// Whether several pages can speak with one engine in this browser.
pub(crate) fn is_shared() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"SharedWorker".into()).unwrap_or(false)
}

/// Starts a worker, the best kind that this browser has: one that outlives a reload, one that
/// is shared, one of this page alone.
fn start(name: &str) -> Result<(Host, MessagePort), JsFailure> {
    if let Some(worker) = spare::take(name) {
        let port = worker.port();
        return Ok((Host::Shared(worker), port));
    }
    for extended in [true, false] {
        let options: SharedWorkerOptions = options(name).unchecked_into();
        if extended {
            options.set_extended_lifetime(true);
        }
        if let Ok(worker) = SharedWorker::new_with_worker_options(ENGINE, &options) {
            let port = worker.port();
            return Ok((Host::Shared(worker), port));
        }
    }
    dedicated(name)
}

/// Starts a worker that serves this page alone.
fn dedicated(name: &str) -> Result<(Host, MessagePort), JsFailure> {
    let worker = Worker::new_with_options(ENGINE, &options(name))?;
    let channel = MessageChannel::new()?;
    let transfer = Array::of1(&channel.port2());
    worker.post_message_with_transfer(&JsValue::from_str("connect"), &transfer)?;
    Ok((Host::Dedicated(worker), channel.port1()))
}

fn options(name: &str) -> WorkerOptions {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(name);
    options
}

/// Reads a message; `None` if it is not one of ours.
fn read(data: &JsValue) -> Option<(Event, &Array)> {
    let parts = data.dyn_ref::<Array>()?;
    let event = serde_wasm_bindgen::from_value(parts.get(0)).ok()?;
    Some((event, parts))
}

/// Passes the bytes of a message on.
fn plain(
    mut on_event: impl FnMut(Event, Option<Uint8Array>) + 'static,
) -> impl FnMut(Event, &Array) + 'static {
    move |event, parts: &Array| on_event(event, parts.get(1).dyn_into().ok())
}
