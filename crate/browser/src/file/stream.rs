//! A download that the browser takes piece by piece: a stream that the service worker answers with
//! (`web/service-worker.js`), so that it goes to the disk once and as it arrives.
//!
//! The other end of the port is the page at first, and then the service worker. We say
//! `{begin: {name, size}}`, pieces as `Uint8Array`, `"end"`, `"abort"` and `"alive"`; they say
//! `"none"` where there is no such way, `"more"` for each piece that may come, `"cancelled"`,
//! `"gone"` where something that it needs is gone, `"ended"`, and `"alive"` for ours.

use core::cell::RefCell;
use core::task::{Poll, Waker};
use core::time::Duration;
use std::rc::Rc;

use futures::future::{Either, poll_fn, select};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

use super::float;
use crate::{TaskGuard, sleep, spawn};

/// How long the browser may take to ask for the first piece. It need not ask a person before that.
const OPEN_WITHIN: Duration = Duration::from_secs(20);

/// How often both ends say that they are there. The page answers to it too, which keeps the
/// service worker: some browsers end one after 30 s without a message.
const BEAT: Duration = Duration::from_secs(5);

/// Beats without a word after which the other end is taken to be gone: before those 30 s are over.
/// They are counted, not timed: a machine that wakes up finds both ends as late as each other.
const SILENT_BEATS: u32 = 3;

/// Why a stream did not reach the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamProblem {
    /// This browser, or this page now, has no such way. Nothing was handed over.
    #[error("there is no service worker that takes a download")]
    Unavailable,
    /// A person cancelled it in the browser, or the browser gave it up.
    #[error(
        "the browser stopped this download: it was cancelled in its list of downloads, or there is no room left"
    )]
    Stopped,
    /// The service worker has ended, or the page that began the download.
    #[error("the part of the browser that hands downloads over, or the page, has ended")]
    Gone,
    /// It is shorter or longer than was announced.
    #[error("the file changed on the server while it was read")]
    Changed,
}

/// A download on its way. Dropping it before [`LocalStream::finish`] makes it fail in the browser,
/// which then keeps nothing of it under its name.
#[derive(Debug)]
pub struct LocalStream {
    port: MessagePort,
    told: Rc<RefCell<Told>>,
    /// Bytes that were announced.
    size: Option<u64>,
    sent: u64,
    finished: bool,
    beat: Option<TaskGuard>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    close: Closure<dyn FnMut(JsValue)>,
}

/// What the other end said.
#[derive(Debug, Default)]
struct Told {
    /// A piece may be sent. The other end asks for one at a time.
    wanted: bool,
    ended: bool,
    problem: Option<StreamProblem>,
    /// Beats since its last word.
    silent: u32,
    waker: Option<Waker>,
}

impl Told {
    fn hear(&mut self, word: &str) {
        self.silent = 0;
        match word {
            "more" => self.wanted = true,
            "ended" => self.ended = true,
            "none" => self.fail(StreamProblem::Unavailable),
            "cancelled" => self.fail(StreamProblem::Stopped),
            "gone" => self.fail(StreamProblem::Gone),
            _ => {}
        }
        self.wake();
    }

    /// The first problem is the cause of later ones. After the end, a port that closes is none.
    fn fail(&mut self, problem: StreamProblem) {
        if !self.ended {
            self.problem.get_or_insert(problem);
        }
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl LocalStream {
    /// Takes a port that came with a message; `None` if it is none.
    pub fn from_object(object: &JsValue) -> Option<Self> {
        let port = object.dyn_ref::<MessagePort>()?.clone();
        let told = Rc::new(RefCell::new(Told::default()));
        let hearing = Rc::clone(&told);
        let message = Closure::new(move |event: MessageEvent| {
            if let Some(word) = event.data().as_string() {
                hearing.borrow_mut().hear(&word);
            }
        });
        let closing = Rc::clone(&told);
        let close = Closure::new(move |_: JsValue| {
            closing.borrow_mut().fail(StreamProblem::Gone);
        });
        port.set_onmessage(Some(message.as_ref().unchecked_ref()));
        // A browser that does not tell it is found out by its silence.
        let added = port.add_event_listener_with_callback("close", close.as_ref().unchecked_ref());
        debug_assert!(added.is_ok());
        Some(Self {
            port,
            told,
            size: None,
            sent: 0,
            finished: false,
            beat: None,
            _message: message,
            close,
        })
    }

    /// Begins the download.
    ///
    /// - `name`: what the file is to be called; safe on every system.
    /// - `size`: in bytes, where it is known.
    ///
    /// # Errors
    ///
    /// [`StreamProblem`]; mostly [`Unavailable`](StreamProblem::Unavailable), and the download is
    /// to go another way.
    ///
    /// # Cancel safety
    ///
    /// A dropped call may have begun it. Dropping the stream ends it.
    pub async fn open(&mut self, name: &str, size: Option<u64>) -> Result<(), StreamProblem> {
        self.size = size;
        let offer = Object::new();
        let bytes = size.map_or(JsValue::NULL, |size| float(size).into());
        let begin = Object::new();
        for (object, key, value) in [
            (&offer, "name", &JsValue::from_str(name)),
            (&offer, "size", &bytes),
            (&begin, "begin", offer.as_ref()),
        ] {
            let set = Reflect::set(object, &key.into(), value);
            debug_assert!(set.is_ok(), "a new object takes every property");
        }
        self.post(&begin)?;
        let wanted = Box::pin(self.until(|told| told.wanted));
        match select(wanted, Box::pin(sleep(OPEN_WITHIN))).await {
            Either::Left((wanted, _)) => wanted?,
            Either::Right(((), _)) => return Err(StreamProblem::Unavailable),
        }
        self.beat = Some(spawn(beat(self.port.clone(), Rc::clone(&self.told))));
        Ok(())
    }

    /// Bytes that were announced, where the size was known.
    pub fn announced(&self) -> Option<u64> {
        self.size
    }

    /// Bytes that were handed over.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Hands a piece over as soon as the browser wants one. It may hold one besides.
    ///
    /// # Errors
    ///
    /// [`StreamProblem`].
    ///
    /// # Cancel safety
    ///
    /// A dropped call has handed over nothing.
    pub async fn write(&mut self, data: &[u8]) -> Result<(), StreamProblem> {
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        let sent = self.sent.saturating_add(length);
        if self.size.is_some_and(|size| sent > size) {
            return Err(StreamProblem::Changed);
        }
        self.until(|told| told.wanted).await?;
        self.told.borrow_mut().wanted = false;
        let bytes = Uint8Array::from(data);
        let transfer = Array::of1(&bytes.buffer());
        let posted = self.port.post_message_with_transferable(&bytes, &transfer);
        posted.map_err(|_| StreamProblem::Gone)?;
        self.sent = sent;
        Ok(())
    }

    /// Ends it: the file is whole. Waits until the browser has taken every piece.
    ///
    /// # Errors
    ///
    /// [`StreamProblem`]; the browser then shows a download that failed.
    ///
    /// # Cancel safety
    ///
    /// A dropped call may have ended it either way.
    pub async fn finish(&mut self) -> Result<(), StreamProblem> {
        if self.finished {
            return Ok(());
        }
        if self.size.is_some_and(|size| size != self.sent) {
            return Err(StreamProblem::Changed);
        }
        // It asks once it holds nothing more.
        self.until(|told| told.wanted).await?;
        self.post(&"end".into())?;
        self.until(|told| told.ended).await?;
        self.finished = true;
        self.beat = None;
        Ok(())
    }

    fn post(&self, message: &JsValue) -> Result<(), StreamProblem> {
        let posted = self.port.post_message(message);
        posted.map_err(|_| StreamProblem::Gone)
    }

    /// Waits for what the other end says.
    async fn until(&self, holds: impl Fn(&Told) -> bool) -> Result<(), StreamProblem> {
        poll_fn(|context| {
            let mut told = self.told.borrow_mut();
            if holds(&told) && told.problem.is_none() {
                return Poll::Ready(Ok(()));
            }
            if let Some(problem) = told.problem {
                return Poll::Ready(Err(problem));
            }
            told.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

impl Drop for LocalStream {
    fn drop(&mut self) {
        if !self.finished {
            // Where nobody hears it, there is nothing to end.
            let _ = self.port.post_message(&"abort".into());
        }
        self.port.set_onmessage(None);
        let close = self.close.as_ref().unchecked_ref();
        let removed = self
            .port
            .remove_event_listener_with_callback("close", close);
        debug_assert!(removed.is_ok());
        self.port.close();
    }
}

/// Says that we are there, for as long as it runs, and notices when nobody answers.
async fn beat(port: MessagePort, told: Rc<RefCell<Told>>) {
    loop {
        sleep(BEAT).await;
        let mut told = told.borrow_mut();
        told.silent += 1;
        if told.silent > SILENT_BEATS || port.post_message(&"alive".into()).is_err() {
            told.fail(StreamProblem::Gone);
            return;
        }
    }
}
